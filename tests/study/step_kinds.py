"""Step kinds that do next to nothing, for tests of what plans and runs steps."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from crosstune.errors import DataError
from crosstune.records import Requirement
from crosstune.study import Plan, Resources, Step, StepContext, StepKind


@dataclass(frozen=True)
class Write:
    """``log`` is a file that gets a line per run; ``resources`` are not part of the key here."""

    text: str
    log: str
    requirements: tuple[Requirement, ...] = ()
    resources: Resources | None = None


def write(settings: Write, context: StepContext) -> Mapping[str, Any]:
    """Write the text and, below it, what the inputs wrote."""
    with Path(settings.log).open("a") as log:
        log.write(settings.text + "\n")
    below = [(context.inputs[role] / "text").read_text() for role in sorted(context.inputs)]
    (context.out / "text").write_text("\n".join([settings.text, *below]))
    context.progress(1, 1)
    return {"length": len(settings.text)}


def refuse(_settings: Write, _context: StepContext) -> Mapping[str, Any]:
    raise DataError("data.jsonl:3: not JSON")


def crash(_settings: Write, _context: StepContext) -> Mapping[str, Any]:
    raise ZeroDivisionError("an unexpected error")


def die(settings: Write, context: StepContext) -> Mapping[str, Any]:
    """Be killed the first time or, with ``always`` as the text, every time."""
    mark = context.work / "died"
    if settings.text == "always" or not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return write(settings, context)


def fill(_settings: Write, _context: StepContext) -> Mapping[str, Any]:
    Path("/dev/full").write_text("a full disk", "utf-8")
    return {}


def sleep(_settings: Write, context: StepContext) -> Mapping[str, Any]:
    (context.work / "here").touch()
    time.sleep(60)
    return {}


def borrow(settings: Write, context: StepContext) -> Mapping[str, Any]:
    """Wait until the step is lent the cores that ``text`` names, one count after another."""
    expected = [int(each) for each in settings.text.split()]
    seen: list[int] = []
    until = time.monotonic() + 60
    while seen != expected and time.monotonic() < until:
        if context.lent() == expected[len(seen)]:
            seen.append(context.lent())
            Path(settings.log, str(len(seen))).touch()
        time.sleep(0.01)
    return {"cores": context.cores, "lent": seen}


def await_file(settings: Write, _context: StepContext) -> Mapping[str, Any]:
    until = time.monotonic() + 60
    while not Path(settings.log, settings.text).exists() and time.monotonic() < until:
        time.sleep(0.01)
    return {}


def observe(_settings: Write, context: StepContext) -> Mapping[str, Any]:
    """Report what was granted."""
    gpus = os.environ.get("CUDA_VISIBLE_DEVICES", "")
    return {"cores": context.cores, "gpus": gpus, "process": os.getpid()}


def _nothing(_study: Any, _options: Any) -> Iterable[Any]:
    return ()


def _requirements(settings: Write) -> Iterable[Requirement]:
    return settings.requirements


def _resources(settings: Write) -> Resources:
    return settings.resources or Resources()


def _kind(name: str, run: Callable[[Write, StepContext], Mapping[str, Any]]) -> StepKind:
    return StepKind(
        name=name, version=1, plan=_nothing, run=run, requirements=_requirements, resources=_resources
    )


WRITE = _kind("write", write)
REFUSE = _kind("refuse", refuse)
CRASH = _kind("crash", crash)
DIE = _kind("die", die)
FILL = _kind("fill", fill)
SLEEP = _kind("sleep", sleep)
OBSERVE = _kind("observe", observe)
BORROW = _kind("borrow", borrow)
AWAIT_FILE = _kind("await", await_file)


def step(name: str, kind: StepKind, settings: Write, *before: Step) -> Step:
    inputs = {f"part {number}": each for number, each in enumerate(before, 1)}
    return Step(name, kind, settings, inputs, plain_settings={"text": settings.text})


def plan(*steps: Step) -> Plan:
    return Plan(cast("Any", None), steps)
