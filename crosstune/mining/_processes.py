"""Mine in several processes: this process and workers take tasks from one queue."""

from __future__ import annotations

import contextlib
import functools
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from crosstune import stopping
from crosstune.errors import Incomplete
from crosstune.mining._profile import Profile
from crosstune.mining.repository._git import Repository
from crosstune.mining.repository._log import Change
from crosstune.mining.stages._stage import Dropped, Stage, run_here

MIN_CHANGES = 1000
"""A stage with fewer changes is not worth splitting over processes."""
SHARES_PER_PROCESS = 4
"""Several small shares per process keep the wait for the slowest share short."""


class _Task:
    def __init__(self, remote: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        self.remote, self.arguments = remote, arguments
        self.result: Future[Any] = Future()

    def execute(self, work: Callable[..., Any]) -> None:
        try:
            self.result.set_result(work(*self.arguments))
        except BaseException as error:  # noqa: BLE001 (raised where the result is read)
            self.result.set_exception(error)


class TaskPool:
    """Runs tasks in this process and in the executor's processes.

    A task running in this process may add subtasks, which go to the front of the queue. Once no whole
    repository is left, the other processes thus take shares of the repository being mined here.
    """

    def __init__(self, executor: ProcessPoolExecutor, executor_processes: int) -> None:
        self.size = executor_processes + 1
        self._executor = executor
        self._queue: deque[_Task] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._threads = [
            threading.Thread(target=self._feed_process, daemon=True) for _ in range(executor_processes)
        ]
        for thread in self._threads:
            thread.start()

    def run(
        self,
        remote: Callable[..., Any],
        arguments: Sequence[tuple[Any, ...]],
        local: Callable[..., Any],
        on_done: Callable[[], None] = lambda: None,
    ) -> list[Any]:
        """Call ``remote`` in another process, or ``local`` in this one, with each of the ``arguments``.

        Tasks start, and results are returned, in the order of the arguments. ``on_done`` is called after
        each task, in any thread.
        """
        tasks = [_Task(remote, each) for each in arguments]
        for task in tasks:
            task.result.add_done_callback(lambda _: on_done())
        with self._changed:
            self._queue.extendleft(reversed(tasks))
            self._changed.notify_all()
        while task_here := self._take(tasks):
            task_here.execute(local)
            task_here.result.result()  # raises the task's exception or interruption at once
        return [task.result.result() for task in tasks]

    def run_stage(
        self, stage: Stage, repository: Repository, profile: Profile, changes: Sequence[Change]
    ) -> tuple[list[Any], list[Dropped]]:
        """Run the stage over shares of consecutive changes and join the results in order."""
        if len(changes) < MIN_CHANGES:
            return run_here(stage, repository, profile, changes)
        size = -(-len(changes) // (self.size * SHARES_PER_PROCESS))
        shares = [
            (repository, profile, changes[start : start + size]) for start in range(0, len(changes), size)
        ]
        kept: list[Any] = []
        dropped: list[Dropped] = []
        for share_kept, share_dropped in self.run(stage, shares, stage):
            kept += share_kept
            dropped += share_dropped
        return kept, dropped

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._queue.clear()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _take(self, tasks: Sequence[_Task]) -> _Task | None:
        """The next of these tasks that has not started."""
        with self._changed:
            task = next((task for task in self._queue if task in tasks), None)
            if task:
                self._queue.remove(task)
            return task

    def _feed_process(self) -> None:
        """Pass tasks from the queue to another process, one at a time."""
        while task := self._next():
            task.execute(functools.partial(self._in_process, task.remote))

    def _in_process(self, remote: Callable[..., Any], *arguments: Any) -> Any:
        with stopping.blocked():  # it may start a process
            future = self._executor.submit(_work, remote, *arguments)
        return future.result()

    def _next(self) -> _Task | None:
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._closed)
            return None if self._closed else self._queue.popleft()


def _work(remote: Callable[..., Any], *arguments: Any) -> Any:
    with stopping.task():
        return remote(*arguments)


def _start() -> None:
    """Prepare a worker. Its parent is the fork server, which lives as long as its workers: so it also watches
    the process that the pool belongs to."""
    stopping.as_worker()
    threading.Thread(target=_end_with_pool, daemon=True).start()


def _end_with_pool() -> None:
    owner = multiprocessing.parent_process()
    assert owner
    owner.join()
    os._exit(1)


@contextlib.contextmanager
def task_pool(workers: int) -> Iterator[TaskPool]:
    """A pool of this process and ``workers - 1`` more, forked from a server that has imported mining.

    Raises:
        Incomplete: a process was killed.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["crosstune.mining._one_repository"])
    with ProcessPoolExecutor(max(1, workers - 1), mp_context=context, initializer=_start) as executor:
        pool = TaskPool(executor, workers - 1)
        try:
            yield pool
        except BrokenProcessPool:
            raise Incomplete(
                "a mining process was killed (out of memory?); run it again: finished repositories are kept"
            ) from None
        except BaseException:
            # Their threads here wait for them. Public from Python 3.14 on.
            processes = list((executor._processes or {}).values())  # noqa: SLF001
            stopping.end_workers(process.pid for process in processes if process.pid)
            raise
        finally:
            pool.close()
