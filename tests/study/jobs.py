"""Steps that do next to nothing, for tests of what runs them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, cast

from crosstune.errors import DataError
from crosstune.records import Requirement
from crosstune.study import Plan, Step
from crosstune.study._steps import Desk, Job


@dataclass(frozen=True)
class Write:
    """Writes its text and, below it, what its inputs wrote; tells ``log`` that it ran."""

    kind: ClassVar[str] = "write"
    version: ClassVar[int] = 1
    text: str
    log: str

    def run(self, desk: Desk) -> Mapping[str, Any]:
        with Path(self.log).open("a") as log:
            log.write(self.text + "\n")
        below = [(desk.inputs[role] / "text").read_text() for role in sorted(desk.inputs)]
        (desk.out / "text").write_text("\n".join([self.text, *below]))
        desk.progress(1, 1)
        return {"length": len(self.text)}


@dataclass(frozen=True)
class Refuse(Write):
    kind: ClassVar[str] = "refuse"

    def run(self, desk: Desk) -> Mapping[str, Any]:
        raise DataError("data.jsonl:3: not JSON")


@dataclass(frozen=True)
class Break(Write):
    kind: ClassVar[str] = "break"

    def run(self, desk: Desk) -> Mapping[str, Any]:
        raise ZeroDivisionError("nobody foresaw this")


@dataclass(frozen=True)
class Die(Write):
    """Killed the first time or, with ``always`` as its text, every time."""

    kind: ClassVar[str] = "die"

    def run(self, desk: Desk) -> Mapping[str, Any]:
        mark = desk.work / "died"
        if self.text == "always" or not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().run(desk)


@dataclass(frozen=True)
class Sleep(Write):
    kind: ClassVar[str] = "sleep"

    def run(self, desk: Desk) -> Mapping[str, Any]:
        (desk.work / "here").touch()
        time.sleep(60)
        return {}


def step(name: str, job: Write, *before: Step, requirements: tuple[Requirement, ...] = ()) -> Step:
    inputs = {f"part {number}": each for number, each in enumerate(before, 1)}
    return Step(name, cast("Job", job), inputs, requirements, {"text": job.text})


def plan(*steps: Step) -> Plan:
    return Plan(cast("Any", None), steps, {}, {}, ())
