"""How far a run's steps are, for other processes to read: ``under-way.json`` in the study's folder."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from crosstune.files import write_json
from crosstune.study._plan import Step
from crosstune.study._state import Listener, StepState

_SECONDS = 2.0
"""Between two writes: whoever looks does so by hand."""


@dataclass(frozen=True)
class Progress:
    """``total`` is 0 until a step has said how much there is to do; ``began`` is a Unix time."""

    began: float
    done: int = 0
    total: int = 0


class UnderWay:
    """A `Listener` that passes every event on and keeps the running steps in a file till its context ends."""

    def __init__(self, listener: Listener, path: Path) -> None:
        self.listener, self.path = listener, path
        self.steps: dict[str, Progress] = {}
        self.written = 0.0

    def __enter__(self) -> Self:
        self.path.unlink(missing_ok=True)  # that of a run that was killed
        return self

    def __exit__(self, *_: object) -> None:
        self.path.unlink(missing_ok=True)

    def changed(self, step: Step, state: StepState, message: str = "", seconds: float = 0.0) -> None:
        self.listener.changed(step, state, message, seconds)
        if state is StepState.RUNNING:
            self.steps[step.name] = Progress(time.time())
        else:
            self.steps.pop(step.name, None)
        self._write()

    def advanced(self, step: Step, done: int, total: int) -> None:
        self.listener.advanced(step, done, total)
        if step.name in self.steps:
            self.steps[step.name] = Progress(self.steps[step.name].began, done, total)
            if time.monotonic() - self.written >= _SECONDS:
                self._write()

    def _write(self) -> None:
        self.written = time.monotonic()
        with suppress(OSError):  # whatever else is written will say that the disk is full
            write_json(self.path, {name: asdict(each) for name, each in self.steps.items()})


def under_way(path: Path) -> Mapping[str, Progress]:
    """The running steps by name, as their run wrote them last; none if there is no such file."""
    try:
        return {name: Progress(**each) for name, each in json.loads(path.read_text()).items()}
    except (FileNotFoundError, ValueError, TypeError):
        return {}
