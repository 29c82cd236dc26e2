"""One batch of questions on its way: concurrency, retries, waits, the budget, and when to give up."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator, Sequence

from crosstune.errors import CrosstuneError, Incomplete, ServiceError
from crosstune.llm._attempt import Caller
from crosstune.llm._budget import Budget, BudgetSpent
from crosstune.llm._exchange import FailedRequest, Request, Response, Usage, bound
from crosstune.llm._journal import Journal
from crosstune.llm._reading import Failed, Said
from crosstune.llm._settings import Server

PATIENCE = 8
"""Questions that fail in a row, each after all its attempts, before the server counts as down."""
TOLD_WAITS = 20
"""How often, for one question, a server that says when to come back is believed without it counting
as a failed attempt: under a rate limit the questions in flight win their turns one by one."""

Asked = tuple[str, Request]
"""A question with its key."""


class Round:
    """Asks each question until it is settled, and tells `tell` of each as it comes."""

    def __init__(
        self,
        server: Server,
        caller: Caller,
        budget: Budget,
        journal: Journal | None,
        tell: Callable[[Response | FailedRequest], None],
    ) -> None:
        self._server, self._caller, self._purse = server, caller, budget
        self._journal, self._tell = journal, tell
        self._halted: CrosstuneError | None = None
        self._stop = asyncio.Event()
        self._not_before = 0.0
        self._answers = self._in_a_row = 0

    async def run(self, asked: Sequence[Asked]) -> None:
        """
        Raises:
            Incomplete: the budget is spent, or an answer could not be kept.
            ServiceError: the server is down, or refuses everything.
        """
        questions = iter(asked)
        async with self._caller, asyncio.TaskGroup() as group:
            for _ in range(min(self._server.concurrency, len(asked))):
                group.create_task(self._work(questions))
        if self._halted:
            raise self._halted

    async def _work(self, questions: Iterator[Asked]) -> None:
        for key, request in questions:
            outcome = await self._settle(key, request)
            if outcome is not None:
                try:
                    if self._journal:
                        self._journal.add(outcome)
                except Incomplete as error:
                    self._halt(error)
                    return
                self._tell(outcome)
                self._judge(outcome)
            if self._stop.is_set():
                return

    def _halt(self, error: CrosstuneError) -> None:
        self._halted = self._halted or error
        self._stop.set()

    def _judge(self, outcome: Response | FailedRequest) -> None:
        """Counts what comes in, and stops where nothing good can be expected."""
        if isinstance(outcome, Response):
            self._answers += 1
            self._in_a_row = 0
            return
        if outcome.final and self._answers:
            return  # this one question was refused; others were not
        self._in_a_row += 1
        if self._in_a_row >= PATIENCE:
            last = f"{outcome.kind}: {outcome.detail}"
            count = f"{self._in_a_row} questions in a row got no usable answer"
            self._halt(ServiceError(f"{self._server.url}: {count}; the last: {last}"))

    async def _settle(self, key: str, request: Request) -> Response | FailedRequest | None:
        """The answer, or the fault that stayed; None where it was stopped before it was asked."""
        attempts = told_waits = 0
        wasted, last, until = Usage(), None, 0.0
        while await self._pause(until):
            try:
                said = await self._attempt(request)
            except Failed as failed:
                last, wasted = failed, wasted + failed.cost
            except (BudgetSpent, ServiceError) as error:
                self._halt(error if isinstance(error, ServiceError) else self._spent())
                break
            else:
                return Response(
                    key, said.text, said.finish_reason, attempts + told_waits + 1, said.usage, wasted
                )
            attempts += 1
            if last.wait and told_waits < TOLD_WAITS:
                told_waits += 1
                attempts -= 1
            if not last.passing or attempts >= self._server.attempts:
                break
            if last.wait > self._server.longest_wait_seconds:
                last.detail += f" (the server asks to wait {last.wait:g} s)"
                break
            until = self._next_time(last, attempts)
        if last is None:
            return None
        final = not last.passing or (last.kind == "empty content" and not self._stop.is_set())
        return FailedRequest(key, last.kind, last.detail, final, attempts + told_waits, wasted)

    def _spent(self) -> Incomplete:
        return Incomplete(f"the budget does not cover another question: {self._purse.report()}")

    async def _attempt(self, request: Request) -> Said:
        most = bound(request)
        await self._purse.hold(most)
        cost = most  # what a cancelled attempt may have cost
        try:
            said = await self._caller.attempt(request)
            cost = said.usage
        except Failed as failed:
            cost = failed.cost
            raise
        except ServiceError:
            cost = Usage()
            raise
        finally:
            await self._purse.settle(most, cost)
        return said

    def _next_time(self, failed: Failed, attempts: int) -> float:
        """When to ask again, by the loop's clock. What the server asks for holds for all questions."""
        now = asyncio.get_running_loop().time()
        if failed.wait:
            self._not_before = max(self._not_before, now + failed.wait)
            return self._not_before
        doubled = self._server.first_wait_seconds * 2.0 ** min(attempts - 1, 30)
        return now + min(doubled, self._server.longest_wait_seconds) * random.uniform(0.75, 1)

    async def _pause(self, until: float) -> bool:
        """Waits until then, and as long as the server asked all to wait; False once all is stopped."""
        clock = asyncio.get_running_loop()
        while not self._stop.is_set() and (left := max(until, self._not_before) - clock.time()) > 0:
            try:
                await asyncio.wait_for(self._stop.wait(), left)
            except TimeoutError:
                continue
        return not self._stop.is_set()
