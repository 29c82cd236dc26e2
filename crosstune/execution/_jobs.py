"""The threads of a judge: each piece of work is done once for all that wait for it, and can be given up."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from crosstune.execution._work import Work

_Result = TypeVar("_Result")


@dataclass
class _Pending:
    """A pending result, how many callers wait for it, and the thread that works on it."""

    key: bytes
    future: Future[Any] = field(init=False)
    callers: int = 0
    work: Work | None = None


class Jobs:
    """``workers`` threads and what they have to do."""

    def __init__(self, workers: int) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="judge")
        self._ending = threading.Event()
        self._lock = threading.Lock()
        self._by_key: dict[bytes, _Pending] = {}
        self._by_future: dict[Future[Any], _Pending] = {}
        self._own = threading.local()
        self._works: list[Work] = []

    def submit(self, key: bytes, work: Callable[[], _Result]) -> Future[_Result]:
        """Start ``work``, unless what has the same key is waiting or being done already."""
        with self._lock:
            if key not in self._by_key:
                pending = _Pending(key)
                pending.future = self._pool.submit(self._done, pending, work)
                self._by_key[key] = self._by_future[pending.future] = pending
            awaited = self._by_key[key]
            awaited.callers += 1
            return awaited.future

    def run(self, work: Callable[[], _Result]) -> _Result:
        """Do something on one of the threads, and wait for it."""
        return self._pool.submit(work).result()

    def abandon(self, future: Future[Any]) -> None:
        """Give up one caller's wait. Without callers, work is not begun or, if it runs, stopped."""
        with self._lock:
            awaited = self._by_future.get(future)
            if awaited is None:
                return
            awaited.callers -= 1
            if awaited.callers:
                return
            self._forget(awaited)  # so that the next caller gets a new run
            future.cancel()
            work = awaited.work
        if work:
            work.stop(awaited)

    def own(self) -> Work:
        """What the calling thread, one of these, is doing."""
        if "work" not in self._own.__dict__:
            self._own.work = Work(self._ending)
            with self._lock:
                self._works.append(self._own.work)
        work: Work = self._own.work
        return work

    def stop(self) -> None:
        """End everything; the results are discarded."""
        self._ending.set()
        with self._lock:
            works = list(self._works)
        for work in works:
            work.stop_runners()

    def close(self) -> None:
        """Wait for what is running; what has not begun is cancelled."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _done(self, pending: _Pending, work: Callable[[], _Result]) -> _Result:
        """
        Raises:
            CancelledError: nobody waits for the result any more.
        """
        own = self.own()
        try:
            with own.on(pending):
                with self._lock:
                    if pending.future not in self._by_future:  # abandoned after it left the queue
                        raise CancelledError
                    pending.work = own
                return work()
        finally:
            with self._lock:
                self._forget(pending)

    def _forget(self, pending: _Pending) -> None:
        if self._by_future.pop(pending.future, None):
            del self._by_key[pending.key]
