"""The judge behind a bounded and fair queue."""

from __future__ import annotations

import asyncio
import functools
import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from crosstune.errors import PrerequisiteError
from crosstune.execution import Ended, Executed, Execution, Judge, async_result, unjudged
from crosstune.records import Program, Status, Verdict
from crosstune.serving._metrics import Metrics
from crosstune.serving._settings import ServerSettings
from crosstune.serving._turns import Turns

_Result = TypeVar("_Result")

_LONGEST_RETRY_SECONDS = 60
_USUAL_SECONDS = 0.5
_WEIGHT = 0.05
"""The share of the last program in the mean time of a program."""


class Refused(Exception):
    """A request that is not taken now; it may come again after ``retry_seconds``."""

    def __init__(self, why: str, retry_seconds: int, status: int) -> None:
        self.retry_seconds, self.status = retry_seconds, status
        super().__init__(why)


class TooMany(Exception):
    """A request has more programs than any may have."""


class Service:
    """Judges and runs programs for any number of requests. For one event loop."""

    def __init__(self, judge: Judge, settings: ServerSettings) -> None:
        self.judge, self.settings, self.metrics = judge, settings, Metrics()
        self.draining = False
        self.metrics.workers.set(settings.workers)
        self._turns = Turns(settings.workers)
        self._accepted = 0
        self._seconds = _USUAL_SECONDS
        self._submitters = ThreadPoolExecutor(1, thread_name_prefix="submit")

    @property
    def running(self) -> int:
        return self._turns.running

    @property
    def waiting(self) -> int:
        return self._accepted - self._turns.running

    async def verdicts(
        self, programs: Sequence[Program], deadline_seconds: float | None = None
    ) -> list[Verdict]:
        """A verdict for each program. One that has none at the deadline is given up, and its verdict is
        ``harness_error``, as is that of a program whose tools are missing.

        Raises:
            Refused, TooMany: nothing of the request was begun.
        """

        def lacking(why: str, program: Program) -> Verdict:
            return unjudged(program, why)

        verdicts = await self._all(programs, self.judge.submit, lacking, deadline_seconds)
        for program, verdict in zip(programs, verdicts, strict=True):
            self._count(program.language, verdict.status, verdict.cpu_seconds)
        return verdicts

    async def executions(
        self, asked: Sequence[Execution], deadline_seconds: float | None = None
    ) -> list[Executed]:
        """Run whole programs; see `verdicts`."""

        def lacking(why: str, _: Execution) -> Executed:
            return Executed(build=Ended(status=Status.HARNESS_ERROR, stderr=why))

        done = await self._all(asked, self.judge.execute, lacking, deadline_seconds)
        for execution, each in zip(asked, done, strict=True):
            last = each.run or each.build
            self._count(
                execution.language,
                last.status,
                each.build.cpu_seconds + (each.run or Ended(status=last.status)).cpu_seconds,
            )
        return done

    async def in_thread(self, work: Callable[[], _Result]) -> _Result:
        """Do something that would block the event loop, one after another."""
        return await asyncio.get_running_loop().run_in_executor(self._submitters, work)

    def drain(self) -> None:
        """Take no more requests."""
        self.draining = True

    def close(self) -> None:
        self._submitters.shutdown(wait=False, cancel_futures=True)

    async def _all(
        self,
        asked: Sequence[_Asked],
        submit: Callable[[_Asked], Future[_Result]],
        lacking: Callable[[str, _Asked], _Result],
        deadline_seconds: float | None,
    ) -> list[_Result]:
        self._accept(len(asked))
        request = object()
        tasks = [asyncio.ensure_future(self._one(request, submit, lacking, each)) for each in asked]
        seconds = min(deadline_seconds or math.inf, self.settings.deadline_seconds)
        try:
            await asyncio.wait(tasks, timeout=seconds)
        finally:
            late = [task for task in tasks if not task.done()]
            for task in late:
                task.cancel()
            self.metrics.abandoned.inc(len(late))
            if late:
                await asyncio.wait(late)
        for task in tasks:
            if not task.cancelled():
                task.exception()  # asyncio prints those that nobody has looked at; the first is raised below
        why = f"not run: the deadline of {seconds:g} s has passed"
        return [
            lacking(why, each) if task.cancelled() else task.result()
            for each, task in zip(asked, tasks, strict=True)
        ]

    def _accept(self, count: int) -> None:
        """
        Raises:
            Refused: too many programs wait already, or the server is about to end.
            TooMany: they are too many for any request.
        """
        most = self.settings.most_programs
        if self.draining:
            raise Refused("the server is about to end", 1, 503)
        if count > most:
            raise TooMany(f"a request may have {most} programs, this one has {count}: send it in parts")
        if self._accepted + count > most:
            self.metrics.refused.inc(count)
            seconds = math.ceil(self._accepted * self._seconds / self.settings.workers)
            retry = max(1, min(seconds, _LONGEST_RETRY_SECONDS))
            raise Refused(f"{self._accepted} programs wait or run already, of at most {most}", retry, 429)
        self._accepted += count
        self._show()

    async def _one(
        self,
        request: object,
        submit: Callable[[_Asked], Future[_Result]],
        lacking: Callable[[str, _Asked], _Result],
        asked: _Asked,
    ) -> _Result:
        try:
            async with self._turns.turn(request):
                self._show()
                began = time.monotonic()
                result = await self._result(submit, asked)
                self._seconds += _WEIGHT * (time.monotonic() - began - self._seconds)
                return result
        except PrerequisiteError as error:
            return lacking(str(error), asked)
        finally:
            self._accepted -= 1
            self._show()

    async def _result(self, submit: Callable[[_Asked], Future[_Result]], asked: _Asked) -> _Result:
        """Submit in another thread, since that computes digests and may ask tools for their versions."""
        submitting = asyncio.get_running_loop().run_in_executor(self._submitters, submit, asked)
        try:
            future = await asyncio.shield(submitting)
        except asyncio.CancelledError:
            submitting.add_done_callback(functools.partial(_abandon, self.judge))
            raise
        return await async_result(self.judge, future)

    def _show(self) -> None:
        self.metrics.running.set(self._turns.running)
        self.metrics.waiting.set(self.waiting)

    def _count(self, language: str, status: Status, cpu_seconds: float) -> None:
        self.metrics.results.labels(language, str(status)).inc()
        self.metrics.cpu.labels(language).inc(cpu_seconds)


_Asked = TypeVar("_Asked")


def _abandon(judge: Judge, submitting: asyncio.Future[Future[_Result]]) -> None:
    if not submitting.cancelled() and not submitting.exception():
        judge.abandon(submitting.result())
