"""Mixing parts at fixed shares into a corpus of a fixed size, the same way every time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from crosstune.errors import DataError
from crosstune.records import Example


@dataclass(frozen=True, kw_only=True)
class Part:
    """One ingredient. ``share`` counts against the other parts' shares: 3 and 2 are 60 % and 40 %."""

    name: str
    share: float
    examples: Iterable[Example]


@dataclass(frozen=True, slots=True)
class Taken:
    """What a mixture took of a part: ``epochs`` over 1 means that examples stand there repeatedly."""

    name: str
    share: float
    available: int
    taken: int

    @property
    def epochs(self) -> float:
        return self.taken / self.available if self.available else 0.0


@dataclass(frozen=True, slots=True)
class Mixture:
    examples: list[Example]
    taken: list[Taken]


def mix(parts: Sequence[Part], size: int, seed: int) -> Mixture:
    """Exactly ``size`` examples, ``share`` of each part, shuffled.

    Which ones, and in which order, follows from the seed and the examples alone (by rank of a hash):
    not from their order in the part, and the same part in another mixture gives a subset or a superset
    of the same choice, so corpora of one seed differ by nothing but their shares. A part with fewer
    examples than its share asks for is taken whole as often as it fits, then in part; `Taken.epochs`
    tells. Repetitions get an id of their own (``…~2``).

    Raises:
        DataError: no parts, a share or size that is not positive, or a part without examples.
    """
    if not parts or size <= 0:
        raise DataError(f"a mixture needs parts and a size over 0; given {len(parts)} parts, size {size}")
    for index, part in enumerate(parts):
        if part.name in [earlier.name for earlier in parts[:index]]:
            raise DataError(f"mixture part {part.name!r}: two parts have this name")
        if part.share <= 0:
            raise DataError(f"mixture part {part.name!r}: the share is {part.share}; expected more than 0")
    taken: list[Taken] = []
    chosen: list[Example] = []
    for part, wanted in zip(parts, _counts([part.share for part in parts], size), strict=True):
        ranked = _shuffled(part.examples, seed, "choose")
        if not ranked and wanted:
            raise DataError(f"mixture part {part.name!r}: no examples; {wanted} were asked for")
        chosen += _cycle(ranked, wanted, seed)
        taken.append(Taken(part.name, part.share, len(ranked), wanted))
    return Mixture(_shuffled(chosen, seed, "order"), taken)


def sample(examples: Iterable[Example], size: int, seed: int) -> list[Example]:
    """At most ``size`` of the examples, chosen and ordered as `mix` does, none twice."""
    return _shuffled(_shuffled(examples, seed, "choose")[:size], seed, "order")


def _counts(shares: Sequence[float], size: int) -> list[int]:
    """Whole numbers that add up to ``size``; what rounding leaves goes to the largest remainders."""
    exact = [share / sum(shares) * size for share in shares]
    counts = [int(each) for each in exact]
    by_remainder = sorted(range(len(exact)), key=lambda index: (counts[index] - exact[index], index))
    for index in by_remainder[: size - sum(counts)]:
        counts[index] += 1
    return counts


def _cycle(examples: Sequence[Example], wanted: int, seed: int) -> Iterator[Example]:
    """The first ``wanted`` of the examples, then of them again in another order, and so on."""
    epoch = 1
    while wanted > 0:
        again = examples if epoch == 1 else _shuffled(examples, seed, f"choose again {epoch}")
        for example in again[:wanted]:
            yield example if epoch == 1 else replace(example, id=f"{example.id}~{epoch}")
        wanted -= len(examples)
        epoch += 1


def _shuffled(examples: Iterable[Example], seed: int, purpose: str) -> list[Example]:
    key = hashlib.sha256(f"{seed} {purpose}".encode()).digest()

    def rank(example: Example) -> bytes:
        text = "\0".join((example.id, example.prompt, example.completion))
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16, key=key).digest()

    return sorted(examples, key=rank)
