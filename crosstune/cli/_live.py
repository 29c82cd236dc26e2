"""Show the progress of a running study: bars on a terminal; elsewhere a line for each step, and now and then
one for those under way."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from rich.console import Console, Group
from rich.live import Live as Display
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from crosstune.cli._clock import clock
from crosstune.cli._measured import LINE_SECONDS
from crosstune.cli._time_left import TimeLeft
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
        kinds = {step.name: step.kind.name for step in opened.plan.steps}
        took = {name: artifact.seconds for name, artifact in opened.survey().artifacts.items()}
        self.left = TimeLeft(kinds, took, cores)
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
        self.last_line = self.began
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
            self.left.started(step.name)
            return
        if step.name in self.tasks:
            self.steps.remove_task(self.tasks.pop(step.name))
        if state is not StepState.WAITING:
            self.done += 1
            self.left.finished(step.name, seconds if state is StepState.DONE else None)
        if state in MARKS:
            mark, style = MARKS[state]
            took = [f"{seconds:.1f} s"] if state is StepState.DONE else []
            tail = " · ".join(filter(None, [*took, message]))
            count = "" if self.console.is_terminal else f"{self._counted()} "
            self.console.print(
                Text(f"{mark} ", style=style) + Text(f"{count}{step.name}  ") + Text(tail, style="dim"),
                soft_wrap=True,
            )

    def advanced(self, step: Step, done: int, total: int) -> None:
        self.left.advanced(step.name, done, total)
        if step.name in self.tasks:
            self.steps.update(self.tasks[step.name], completed=done, total=total or None)
        now = time.monotonic()
        if not self.console.is_terminal and now - self.last_line >= LINE_SECONDS:
            self.last_line = now
            self.console.print(Text(f"… {self._counted()} {self._under_way()}"), soft_wrap=True)

    def _counted(self) -> str:
        return f"[{self.done}/{self.total}] {self.left.text()}"

    def _under_way(self) -> str:
        """``tune/a 12/40 · judge/a/go 3/164``; a step that has not said how far it is has no count."""
        counts = ((task.description, task.completed, task.total) for task in self.steps.tasks)
        return " · ".join(f"{name} {done:.0f}/{total:.0f}" if total else name for name, done, total in counts)

    def _render(self) -> Group:
        spent = clock(time.monotonic() - self.began)
        return Group(
            self.steps,
            Text(f"  {self.done} of {self.total} steps · {spent} spent · {self.left.text()}", "bold"),
        )
