"""Count the tokens and money spent, and decide whether the next attempt is affordable."""

from __future__ import annotations

import asyncio

from crosstune.llm._records import Usage
from crosstune.llm._settings import Server


class BudgetSpent(Exception):
    """The next attempt could cost more than is left."""


class Budget:
    """Reserves the maximum cost of each attempt until its real cost is known.

    This process therefore never exceeds the budget, however long the answers are. If a server exceeds the
    limit of tokens, as some do with reasoning, later attempts reserve as much more.
    """

    def __init__(self, server: Server, used: Usage) -> None:
        self._prices, self._limit = server.prices, server.budget
        self.used = used
        self._reserved, self._excess = 0.0, 1.0
        self._changed = asyncio.Condition()

    def cost(self, usage: Usage) -> float | None:
        """The cost of ``usage`` in the currency of the prices; None without prices."""
        if self._prices is None:
            return None
        return self._prices.cost(usage.prompt_tokens, usage.completion_tokens)

    async def reserve(self, maximum: Usage) -> float:
        """Reserve the price of ``maximum``, and return it.

        Waits until it is affordable even if all attempts in flight cost their maximum.

        Raises:
            BudgetSpent: it is not affordable, and no attempt is in flight.
        """
        if self._limit is None:
            return 0.0
        async with self._changed:
            price = self._excess * (self.cost(maximum) or 0.0)
            while (self.cost(self.used) or 0.0) + self._reserved + price > self._limit:
                if not self._reserved:
                    raise BudgetSpent
                await self._changed.wait()
                price = self._excess * (self.cost(maximum) or 0.0)
            self._reserved += price
        return price

    async def settle(self, reserved: float, maximum: Usage, real: Usage) -> None:
        """Release what was ``reserved`` for ``maximum`` and add the ``real`` usage."""
        self.used += real
        if self._limit is None:
            return
        async with self._changed:
            if most := self.cost(maximum):
                self._excess = max(self._excess, (self.cost(real) or 0.0) / most)
            self._reserved = max(0.0, self._reserved - reserved)
            if self._reserved < 1e-12:
                self._reserved = 0.0  # a rounding error must not look like an attempt in flight
            self._changed.notify_all()

    def report(self) -> str:
        """``1,234 prompt and 567 completion tokens, 0.0123 spent of a budget of 5``."""
        text = f"{self.used.prompt_tokens:,} prompt and {self.used.completion_tokens:,} completion tokens"
        if self.used.estimated:
            text += " (an upper bound where the server did not count them)"
        if (spent := self.cost(self.used)) is not None:
            text += f", {spent:.4f} spent"
        if self._limit is not None:
            text += f" of a budget of {self._limit:g}"
        return text
