"""What was spent, and whether the next attempt may be paid for."""

from __future__ import annotations

import asyncio

from crosstune.llm._exchange import Usage
from crosstune.llm._settings import Server


class BudgetSpent(Exception):
    """The next attempt could cost more than is left."""


class Budget:
    """Holds back the most that each attempt can cost until it is known what it did cost.

    So the budget is never overstepped by what this process asks, whatever the answers' lengths.
    """

    def __init__(self, server: Server, used: Usage) -> None:
        self._prices, self._budget = server.prices, server.budget
        self.used = used
        self._held = 0.0
        self._changed = asyncio.Condition()

    def cost(self, usage: Usage) -> float | None:
        """In the currency of the prices; None without prices."""
        if self._prices is None:
            return None
        return self._prices.cost(usage.prompt_tokens, usage.completion_tokens)

    async def hold(self, most: Usage) -> None:
        """Waits until ``most`` can be paid for whatever the attempts on their way will cost.

        Raises:
            BudgetSpent: it can't, even with nothing on its way.
        """
        if self._budget is None:
            return
        price = self.cost(most) or 0.0
        async with self._changed:
            while (self.cost(self.used) or 0.0) + self._held + price > self._budget:
                if not self._held:
                    raise BudgetSpent
                await self._changed.wait()
            self._held += price

    async def settle(self, most: Usage, real: Usage) -> None:
        """Gives back what `hold` held for ``most`` and books ``real``."""
        self.used += real
        if self._budget is None:
            return
        async with self._changed:
            self._held = max(0.0, self._held - (self.cost(most) or 0.0))
            if self._held < 1e-12:
                self._held = 0.0  # sums of floats must not leave a crumb that reads as an open attempt
            self._changed.notify_all()

    def report(self) -> str:
        """``1,234 prompt and 567 answer tokens, 0.0123 spent of a budget of 5``."""
        text = f"{self.used.prompt_tokens:,} prompt and {self.used.completion_tokens:,} answer tokens"
        if self.used.estimated:
            text += " (where the server did not count: the most it can have been)"
        if (spent := self.cost(self.used)) is not None:
            text += f", {spent:.4f} spent"
        if self._budget is not None:
            text += f" of a budget of {self._budget:g}"
        return text
