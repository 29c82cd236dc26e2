"""Where steps run: what the scheduler asks of this machine, or of a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Protocol

from crosstune.study._machine import Allocator, Grant, Machine
from crosstune.study._plan import Step
from crosstune.study._worker import Task, Workers


class StepLost(Exception):
    """The node that ran a step is gone; the message says why. Another one may run it."""


class StepUnfit(Exception):
    """The node lacks what a step needs; the message says what. Another one may have it."""


class Place(Protocol):
    """Divides resources among steps and runs these; all calls come from one thread."""

    def take(self, step: Step) -> Grant | None:
        """Reserve resources for ``step``; None, with nothing reserved, if they are not free now."""
        ...

    def impossible(self, step: Step) -> str:
        """Why the step can never run here; empty if it can, or if that is not known yet."""
        ...

    def share_free_cores(self, started: list[Step], running: list[Step]) -> None:
        """Divide the free cores among the steps that are about to start, and the elastic ones of those that
        run."""
        ...

    def granted(self, name: str) -> Grant: ...

    def release(self, name: str) -> None: ...

    def submit(self, task: Task) -> Future[float]:
        """Run the step; the future's result is its duration in seconds, when it is in the store.

        The future may also raise `BrokenProcessPool`, `StepLost` or `StepUnfit`.
        """
        ...

    def reports(self) -> Iterator[tuple[str, int, int]]:
        """Progress since the last call: step name, done, total."""
        ...

    def finished(self, future: Future[float]) -> None:
        """Clean up after a future."""
        ...

    def close(self) -> None: ...

    def kill(self) -> None:
        """End all steps; the next run repeats them."""
        ...


class Here:
    """This machine: a `Place` with an allocator and worker processes."""

    def __init__(self, machine: Machine, store: Path) -> None:
        self._allocator = Allocator(machine)
        self._workers = Workers(store, machine.cores)
        self.release = self._allocator.release
        self.submit, self.reports = self._workers.submit, self._workers.reports
        self.finished, self.close, self.kill = self._workers.finished, self._workers.close, self._workers.kill

    def take(self, step: Step) -> Grant | None:
        return self._allocator.take(step.name, step.resources)

    def share_free_cores(self, started: list[Step], running: list[Step]) -> None:
        """Elastic steps only borrow, so that no later step waits for them."""
        allocator = self._allocator
        fixed = [each.name for each in started if each.resources.scales and not each.resources.elastic]
        allocator.share_free_cores(fixed)
        allocator.lend_free_cores([each.name for each in (*running, *started) if each.resources.elastic])
        self._workers.lend(allocator.lent)

    def impossible(self, step: Step) -> str:
        del step  # one that asks for more than there is runs alone; what it needs was checked before
        return ""

    def granted(self, name: str) -> Grant:
        return self._allocator.grants[name]
