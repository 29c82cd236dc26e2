"""Show the progress of a running study: bars on a terminal, one line per step elsewhere."""

from __future__ import annotations

import time
from collections import defaultdict
from types import TracebackType
from typing import Self

from rich.console import Console, Group
from rich.live import Live as Display
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from crosstune.study import OpenRun, Step, StepState

MARKS = {
    StepState.DONE: ("✓", "green"),
    StepState.FAILED: ("✗", "red"),
    StepState.MISSING: ("-", "yellow"),
    StepState.BLOCKED: ("-", "yellow"),
}


class Live:
    """A `study.Listener` that prints progress events."""

    def __init__(self, opened: OpenRun, cores: int, console: Console | None = None) -> None:
        self.console = console or Console(stderr=True)
        self.began = time.monotonic()
        self.left = TimeLeft(opened, cores)
        self.total = len(opened.plan.steps)
        self.done = 0
        self.steps = Progress(
            TextColumn("  {task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self.console,
        )
        self.tasks: dict[str, TaskID] = {}
        self.display = Display(console=self.console, refresh_per_second=4, get_renderable=self._render)

    def __enter__(self) -> Self:
        if self.console.is_terminal:
            self.display.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.console.is_terminal:
            self.display.stop()

    def changed(self, step: Step, state: StepState, message: str = "", seconds: float = 0.0) -> None:
        if state is StepState.RUNNING:
            self.tasks[step.name] = self.steps.add_task(step.name, total=None)
            return
        if step.name in self.tasks:
            self.steps.remove_task(self.tasks.pop(step.name))
        if state is not StepState.WAITING:
            self.done += 1
            self.left.finished(step, seconds if state is StepState.DONE else None)
        if state in MARKS:
            mark, style = MARKS[state]
            tail = f"{seconds:.1f} s" if state is StepState.DONE else message
            count = "" if self.console.is_terminal else f"[{self.done}/{self.total}] {self.left.text()} "
            self.console.print(
                Text(f"{mark} ", style=style) + Text(f"{count}{step.name}  ") + Text(tail, style="dim"),
                soft_wrap=True,
            )

    def advanced(self, step: Step, done: int, total: int) -> None:
        if step.name in self.tasks:
            self.steps.update(self.tasks[step.name], completed=done, total=total or None)

    def _render(self) -> Group:
        spent = clock(time.monotonic() - self.began)
        return Group(
            self.steps,
            Text(f"  {self.done} of {self.total} steps · {spent} spent · {self.left.text()}", "bold"),
        )


class TimeLeft:
    """Time left, estimated from how long steps of the same kind took, in this run or earlier."""

    def __init__(self, opened: OpenRun, cores: int) -> None:
        self.cores = cores
        self.waiting = {step.name: step.kind.name for step in opened.plan.steps}
        self.took: dict[str, list[float]] = defaultdict(list)
        for name, artifact in opened.survey().artifacts.items():
            self.took[self.waiting[name]].append(artifact.seconds)

    def finished(self, step: Step, seconds: float | None) -> None:
        self.waiting.pop(step.name, None)
        if seconds is not None:
            self.took[step.kind.name].append(seconds)

    def text(self) -> str:
        """``about 2:10 left``; a lower bound (``over …``) while a step kind has no timing yet."""
        kinds = list(self.waiting.values())
        known = [sum(self.took[kind]) / len(self.took[kind]) for kind in kinds if self.took[kind]]
        if kinds and not known:
            return "time left unknown"
        word = "about" if len(known) == len(kinds) else "over"
        return f"{word} {clock(sum(known) / self.cores)} left"


def clock(seconds: float) -> str:
    """``m:ss``, or ``h:mm:ss`` from an hour on."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
