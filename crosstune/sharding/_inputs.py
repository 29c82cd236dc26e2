"""The inputs of a run: how many there are, a digest of all, and what identifies each of a shard's own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from crosstune.sharding._shard import Shard

_DIGITS = 16
"""How many hex digits of an input's SHA-256 are recorded: 64 bits distinguish the inputs of a run."""


@dataclass(frozen=True, slots=True)
class Item:
    """One input: its id and the start of the SHA-256 of its contents."""

    id: str
    digest: str


@dataclass(frozen=True, slots=True)
class Inputs:
    """``count`` and ``digest`` describe all inputs in their order; ``own`` are those of one shard."""

    count: int
    digest: str
    own: tuple[Item, ...]

    @classmethod
    def of(cls, contents: Iterable[tuple[str, bytes]], shard: Shard) -> Self:
        """``contents`` are all inputs, each with its id (which may be empty for those of other shards)."""
        own, digests, count = list[Item](), hashlib.sha256(), 0
        for position, (name, content) in enumerate(contents):
            digest = hashlib.sha256(content).hexdigest()[:_DIGITS]
            digests.update(digest.encode())
            count += 1
            if position % shard.count == shard.index:
                own.append(Item(name, digest))
        return cls(count, digests.hexdigest(), tuple(own))


def digest_of(items: Iterable[Item]) -> str:
    """The digest of all inputs, from those of each: it is `Inputs.digest` only if none is missing, doubled or
    in another place."""
    return hashlib.sha256("".join(item.digest for item in items).encode()).hexdigest()
