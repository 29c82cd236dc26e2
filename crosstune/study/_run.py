"""Runs a plan: steps in worker processes, one a core, each as soon as its inputs stand."""

from __future__ import annotations

import concurrent.futures
import multiprocessing
import os
import signal
import time
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from crosstune.errors import CrosstuneError
from crosstune.records import Requirement
from crosstune.study._plan import Plan, Step
from crosstune.study._steps import Desk, Job
from crosstune.study._store import Artifact, Store

VERDICTS = "verdicts.sqlite"
PROGRESS_EVERY = 0.2
"""Seconds between two reports of one step: more would only keep the parent busy."""


class StepError(Exception):
    """A step failed in a way that nobody foresaw; the message is its traceback."""


class State(StrEnum):
    CACHED = "cached"
    WAITING = "to run"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    MISSING = "missing"
    """Something it needs is not on this machine."""
    BLOCKED = "blocked"
    """A step before it is failed, missing or blocked."""


class Listener(Protocol):
    """Who is told what happens; all calls come from the thread that called `run`."""

    def changed(self, step: Step, state: State, message: str = "", seconds: float = 0.0) -> None: ...

    def advanced(self, step: Step, done: int, total: int) -> None: ...


@dataclass
class Board:
    """Where each step stands, by name."""

    states: dict[str, State] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    artifacts: dict[str, Artifact] = field(default_factory=dict)

    def count(self, *states: State) -> int:
        return sum(state in states for state in self.states.values())

    @property
    def complete(self) -> bool:
        return self.count(State.CACHED, State.DONE) == len(self.states)


def survey(plan: Plan, store: Store) -> Board:
    """Where each step stands before anything runs."""
    board = Board()
    for step in plan.steps:
        try:
            found = store.find(step.kind, step.key)
        except CrosstuneError as error:
            _set(board, step, State.FAILED, str(error))
            continue
        if found:
            board.artifacts[step.name] = found
            _set(board, step, State.CACHED)
        elif step.missing:
            _set(board, step, State.MISSING, "; ".join(map(_said, step.missing)))
        else:
            _set(board, step, *_from_inputs(board, step))
    return board


def _said(requirement: Requirement) -> str:
    return f"{requirement.what} ({requirement.how})" if requirement.how else requirement.what


def _set(board: Board, step: Step, state: State, message: str = "") -> None:
    board.states[step.name] = state
    if message:
        board.messages[step.name] = message


def _from_inputs(board: Board, step: Step) -> tuple[State, str]:
    """WAITING, or BLOCKED with the name of the step that is in the way."""
    for before in step.inputs.values():
        if board.states[before.name] in (State.FAILED, State.MISSING, State.BLOCKED):
            return State.BLOCKED, f"waits for {before.name}"
    return State.WAITING, ""


def run(plan: Plan, store: Store, workers: int, listener: Listener, logs: Path) -> Board:
    """Runs every step that can run; what can't is in the board with the reason.

    A step's own failure stops only what comes after it. A fault of crosstune itself leaves its
    traceback in ``logs``.
    """
    return _Run(plan, store, workers, listener, logs).run()


class _Run:
    def __init__(self, plan: Plan, store: Store, workers: int, listener: Listener, logs: Path) -> None:
        self.plan, self.store, self.workers, self.listener, self.logs = plan, store, workers, listener, logs
        self.board = survey(plan, store)
        self.steps = {step.name: step for step in plan.steps}
        self.running: dict[Future[float], Step] = {}
        self.lost: set[str] = set()
        self.verified: set[str] = set()

    def run(self) -> Board:
        for step in self.plan.steps:
            state = self.board.states[step.name]
            if state is not State.WAITING:
                self.listener.changed(step, state, self.board.messages.get(step.name, ""))
        if not self.board.count(State.WAITING):
            return self.board
        context = multiprocessing.get_context("spawn")
        self.reports: Any = context.Queue()
        while self.board.count(State.WAITING):
            with ProcessPoolExecutor(
                self.workers, context, initializer=_start_worker, initargs=(os.getpid(), self.reports)
            ) as pool:
                try:
                    self._drain(pool)
                except BrokenProcessPool:
                    self._pool_died()
                except BaseException:
                    _kill(pool)
                    raise
        return self.board

    def _drain(self, pool: ProcessPoolExecutor) -> None:
        """Runs steps until none is left that can run."""
        while True:
            for step in self._next():
                self._start(pool, step)
            if not self.running:
                return
            finished, _ = concurrent.futures.wait(
                self.running, timeout=PROGRESS_EVERY, return_when=concurrent.futures.FIRST_COMPLETED
            )
            self._report()
            for future in finished:
                if isinstance(future.exception(), BrokenProcessPool):
                    raise BrokenProcessPool
                self._finish(self.running.pop(future), future)

    def _next(self) -> list[Step]:
        """What to start now. A step that was lost with its process runs alone, so that only the one
        that kills its process is blamed for it."""
        ready = self._ready()
        suspects = [step for step in ready if step.name in self.lost]
        if suspects:
            return [] if self.running else suspects[:1]
        if any(step.name in self.lost for step in self.running.values()):
            return []
        return ready[: self.workers - len(self.running)]

    def _ready(self) -> list[Step]:
        done = (State.CACHED, State.DONE)
        return [
            step
            for step in self.plan.steps
            if self.board.states[step.name] is State.WAITING
            and all(self.board.states[before.name] in done for before in step.inputs.values())
        ]

    def _start(self, pool: ProcessPoolExecutor, step: Step) -> None:
        try:
            inputs = {role: self._verified(before) for role, before in step.inputs.items()}
        except CrosstuneError as error:
            self._fail(step, str(error))
            return
        order = _Order(
            step.name,
            step.key,
            step.job,
            inputs,
            {
                "version": step.job.version,
                "settings": step.settings,
                "inputs": {role: before.key for role, before in step.inputs.items()},
            },
        )
        future = pool.submit(_work, self.store.root, order)
        self.running[future] = step
        self._changed(step, State.RUNNING)

    def _verified(self, step: Step) -> Path:
        artifact = self.board.artifacts[step.name]
        if step.name not in self.verified:
            artifact.verify()
            self.verified.add(step.name)
        return artifact.folder

    def _finish(self, step: Step, future: Future[float]) -> None:
        error = future.exception()
        if error is None:
            found = self.store.find(step.kind, step.key)
            assert found is not None
            self.board.artifacts[step.name] = found
            self._changed(step, State.DONE, seconds=future.result())
        elif isinstance(error, CrosstuneError):
            self._fail(step, str(error))
        else:
            summary = str(error).strip().splitlines()[-1]
            self._fail(step, f"a fault of crosstune itself: {summary}; all of it: {self._log(step, error)}")

    def _log(self, step: Step, error: BaseException) -> Path:
        path = self.logs / f"{step.name.replace('/', '-')}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(str(error), "utf-8")
        return path

    def _fail(self, step: Step, message: str) -> None:
        self._changed(step, State.FAILED, message)
        for other in self.plan.steps:
            if self.board.states[other.name] is State.WAITING:
                state, why = _from_inputs(self.board, other)
                if state is State.BLOCKED:
                    self._changed(other, state, why)

    def _changed(self, step: Step, state: State, message: str = "", seconds: float = 0.0) -> None:
        _set(self.board, step, state, message)
        self.listener.changed(step, state, message, seconds)

    def _report(self) -> None:
        while not self.reports.empty():
            name, done, total = self.reports.get()
            self.listener.advanced(self.steps[name], done, total)

    def _pool_died(self) -> None:
        """A worker was killed, and the pool with it: each lost step gets one more try, then fails."""
        for future, step in self.running.items():
            if future.done() and not isinstance(future.exception(), BrokenProcessPool):
                self._finish(step, future)
            elif step.name in self.lost:
                self._fail(step, "its process was killed twice (out of memory?); nothing else was lost")
            else:
                self.lost.add(step.name)
                self._changed(step, State.WAITING)
        self.running.clear()


def _kill(pool: ProcessPoolExecutor) -> None:
    """Ends the workers at once: what they had not finished is done again next time."""
    pool.shutdown(wait=False, cancel_futures=True)
    for process in list((pool._processes or {}).values()):  # noqa: SLF001  (terminate_workers is 3.14's)
        process.kill()


_reports: Any = None


def _start_worker(parent: int, reports: Any) -> None:
    """One thread for numeric libraries, no interrupts of its own, and death with the parent."""
    global _reports  # noqa: PLW0603  (a pool's initializer has no other way to hand something on)
    _reports = reports
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[variable] = "1"
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    _die_with(parent)


def _die_with(parent: int) -> None:
    import ctypes

    set_death_signal = 1
    ctypes.CDLL(None, use_errno=True).prctl(set_death_signal, signal.SIGKILL)
    if os.getppid() != parent:  # it died before we asked
        os._exit(1)


@dataclass(frozen=True)
class _Order:
    """One step, as it is handed to a worker; ``facts`` go into its manifest."""

    name: str
    key: str
    job: Job
    inputs: Mapping[str, Path]
    facts: Mapping[str, Any]


def _work(root: Path, order: _Order) -> float:
    try:
        return _attempt(Store(root), order)
    except CrosstuneError:
        raise
    except Exception:  # noqa: BLE001  (some libraries' exceptions can't cross processes: their text can)
        raise StepError(traceback.format_exc()) from None


def _attempt(store: Store, order: _Order) -> float:
    began = time.monotonic()
    kind, name, key = order.job.kind, order.name, order.key
    with store.claim(kind, name, key) as (out, work):
        if found := store.find(kind, key):
            return found.seconds  # another study's process made it since this run looked
        desk = Desk(order.inputs, out, work, store.root / VERDICTS, _teller(name))
        metrics = dict(order.job.run(desk))
        seconds = round(time.monotonic() - began, 3)
        store.commit(kind, name, key, {**order.facts, "metrics": metrics, "seconds": seconds})
    return seconds


def _teller(name: str) -> Callable[[int, int], None]:
    last = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= PROGRESS_EVERY or done == total:
            last = now
            _reports.put((name, done, total))

    return tell
