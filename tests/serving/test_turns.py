"""Requests share the workers in rotation."""

from __future__ import annotations

import asyncio

from crosstune.serving._turns import Turns


async def _order(asked: str, count: int) -> list[str]:
    """The order in which requests, named by letters, get their turns if all ask in the order of ``asked``."""
    turns, order = Turns(count), list[str]()

    async def one(request: str) -> None:
        async with turns.turn(request):
            order.append(request)
            await asyncio.sleep(0)

    await asyncio.gather(*map(one, asked))
    assert turns.running == 0
    return order


def test_a_small_request_does_not_wait_for_all_of_a_large_one() -> None:
    assert "".join(asyncio.run(_order("aaaab", 1))) == "aabaa"
    assert "".join(asyncio.run(_order("aaaabbc", 1))) == "aabcaba"


def test_turns_at_the_same_time() -> None:
    assert asyncio.run(_order("aaaabb", 3))[:3] == ["a", "a", "a"]


def test_who_gives_up_gets_no_turn_and_keeps_none() -> None:
    async def run() -> None:
        turns = Turns(1)
        go_on = asyncio.Event()

        async def hold(request: str) -> None:
            async with turns.turn(request):
                await go_on.wait()

        holding, waiting, last = (asyncio.ensure_future(hold(each)) for each in "abc")
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])
        assert turns.running == 1
        holding.cancel()  # its turn goes to the last one
        await asyncio.wait([holding])
        given = asyncio.ensure_future(hold("d"))
        await asyncio.sleep(0)
        last.cancel()
        given.cancel()  # when it has just been given the turn, or before
        await asyncio.wait([last, given])
        assert turns.running == 0

    asyncio.run(run())
