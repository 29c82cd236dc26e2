"""The state of each step of a run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from crosstune.errors import CrosstuneError
from crosstune.records import Requirement
from crosstune.study._plan import Plan, Step
from crosstune.study._store import Artifact, Store


class StepState(StrEnum):
    CACHED = "cached"
    WAITING = "to run"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    MISSING = "missing"
    """A requirement is not met on this machine."""
    BLOCKED = "blocked"
    """A step on which it depends is failed, missing or blocked."""


class Listener(Protocol):
    """Receives progress events; all calls come from the thread that called `run`."""

    def changed(self, step: Step, state: StepState, message: str = "", seconds: float = 0.0) -> None: ...

    def advanced(self, step: Step, done: int, total: int) -> None: ...


@dataclass
class RunState:
    """The state, message and artifact of each step, by name."""

    states: dict[str, StepState] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    artifacts: dict[str, Artifact] = field(default_factory=dict)

    def set(self, step: Step, state: StepState, message: str = "") -> None:
        self.states[step.name] = state
        if message:
            self.messages[step.name] = message

    def count(self, *states: StepState) -> int:
        return sum(state in states for state in self.states.values())

    @property
    def complete(self) -> bool:
        return self.count(StepState.CACHED, StepState.DONE) == len(self.states)

    def finished(self, steps: Iterable[Step]) -> bool:
        return all(self.states[step.name] in (StepState.CACHED, StepState.DONE) for step in steps)

    def from_inputs(self, step: Step) -> tuple[StepState, str]:
        """WAITING, or BLOCKED and the name of the step that blocks it."""
        for before in step.inputs.values():
            if self.states[before.name] in (StepState.FAILED, StepState.MISSING, StepState.BLOCKED):
                return StepState.BLOCKED, f"waits for {before.name}"
        return StepState.WAITING, ""


def survey(plan: Plan, store: Store, *, here: bool = True) -> RunState:
    """The state of each step before anything runs; ``here`` is whether they run on this machine, and so
    whether it has to have what they need."""
    run = RunState()
    for step in plan.steps:
        try:
            artifact = store.find(step.kind.result, step.key)
        except CrosstuneError as error:
            run.set(step, StepState.FAILED, str(error))
            continue
        if artifact:
            run.artifacts[step.name] = artifact
            run.set(step, StepState.CACHED)
        elif here and step.missing:
            run.set(step, StepState.MISSING, "; ".join(map(_sentence, step.missing)))
        else:
            run.set(step, *run.from_inputs(step))
    return run


def _sentence(requirement: Requirement) -> str:
    return f"{requirement.what} ({requirement.how})" if requirement.how else requirement.what
