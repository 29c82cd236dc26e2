"""Waits between attempts, on a simulated clock: nothing here really waits."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from typing import Any, Self, cast

import pytest

from crosstune.llm import FailedRequest, Request, Response, Result, Server, Usage
from crosstune.llm._batch import MAX_OWN_WAITS, MAX_REQUESTED_WAITS, Batch
from crosstune.llm._budget import Budget
from crosstune.llm._parsing import AttemptFailed, ParsedResponse


class SimulatedClock(asyncio.SelectorEventLoop):
    """An event loop whose time jumps to the next timer whenever no task is ready."""

    skipped = 0.0

    def time(self) -> float:
        return self.skipped

    def _run_once(self) -> None:
        loop = cast("Any", self)
        if not loop._ready and loop._scheduled:
            self.skipped = max(self.skipped, loop._scheduled[0].when())
        super()._run_once()  # type: ignore[misc]


class FakeTransport:
    """Calls ``act(number)`` for each attempt, numbered from 0, and records the time of each."""

    def __init__(self, act: Callable[[int], ParsedResponse]) -> None:
        self.act = act
        self.times: list[float] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        pass

    def max_usage(self, _request: Request) -> Usage:
        return Usage(1, 1)

    async def attempt(self, _request: Request) -> ParsedResponse:
        self.times.append(asyncio.get_running_loop().time())
        return self.act(len(self.times) - 1)


GOOD = ParsedResponse("good", "stop", Usage(1, 1))


def failing(times: int, wait: float = 0.0, *, throttled: bool = False) -> Callable[[int], ParsedResponse]:
    """Fails so many times with a temporary error, then answers."""

    def act(number: int) -> ParsedResponse:
        if number < times:
            raise AttemptFailed("HTTP 429", "no", temporary=True, wait=wait, throttled=throttled)
        return GOOD

    return act


def run(act: Callable[[int], ParsedResponse], *keys: str, **more: object) -> tuple[list[Result], list[float]]:
    """The results, and the time of each attempt."""
    server = Server.model_validate({"url": "http://localhost/v1", "concurrency": 1, **more})
    transport = FakeTransport(act)
    results: list[Result] = []

    async def main() -> None:
        batch = Batch(server, cast("Any", transport), Budget(server, Usage()), None, results.append)
        await batch.run([(key, Request(key, 5)) for key in keys])

    with asyncio.Runner(loop_factory=SimulatedClock) as runner:
        runner.run(main())
    return results, transport.times


def test_waits_double_up_to_the_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("random.uniform", lambda _low, high: high)
    _, times = run(failing(5), "a", first_wait_seconds=1, longest_wait_seconds=5)
    gaps = [after - before for before, after in itertools.pairwise(times)]
    assert gaps == pytest.approx([1, 2, 4, 5, 5])


def test_a_wait_that_the_server_asks_for_is_not_a_failed_attempt() -> None:
    results, times = run(failing(5, wait=7), "a", attempts=1)
    assert times == pytest.approx([0, 7, 14, 21, 28, 35])
    (response,) = results
    assert isinstance(response, Response)
    assert response.attempts == 6


def test_a_wait_that_the_server_asks_for_delays_all_requests() -> None:
    results, times = run(failing(1, wait=7), "a", "b", "c", concurrency=2)
    assert [isinstance(result, Response) for result in results] == [True, True, True]
    assert times == pytest.approx([0, 7, 7, 7])


def test_a_limit_without_a_time_to_wait_is_waited_for_more_than_a_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("random.uniform", lambda _low, high: high)
    results, times = run(failing(7, throttled=True), "a", attempts=1)
    assert [isinstance(result, Response) for result in results] == [True]
    assert times[-1] == 127
    results, times = run(failing(10**6, throttled=True), "a", attempts=2)
    assert len(times) == MAX_OWN_WAITS + 2
    assert isinstance(results[0], FailedRequest)


def test_a_limit_without_a_time_to_wait_delays_all_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("random.uniform", lambda _low, high: high)
    results, times = run(failing(1, throttled=True), "a", "b", "c", concurrency=2)
    assert [isinstance(result, Response) for result in results] == [True, True, True]
    assert times == pytest.approx([0, 1, 1, 1])


def test_requested_waits_are_limited() -> None:
    results, times = run(failing(10**6, wait=7), "a", attempts=2)
    assert len(times) == MAX_REQUESTED_WAITS + 2
    (failed,) = results
    assert isinstance(failed, FailedRequest)
    assert (failed.attempts, failed.final) == (MAX_REQUESTED_WAITS + 2, False)
