"""Process a batch of requests: concurrency, retries, waits and the budget; stop if the server is down."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from crosstune.errors import CrosstuneError, Incomplete, ServiceError
from crosstune.llm._budget import Budget, BudgetSpent
from crosstune.llm._journal import Journal
from crosstune.llm._parsing import CONTEXT_OVERFLOW, AttemptFailed, ParsedResponse
from crosstune.llm._records import FailedRequest, Request, Response, Result, Usage
from crosstune.llm._settings import Server
from crosstune.llm._transport import Transport

MAX_CONSECUTIVE_FAILURES = 8
"""The server counts as down after this many requests in a row have failed, each after all its attempts."""
MAX_REQUESTED_WAITS = 20
"""For one request, this many attempts after which the server asked to wait do not count as failed: under a
rate limit, the requests in flight succeed one by one."""
MAX_OWN_WAITS = 7
"""The same where the server has a limit and names no time: waits of 1 to 64 seconds are more than the minute
for which such limits usually are."""

EMPTY_ATTEMPTS = 3
"""After this many empty answers to one request, that is the model's answer."""

KeyedRequest = tuple[str, Request]


class Batch:
    """Sends each request until it has a result, and passes the results to ``on_result`` as they arrive."""

    def __init__(
        self,
        server: Server,
        transport: Transport,
        budget: Budget,
        journal: Journal | None,
        on_result: Callable[[Result], None],
    ) -> None:
        self._server, self._transport, self._budget = server, transport, budget
        self._journal, self._on_result = journal, on_result
        self._error: CrosstuneError | None = None
        self._stopped = asyncio.Event()
        self._not_before = 0.0
        self._responses = self._failures_in_a_row = 0

    async def run(self, requests: Sequence[KeyedRequest]) -> None:
        """Process all requests.

        Raises:
            Incomplete: the budget is spent, or a result could not be stored.
            ServiceError: the server is down, or refuses every request.
        """
        pending = iter(requests)
        async with self._transport, asyncio.TaskGroup() as group:
            for _ in range(min(self._server.concurrency, len(requests))):
                group.create_task(self._work(pending))
        if self._error:
            raise self._error

    async def _work(self, pending: Iterator[KeyedRequest]) -> None:
        for key, request in pending:
            result = await self._process(key, request)
            if result is not None:
                try:
                    if self._journal:
                        self._journal.add(self._stored(result))
                except Incomplete as error:
                    self._stop(error)
                    return
                self._on_result(result)
                self._stop_if_down(result)
            if self._stopped.is_set():
                return

    def _stored(self, result: Result) -> Result:
        """A refusal is not stored as final before the server has answered anything: its settings may be
        wrong, and the next run sends the request again."""
        answers = self._responses or (self._journal and self._journal.has_answers)
        if isinstance(result, Response) or answers or result.kind == CONTEXT_OVERFLOW:
            return result
        return replace(result, final=False)

    def _stop(self, error: CrosstuneError) -> None:
        self._error = self._error or error
        self._stopped.set()

    def _stop_if_down(self, result: Result) -> None:
        """Count failures in a row, and stop if further requests would fail too."""
        if isinstance(result, Response):
            self._responses += 1
            self._failures_in_a_row = 0
            return
        if result.final and (self._responses or result.kind == CONTEXT_OVERFLOW):
            return  # the server refused this request, but answers others
        self._failures_in_a_row += 1
        if self._failures_in_a_row >= MAX_CONSECUTIVE_FAILURES:
            last = f"{result.kind}: {result.detail}"
            count = f"{self._failures_in_a_row} requests in a row failed"
            self._stop(ServiceError(f"{self._server.url}: {count}; the last: {last}"))

    async def _process(self, key: str, request: Request) -> Result | None:
        """The result; None if the batch was stopped before the first attempt."""
        failures, until = _Failures(), 0.0
        while await self._wait(until):
            try:
                parsed = await self._attempt(request)
            except AttemptFailed as failed:
                failures.add(failed)
            except BudgetSpent:
                self._stop(Incomplete(f"the budget does not cover another request: {self._budget.report()}"))
                break
            except ServiceError as error:
                self._stop(error)
                break
            else:
                return failures.response(key, parsed)
            if failures.exhausted(self._server):
                break
            until = self._next_attempt(failures)
        return failures.result(key, stopped=self._stopped.is_set())

    async def _attempt(self, request: Request) -> ParsedResponse:
        maximum = self._transport.max_usage(request)
        reserved = await self._budget.reserve(maximum)
        cost = maximum  # a cancelled attempt may have cost this much
        try:
            parsed = await self._transport.attempt(request)
            cost = parsed.usage
        except AttemptFailed as failed:
            cost = failed.cost
            raise
        except ServiceError:
            cost = Usage()
            raise
        finally:
            await self._budget.settle(reserved, maximum, cost)
        return parsed

    def _next_attempt(self, failures: _Failures) -> float:
        """When to make the next attempt, by the event loop's clock. A wait that the server asks for, or its
        limit of requests, delays all requests."""
        now = asyncio.get_running_loop().time()
        if wait := failures.requested_wait:
            self._not_before = max(self._not_before, now + wait)
            return self._not_before
        doubled = self._server.first_wait_seconds * 2.0 ** min(failures.unasked - 1, 30)
        until = now + min(doubled, self._server.longest_wait_seconds) * random.uniform(0.75, 1)
        if failures.throttled:
            self._not_before = max(self._not_before, until)
        return until

    async def _wait(self, until: float) -> bool:
        """Wait until this time, or longer if the server asked for it; False if the batch was stopped."""
        clock = asyncio.get_running_loop()
        while not self._stopped.is_set() and (left := max(until, self._not_before) - clock.time()) > 0:
            try:
                await asyncio.wait_for(self._stopped.wait(), left)
            except TimeoutError:
                continue
        return not self._stopped.is_set()


@dataclass
class _Failures:
    """The failed attempts at one request; ``requested_waits`` are those after which the server asked to wait,
    ``own_waits`` those at its limit without a time to wait, ``counted`` all others."""

    counted: int = 0
    requested_waits: int = 0
    own_waits: int = 0
    empty: int = 0
    wasted: Usage = field(default_factory=Usage)
    last: AttemptFailed | None = None

    @property
    def attempts(self) -> int:
        return self.unasked + self.requested_waits

    @property
    def unasked(self) -> int:
        """Those after which the server did not ask to wait."""
        return self.counted + self.own_waits

    @property
    def throttled(self) -> bool:
        return self.last is not None and self.last.throttled

    @property
    def requested_wait(self) -> float:
        """Seconds that the server asks to wait; 0 if it does not."""
        return self.last.wait if self.last else 0.0

    def add(self, failed: AttemptFailed) -> None:
        self.last = failed
        self.wasted += failed.cost
        self.empty += failed.empty is not None
        if failed.wait and self.requested_waits < MAX_REQUESTED_WAITS:
            self.requested_waits += 1
        elif failed.throttled and self.own_waits < MAX_OWN_WAITS:
            self.own_waits += 1
        else:
            self.counted += 1

    def exhausted(self, server: Server) -> bool:
        """Whether this run makes no further attempt."""
        if self.last is None:
            return False
        if not self.last.temporary or self.counted >= server.attempts:
            return True
        if self.last.empty and self.empty >= EMPTY_ATTEMPTS:
            return True
        if self.last.wait > server.longest_wait_seconds:
            self.last.detail += f" (the server asks to wait {self.last.wait:g} s)"
            return True
        return False

    def response(self, key: str, parsed: ParsedResponse) -> Response:
        return Response(
            key,
            parsed.text,
            parsed.finish_reason,
            self.attempts + 1,
            parsed.usage,
            self.wasted,
            parsed.reasoning,
        )

    def result(self, key: str, *, stopped: bool) -> Result | None:
        """The request's result; None if no attempt was made. If the last attempt was made, and its answer was
        empty, it is the model's answer."""
        if (last := self.last) is None:
            return None
        if last.empty and not stopped:
            parsed = last.empty
            return Response(key, parsed.text, parsed.finish_reason, self.attempts, Usage(), self.wasted)
        return FailedRequest(key, last.kind, last.detail, not last.temporary, self.attempts, self.wasted)
