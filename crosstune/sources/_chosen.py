"""Draws of a fixed number of examples: by rank of a hash, so order and memory do not matter."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable

from crosstune.errors import DataError
from crosstune.records import Example


def chosen(examples: Iterable[Example], count: int, seed: int, what: str) -> list[Example]:
    """The ``count`` examples with the lowest hashes of seed and id: a larger draw holds a smaller one.

    Raises:
        DataError: there are fewer; ``what`` says of what.
    """

    def rank(example: Example) -> bytes:
        return hashlib.sha256(f"{seed}:{example.id}".encode()).digest()

    drawn = heapq.nsmallest(count, examples, key=rank)
    if len(drawn) < count:
        raise DataError(f"{what} are asked for, it has {len(drawn)}")
    return drawn
