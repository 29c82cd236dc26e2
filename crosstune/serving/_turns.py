"""Share the judge's workers between requests: each gets its turn, however many programs another has."""

from __future__ import annotations

import asyncio
import collections
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """``count`` turns at once. Requests that wait for one get it in rotation. For one event loop."""

    def __init__(self, count: int) -> None:
        self.running = 0
        self._count = count
        self._waiting: collections.OrderedDict[object, collections.deque[asyncio.Future[None]]] = (
            collections.OrderedDict()
        )

    @asynccontextmanager
    async def turn(self, request: object) -> AsyncIterator[None]:
        """Wait for a turn of ``request``, and have it during this block."""
        await self._take(request)
        try:
            yield
        finally:
            self._give_back()

    async def _take(self, request: object) -> None:
        if self.running < self._count:
            self.running += 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(request, collections.deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # it had just been given
                self._give_back()
            raise

    def _give_back(self) -> None:
        """Pass a turn on to the request that has waited longest for one."""
        while self._waiting:
            request, turns = self._waiting.popitem(last=False)
            turn = turns.popleft()
            if turns:
                self._waiting[request] = turns
            if not turn.done():
                turn.set_result(None)
                return
        self.running -= 1
