"""Progress of long commands: bars on a terminal, a line now and then elsewhere; the time left is measured."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from crosstune.cli._clock import clock
from crosstune.cli._pace import Pace

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

T = TypeVar("T")
LINE_SECONDS = 30.0
"""Between two lines where the output is no terminal."""
_UPDATE_EVERY = 1000
_WIDE = 80
"""Columns from which there is room for more than the numbers."""


class Measured:
    """One task: how much of it is done. Use it as a context manager."""

    def __init__(self, what: str, unit: str, console: Console | None = None) -> None:
        from rich.console import Console as RichConsole
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as Bars

        self.console = console or RichConsole(stderr=True, soft_wrap=True, highlight=False)
        self._what, self._unit = what, unit
        count, times = MofNCompleteColumn(), TextColumn("{task.fields[times]}")
        label, bar = TextColumn("{task.description}"), BarColumn(bar_width=24)
        wide = (label, bar, count, TextColumn("{task.fields[unit]} ·"), times)
        self._bars: Progress = Bars(
            *(wide if self.console.width >= _WIDE else (count, times)),
            console=self.console,
            transient=True,
            disable=not self.console.is_terminal,
        )
        self._task: TaskID = self._bars.add_task(what, total=None, unit=unit, times="")
        self._pace = Pace()
        self._last_line = time.monotonic()

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def __call__(self, done: int, total: int) -> None:
        """A progress callback."""
        now = time.monotonic()
        self._pace.advanced(done, now)
        times = self._times(total, now)
        self._bars.update(self._task, completed=done, total=total or None, times=times)
        if not self.console.is_terminal and now - self._last_line >= LINE_SECONDS:
            self._last_line = now
            count = f"{done:,} of {total:,}" if total else f"{done:,}"
            self.console.print(f"{self._what}: {count} {self._unit} · {times}", markup=False)

    def over(self, items: Iterable[T]) -> Iterator[T]:
        """The items, counted: how many there will be is not known."""
        for number, item in enumerate(items, 1):
            if number % _UPDATE_EVERY == 0:
                self(number, 0)
            yield item

    def _times(self, total: int, now: float) -> str:
        """``1:20 spent, about 3:05 left``."""
        spent, left = clock(self._pace.spent(now)), self._pace.left(total, now) if total else None
        return f"{spent} spent" if left is None else f"{spent} spent, about {clock(left)} left"
