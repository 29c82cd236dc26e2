"""Wait for a judge in an event loop."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from typing import TypeVar

from crosstune.execution._judge import Judge

_Result = TypeVar("_Result")


async def async_result(judge: Judge, future: Future[_Result]) -> _Result:
    """The result of what `Judge.submit` or `Judge.execute` has returned. If the wait is cancelled, it is
    given up, and what nobody else waits for is stopped.

    `asyncio.wrap_future` would cancel it for the others, too.
    """
    loop = asyncio.get_running_loop()
    done = asyncio.Event()

    def wake(_: Future[_Result]) -> None:
        try:
            loop.call_soon_threadsafe(done.set)
        except RuntimeError:  # the loop is closed, and with it all that waits
            return

    future.add_done_callback(wake)
    try:
        await done.wait()
    except asyncio.CancelledError:
        judge.abandon(future)
        raise
    return future.result()
