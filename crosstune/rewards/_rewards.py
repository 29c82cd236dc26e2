"""Judge completions, and return what they are worth."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any

from crosstune.errors import PrerequisiteError, UsageError
from crosstune.execution import Judge, async_result, unjudged
from crosstune.records import Program, Verdict
from crosstune.rewards._completions import completion_text
from crosstune.rewards._credit import Credit, credit_of
from crosstune.rewards._tasks import program_of, task_of


class Rewards:
    """Rewards by a judge, which the caller opens and closes."""

    def __init__(self, judge: Judge, credit: Credit = "all") -> None:
        """
        Raises:
            UsageError: there is no such credit.
        """
        if credit not in ("all", "cases"):
            raise UsageError(f"credit {credit!r}: expected all or cases")
        self._judge, self._credit = judge, credit

    def scores(self, completions: Sequence[Any], tasks: Sequence[Any]) -> list[float | None]:
        """What each completion is worth in its task, from 0 to 1; None where the judge failed.

        A completion is a text or a list of messages; for a task see `task_of`.

        Raises:
            DataError: a completion or a task is malformed.
        """
        awaited = self._submit(completions, tasks)
        return [credit_of(each.verdict(), self._credit) for each in awaited]

    async def async_scores(self, completions: Sequence[Any], tasks: Sequence[Any]) -> list[float | None]:
        """As `scores`, while the event loop goes on. If it is cancelled, what is running is stopped."""
        awaited = await asyncio.to_thread(self._submit, completions, tasks)
        verdicts = await asyncio.gather(*(each.async_verdict() for each in awaited))
        return [credit_of(verdict, self._credit) for verdict in verdicts]

    def _submit(self, completions: Sequence[Any], tasks: Sequence[Any]) -> list[_Awaited]:
        """
        Raises: see `scores`.
        """
        programs = [
            program_of(task_of(task), completion_text(completion))
            for completion, task in zip(completions, tasks, strict=True)
        ]
        return [_Awaited(self._judge, program) for program in programs]


class _Awaited:
    """A verdict that is awaited. A tool that is missing is the judge's failure."""

    def __init__(self, judge: Judge, program: Program) -> None:
        self._judge, self._program = judge, program
        self._future: Future[Verdict] | None = None
        self._error = ""
        try:
            self._future = judge.submit(program)
        except PrerequisiteError as error:
            self._error = str(error)

    def verdict(self) -> Verdict:
        try:
            return self._future.result() if self._future else unjudged(self._program, self._error)
        except PrerequisiteError as error:
            return unjudged(self._program, str(error))

    async def async_verdict(self) -> Verdict:
        if self._future:
            with contextlib.suppress(PrerequisiteError):
                await async_result(self._judge, self._future)
        return self.verdict()
