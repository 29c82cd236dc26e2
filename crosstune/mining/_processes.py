"""Mining in several processes: this one and others take the next task from one queue."""

from __future__ import annotations

import contextlib
import multiprocessing
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from crosstune.errors import Incomplete
from crosstune.mining._findings import Stage, in_one
from crosstune.mining._profile import Profile
from crosstune.mining._stages import Drop
from crosstune.mining.repository._git import Repository
from crosstune.mining.repository._log import Change

LEAST = 1000
"""Fewer changes than this are not worth the way to another process."""
SHARES = 4
"""For each process: one that got the harder half would be waited for."""


class _Task:
    def __init__(self, there: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        self.there, self.arguments = there, arguments
        self.result: Future[Any] = Future()

    def do(self, work: Callable[..., Any]) -> None:
        try:
            self.result.set_result(work(*self.arguments))
        except BaseException as error:  # noqa: BLE001 (whoever asks for the result gets it)
            self.result.set_exception(error)


class Crew:
    """This process and some others. One task here may hand out tasks of its own, which come first: so the
    others take shares of a repository that is still being mined here when they have no repository left."""

    def __init__(self, processes: ProcessPoolExecutor, others: int) -> None:
        self.size = others + 1
        self._processes = processes
        self._queue: deque[_Task] = deque()
        self._change = threading.Condition()
        self._closed = False
        self._threads = [threading.Thread(target=self._serve, daemon=True) for _ in range(others)]
        for thread in self._threads:
            thread.start()

    def run(
        self,
        there: Callable[..., Any],
        arguments: Sequence[tuple[Any, ...]],
        here: Callable[..., Any],
        done: Callable[[], None] = lambda: None,
    ) -> list[Any]:
        """What ``there``, or in this process ``here``, returns for each of the ``arguments``, in their order;
        they are begun in their order as well. ``done`` is called after each, in any thread."""
        tasks = [_Task(there, each) for each in arguments]
        for task in tasks:
            task.result.add_done_callback(lambda _: done())
        with self._change:
            self._queue.extendleft(reversed(tasks))
            self._change.notify_all()
        while mine := self._take(tasks):
            mine.do(here)
            mine.result.result()  # what was raised ends it at once, an interruption as well
        return [task.result.result() for task in tasks]

    def spread(
        self, stage: Stage, repository: Repository, profile: Profile, found: Sequence[Change]
    ) -> tuple[list[Any], list[Drop]]:
        """The stage in shares of neighbours, whose results are put together in their order."""
        if len(found) < LEAST:
            return in_one(stage, repository, profile, found)
        size = -(-len(found) // (self.size * SHARES))
        shares = [(repository, profile, found[at : at + size]) for at in range(0, len(found), size)]
        kept: list[Any] = []
        dropped: list[Drop] = []
        for some, others in self.run(stage, shares, stage):
            kept += some
            dropped += others
        return kept, dropped

    def close(self) -> None:
        with self._change:
            self._closed = True
            self._queue.clear()
            self._change.notify_all()
        for thread in self._threads:
            thread.join()

    def _take(self, tasks: Sequence[_Task]) -> _Task | None:
        """The next of these that nobody has begun."""
        with self._change:
            task = next((task for task in self._queue if task in tasks), None)
            if task:
                self._queue.remove(task)
            return task

    def _serve(self) -> None:
        """Let another process do one task after the other."""
        while task := self._next():
            task.do(lambda *given, there=task.there: self._processes.submit(there, *given).result())

    def _next(self) -> _Task | None:
        with self._change:
            self._change.wait_for(lambda: self._queue or self._closed)
            return None if self._closed else self._queue.popleft()


@contextlib.contextmanager
def crew(workers: int) -> Iterator[Crew]:
    """This process and ``workers - 1`` others, which have imported what they need when they start.

    Raises:
        Incomplete: one of them was killed.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["crosstune.mining._mining"])
    with ProcessPoolExecutor(max(1, workers - 1), mp_context=context) as processes:
        made = Crew(processes, workers - 1)
        try:
            yield made
        except BrokenProcessPool:
            raise Incomplete(
                "a mining process was killed (was memory short?); run it again, what was finished is kept"
            ) from None
        finally:
            made.close()
