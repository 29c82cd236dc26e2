"""Run a plan: each step in a worker process, as soon as its inputs exist and enough resources are free."""

from __future__ import annotations

import concurrent.futures
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from crosstune.errors import CrosstuneError
from crosstune.study._machine import Allocator, Machine
from crosstune.study._plan import Plan, Step
from crosstune.study._state import Listener, RunState, StepState, survey
from crosstune.study._store import Store
from crosstune.study._worker import REPORT_SECONDS, Task, Workers


def run(plan: Plan, store: Store, machine: Machine, listener: Listener, logs: Path) -> RunState:
    """Run every step that can run; the returned state has the reason for each step that did not.

    A step that fails stops only the steps that depend on it. The traceback of an unexpected exception is
    written to ``logs``.
    """
    return _Run(plan, store, machine, listener, logs).run()


class _Run:
    def __init__(self, plan: Plan, store: Store, machine: Machine, listener: Listener, logs: Path) -> None:
        self.plan, self.store, self.listener, self.logs = plan, store, listener, logs
        self.allocator = Allocator(machine)
        self.state = survey(plan, store)
        self.steps = {step.name: step for step in plan.steps}
        self.running: dict[Future[float], Step] = {}
        self.suspects: set[str] = set()
        """Steps whose process was killed once."""
        self.verified: set[str] = set()

    def run(self) -> RunState:
        for step in self.plan.steps:
            state = self.state.states[step.name]
            if state is not StepState.WAITING:
                self.listener.changed(step, state, self.state.messages.get(step.name, ""))
        if self.state.count(StepState.WAITING):
            self.workers = Workers(self.store.root, self.allocator.machine.cores)
            try:
                self._run_all()
            except BaseException:
                self.workers.kill()
                raise
            self.workers.close()
        return self.state

    def _run_all(self) -> None:
        while True:
            for step in self._next():
                self._start(step)
            if not self.running and not self._ready():
                return
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
            if step.key not in chosen and self.allocator.take(step.name, step.resources):
                chosen[step.key] = step
        self.allocator.share_free_cores([step.name for step in chosen.values() if step.resources.scales])
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
        grant = self.allocator.grants[step.name]
        task = Task(step.name, step.key, step.kind, step.settings, inputs, facts, grant)
        self.running[self.workers.submit(task)] = step
        self._change(step, StepState.RUNNING)

    def _verified(self, step: Step) -> Path:
        artifact = self.state.artifacts[step.name]
        if step.name not in self.verified:
            artifact.verify()
            self.verified.add(step.name)
        return artifact.folder

    def _finish(self, step: Step, future: Future[float]) -> None:
        error = future.exception()
        self.workers.finished(future)
        self.allocator.release(step.name)
        if error is None:
            artifact = self.store.find(step.kind.result, step.key)
            assert artifact is not None
            self.state.artifacts[step.name] = artifact
            self.state.set(step, StepState.DONE)
            note = step.kind.note(artifact.metrics)
            self.listener.changed(step, StepState.DONE, note, future.result())
        elif isinstance(error, BrokenProcessPool):
            self._killed(step)
        elif isinstance(error, CrosstuneError):
            self._fail(step, str(error))
        else:
            summary = str(error).strip().splitlines()[-1]
            log = self._log(step, error)
            self._fail(step, f"an error in crosstune itself: {summary}; the traceback is in {log}")

    def _log(self, step: Step, error: BaseException) -> Path:
        path = self.logs / f"{step.name.replace('/', '-')}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(str(error), "utf-8")
        return path

    def _killed(self, step: Step) -> None:
        """A killed worker ends all steps of its pool; each of them gets one more attempt."""
        if step.name in self.suspects:
            self._fail(step, "its process was killed twice (out of memory?); all other results are kept")
        else:
            self.suspects.add(step.name)
            self._change(step, StepState.WAITING)

    def _fail(self, step: Step, message: str) -> None:
        self.allocator.release(step.name)
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
        for name, done, total in self.workers.reports():
            self.listener.advanced(self.steps[name], done, total)
