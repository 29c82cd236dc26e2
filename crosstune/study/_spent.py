"""What a step used beside time: tokens, and money where prices are known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Spent(NamedTuple):
    """``tokens``: of prompts and answers, or of the examples that a model was tuned on. ``cost`` is in the
    currency of the server's prices. None: not counted."""

    tokens: int | None = None
    cost: float | None = None


def spent(metrics: Mapping[str, Any]) -> Spent:
    """Out of a finished step's metrics; of older ones, what they have."""
    if asked := metrics.get("generation"):
        return Spent(asked["prompt_tokens"] + asked["completion_tokens"], asked.get("cost"))
    return Spent(metrics.get("tokens"))
