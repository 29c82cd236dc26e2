"""Worker processes, and how a step runs in one of them."""

from __future__ import annotations

import multiprocessing
import os
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crosstune import stopping
from crosstune.errors import CrosstuneError
from crosstune.files import full_disk_is_incomplete
from crosstune.study._kind import StepContext, StepKind
from crosstune.study._machine import Grant
from crosstune.study._store import Store

VERDICTS = "verdicts.sqlite"
_SLOTS = 1024
"""More steps than ever run at the same time."""
REPORT_SECONDS = 0.2
"""The time between two progress reports of one step."""


class StepError(Exception):
    """A step raised an unexpected exception; the message is its traceback."""


@dataclass(frozen=True)
class Task:
    """One step as sent to a worker; ``facts`` are added to its result's manifest."""

    name: str
    key: str
    kind: StepKind
    settings: Any
    inputs: Mapping[str, Path]
    facts: Mapping[str, Any]
    grant: Grant


class Workers:
    """Worker processes: shared ones, and a separate one for each step that is granted GPUs.

    CUDA reads ``CUDA_VISIBLE_DEVICES`` once per process, so a shared worker could not change GPUs.
    """

    def __init__(self, store: Path, size: int) -> None:
        self._store, self._size = store, size
        self._context = multiprocessing.get_context("spawn")
        self._reports: Any = self._context.Queue()
        self._lent: Any = self._context.RawArray("i", _SLOTS)  # a killed worker could keep a lock
        self._slots: dict[str, int] = {}
        self._shared: ProcessPoolExecutor | None = None
        self._pool_of: dict[Future[float], ProcessPoolExecutor] = {}

    def submit(self, task: Task) -> Future[float]:
        """Run the step in a worker; the future's result is its duration in seconds."""
        if task.grant.gpus:
            return self._submit(self._pool(1, task.grant.gpus), task)
        self._shared = self._shared or self._pool(self._size)
        try:
            return self._submit(self._shared, task)
        except BrokenProcessPool:  # a worker has just died; the futures of its steps have this error
            self._shared = self._pool(self._size)
            return self._submit(self._shared, task)

    def _submit(self, pool: ProcessPoolExecutor, task: Task) -> Future[float]:
        with stopping.blocked():  # it may start a process
            future = pool.submit(work, self._store, task, self._slots.get(task.name))
        self._pool_of[future] = pool
        return future

    def lend(self, cores: Mapping[str, int]) -> None:
        """Say to each of these steps, and to no other, how many cores it may use besides its own."""
        self._slots = {name: slot for name, slot in self._slots.items() if name in cores}
        for name, count in cores.items():
            if name not in self._slots:
                self._slots[name] = next(each for each in range(_SLOTS) if each not in self._slots.values())
            self._lent[self._slots[name]] = count

    def _pool(self, size: int, gpus: tuple[str, ...] = ()) -> ProcessPoolExecutor:
        start = (os.getpid(), self._reports, self._lent, gpus)
        return ProcessPoolExecutor(size, self._context, initializer=_start, initargs=start)

    def reports(self) -> Iterator[tuple[str, int, int]]:
        """Progress since the last call: step name, done, total."""
        while not self._reports.empty():
            yield self._reports.get()

    def finished(self, future: Future[float]) -> None:
        """Clean up after a future: end a step's separate worker, or discard a broken pool."""
        pool = self._pool_of.pop(future)
        if pool is self._shared:
            if not isinstance(future.exception(), BrokenProcessPool):
                return
            self._shared = None
        pool.shutdown(wait=False)

    def close(self) -> None:
        for pool in self._pools():
            pool.shutdown()

    def kill(self) -> None:
        """End all workers and what they have started; the next run repeats their unfinished steps."""
        pools = self._pools()
        # Public from Python 3.14 on.
        pids = [process.pid for pool in pools for process in (pool._processes or {}).values()]  # noqa: SLF001
        for pool in pools:
            pool.shutdown(wait=False, cancel_futures=True)
        stopping.end_workers(filter(None, pids))

    def _pools(self) -> set[ProcessPoolExecutor]:
        return {*self._pool_of.values(), *([self._shared] if self._shared else [])}


_reports: Any = None
_lent: Any = None


def _start(parent: int, reports: Any, lent: Any, gpus: tuple[str, ...]) -> None:
    """Prepare a worker: use one numeric thread, and end with the parent process or by a signal.

    A step that may use more threads sets their number itself, from its settings.
    """
    global _reports, _lent  # a pool's initializer cannot return anything
    _reports, _lent = reports, lent
    for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[variable] = "1"
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    if gpus:
        os.environ["CUDA_VISIBLE_DEVICES"] = ",".join(gpus)
    stopping.as_worker()
    if os.getppid() != parent:  # the parent died before the call
        os._exit(1)


def work(root: Path, task: Task, slot: int | None = None) -> float:
    """Run a step in this process; returns its duration in seconds. ``slot`` says what an elastic one is lent.

    Raises:
        CrosstuneError: an expected failure.
        StepError: any other exception, as text, because some libraries' exceptions cannot be pickled.
    """
    try:
        with stopping.task(), full_disk_is_incomplete(root):
            return _run(Store(root), task, slot)
    except CrosstuneError:
        raise
    except Exception:  # noqa: BLE001  (whatever it is, its traceback is kept)
        raise StepError(traceback.format_exc()) from None


def _run(store: Store, task: Task, slot: int | None) -> float:
    began = time.monotonic()
    result = task.kind.result
    with store.claim(result, task.name, task.key) as (out, work_folder):
        if artifact := store.find(result, task.key):
            return artifact.seconds  # another process has finished it in the meantime
        context = StepContext(
            task.inputs,
            out,
            work_folder,
            verdicts=store.root / VERDICTS,
            progress=_progress(task.name),
            cores=task.grant.cores,
            lent=int if slot is None else lambda: int(_lent[slot]),
        )
        metrics = dict(task.kind.run(task.settings, context))
        seconds = round(time.monotonic() - began, 3)
        store.commit(result, task.name, task.key, {**task.facts, "metrics": metrics, "seconds": seconds})
    return seconds


def _progress(name: str) -> Callable[[int, int], None]:
    last = 0.0

    def report(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= REPORT_SECONDS or done == total:
            last = now
            _reports.put((name, done, total))

    return report
