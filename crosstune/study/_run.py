"""Run a plan: each step as soon as its inputs exist and enough resources are free, here or on a cluster."""

from __future__ import annotations

import concurrent.futures
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from crosstune.errors import CrosstuneError
from crosstune.study._machine import Machine
from crosstune.study._place import Here, Place, StepLost, StepUnfit
from crosstune.study._plan import Plan, Step
from crosstune.study._state import Listener, RunState, StepState, survey
from crosstune.study._store import Store
from crosstune.study._worker import REPORT_SECONDS, Task

TRIES = 3
"""Nodes that may be lost while they run a step; then the step is the likely reason."""


def run(plan: Plan, store: Store, machine: Machine, listener: Listener, logs: Path) -> RunState:
    """Run every step that can run; the returned state has the reason for each step that did not.

    A step that fails stops only the steps that depend on it. The traceback of an unexpected exception is
    written to ``logs``.
    """
    state = survey(plan, store)
    return _Run(plan, store, state, listener, logs).run(lambda: Here(machine, store.root))


def run_there(plan: Plan, store: Store, place: Place, listener: Listener, logs: Path) -> RunState:
    """As `run`, on other machines: these have to have what a step needs."""
    state = survey(plan, store, here=False)
    return _Run(plan, store, state, listener, logs).run(lambda: place)


class _Run:
    place: Place

    def __init__(self, plan: Plan, store: Store, state: RunState, listener: Listener, logs: Path) -> None:
        self.plan, self.store, self.listener, self.logs = plan, store, listener, logs
        self.state = state
        self.steps = {step.name: step for step in plan.steps}
        self.running: dict[Future[float], Step] = {}
        self.losses = Counter[str]()
        """How many nodes were lost with each step."""
        self.suspects: set[str] = set()
        """Steps whose process was killed once."""
        self.verified: set[str] = set()

    def run(self, open_place: Callable[[], Place]) -> RunState:
        for step in self.plan.steps:
            state = self.state.states[step.name]
            if state is not StepState.WAITING:
                self.listener.changed(step, state, self.state.messages.get(step.name, ""))
        if self.state.count(StepState.WAITING):
            self.place = open_place()
            try:
                self._run_all()
            except BaseException:
                self.place.kill()
                raise
            self.place.close()
        return self.state

    def _run_all(self) -> None:
        while True:
            for step in self._next():
                self._start(step)
            if not self.running:
                if not self._ready():
                    return
                time.sleep(REPORT_SECONDS)  # no node is free, or there is none
            finished, _ = concurrent.futures.wait(
                self.running, timeout=REPORT_SECONDS, return_when=concurrent.futures.FIRST_COMPLETED
            )
            self._report()
            for future in finished:
                self._finish(self.running.pop(future), future)

    def _next(self) -> list[Step]:
        """The steps to start now, with their resources reserved.

        A step whose process was killed runs alone the second time: if the process is killed again, the cause
        is this step.
        """
        ready = self._ready()
        suspects = [step for step in ready if step.name in self.suspects]
        if any(step.name in self.suspects for step in self.running.values()) or (suspects and self.running):
            return []
        chosen: dict[str, Step] = {}
        for step in suspects[:1] or ready:
            if why := self.place.impossible(step):
                self._fail(step, why)
            elif step.key not in chosen and self.place.take(step):
                chosen[step.key] = step
        self.place.share_free_cores(list(chosen.values()), list(self.running.values()))
        return list(chosen.values())

    def _ready(self) -> list[Step]:
        """Waiting steps whose inputs are finished, except those with the key of a running step."""
        running = {step.key for step in self.running.values()}
        return [
            step
            for step in self.plan.steps
            if self.state.states[step.name] is StepState.WAITING
            and self.state.finished(step.inputs.values())
            and step.key not in running
        ]

    def _start(self, step: Step) -> None:
        try:
            inputs = {role: self._verified(before) for role, before in step.inputs.items()}
        except CrosstuneError as error:
            self._fail(step, str(error))
            return
        facts = {
            "version": step.kind.version,
            "settings": step.plain_settings,
            "inputs": {role: before.key for role, before in step.inputs.items()},
        }
        grant = self.place.granted(step.name)
        task = Task(step.name, step.key, step.kind, step.settings, inputs, facts, grant)
        self.running[self.place.submit(task)] = step
        self._change(step, StepState.RUNNING)

    def _verified(self, step: Step) -> Path:
        artifact = self.state.artifacts[step.name]
        if step.name not in self.verified:
            artifact.verify()
            self.verified.add(step.name)
        return artifact.folder

    def _finish(self, step: Step, future: Future[float]) -> None:
        error = future.exception()
        self.place.finished(future)
        self.place.release(step.name)
        if error is None:
            artifact = self.store.find(step.kind.result, step.key)
            assert artifact is not None
            self.state.artifacts[step.name] = artifact
            self.state.set(step, StepState.DONE)
            note = step.kind.note(artifact.metrics)
            self.listener.changed(step, StepState.DONE, note, future.result())
        elif isinstance(error, BrokenProcessPool):
            self._killed(step)
        elif isinstance(error, StepLost):
            self._lost(step, str(error))
        elif isinstance(error, StepUnfit):
            self._change(step, StepState.WAITING)  # for another node
        elif isinstance(error, CrosstuneError):
            self._fail(step, str(error))
        else:
            summary = str(error).strip().splitlines()[-1]
            self._fail(step, f"an error in crosstune itself: {summary}; {self._log(step, error)}")

    def _log(self, step: Step, error: BaseException) -> str:
        """Write the traceback; returns where it is."""
        path = self.logs / f"{step.name.replace('/', '-')}.txt"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(str(error), "utf-8")
        except OSError as why:  # it must not stop the other steps
            return f"its traceback cannot be written to {path} ({why.strerror})"
        return f"the traceback is in {path}"

    def _killed(self, step: Step) -> None:
        """A killed worker ends all steps of its pool; each of them gets one more attempt."""
        if step.name in self.suspects:
            self._fail(step, "its process was killed twice (out of memory?); all other results are kept")
        else:
            self.suspects.add(step.name)
            self._change(step, StepState.WAITING)

    def _lost(self, step: Step, why: str) -> None:
        self.losses[step.name] += 1
        if self.losses[step.name] < TRIES:
            self._change(step, StepState.WAITING)
        else:
            self._fail(step, f"{TRIES} nodes were lost with it ({why}); all other results are kept")

    def _fail(self, step: Step, message: str) -> None:
        self.place.release(step.name)
        self._change(step, StepState.FAILED, message)
        for other in self.plan.steps:
            if self.state.states[other.name] is StepState.WAITING:
                state, reason = self.state.from_inputs(other)
                if state is StepState.BLOCKED:
                    self._change(other, state, reason)

    def _change(self, step: Step, state: StepState, message: str = "", seconds: float = 0.0) -> None:
        self.state.set(step, state, message)
        self.listener.changed(step, state, message, seconds)

    def _report(self) -> None:
        for name, done, total in self.place.reports():
            self.listener.advanced(self.steps[name], done, total)
