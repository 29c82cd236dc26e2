"""Draw examples from parts by number or share.

Studies, `crosstune corpus mix` and its controls all use `mix`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from crosstune.errors import DataError
from crosstune.records import Example

MOST_SHARE = 1e9
"""Their sum must be a number."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One ingredient of a mixture.

    ``rows`` is an exact number of examples. Parts without it divide the rest of the mixture by their shares:
    3 and 2 are 60 % and 40 %. In a mixture without a size they are taken whole.
    """

    name: str
    share: float = 1
    rows: int | None = None
    examples: Iterable[Example]


@dataclass(frozen=True, slots=True)
class DrawnPart:
    """How many examples of a part are in a mixture; ``epochs`` over 1 means that examples repeat."""

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
    parts: list[DrawnPart]


def mix(parts: Sequence[Part], *, size: int | None, seed: int) -> Mixture:
    """Draw ``size`` examples from ``parts`` and shuffle them; see `Part` for what each part contributes.

    Examples are ranked by a hash of the seed and their text. The order within a part therefore does not
    matter, a larger draw from a part contains the smaller one, and corpora with the same seed differ only in
    their shares. A part with too few examples is repeated: whole as often as it fits, then in part.
    Repetitions get their own ids (``…~2``).

    Raises:
        DataError: no parts, two parts with the same name, a size, share or number of rows that is not
            positive, or a part without examples from which some are drawn.
    """
    _check(parts, size)
    drawn: list[DrawnPart] = []
    examples: list[Example] = []
    for part, count in zip(parts, _counts(parts, size), strict=True):
        ranked = _shuffled(part.examples, seed, "choose")
        wanted = len(ranked) if count is None else count
        if not ranked and wanted:
            raise DataError(f"mixture part {part.name!r}: no examples; {wanted} were asked for")
        examples += _cycle(ranked, wanted, seed)
        drawn.append(DrawnPart(part.name, part.share, len(ranked), wanted))
    return Mixture(_shuffled(examples, seed, "order"), drawn)


def sample(examples: Iterable[Example], size: int, seed: int) -> list[Example]:
    """Draw at most ``size`` of the examples, selected and ordered as in `mix`, without repetition."""
    return _shuffled(_shuffled(examples, seed, "choose")[:size], seed, "order")


def _check(parts: Sequence[Part], size: int | None) -> None:
    if not parts or (size is not None and size <= 0):
        raise DataError(f"a mixture needs parts and a size over 0; given {len(parts)} parts, size {size}")
    names: set[str] = set()
    for part in parts:
        if part.name in names:
            raise DataError(f"mixture part {part.name!r}: two parts have this name")
        if not 0 < part.share <= MOST_SHARE:
            expected = f"more than 0 and at most {MOST_SHARE:,.0f}"
            raise DataError(f"mixture part {part.name!r}: the share is {part.share}; expected {expected}")
        if part.rows is not None and part.rows <= 0:
            raise DataError(f"mixture part {part.name!r}: {part.rows} rows; expected more than 0")
        names.add(part.name)


def _counts(parts: Sequence[Part], size: int | None) -> list[int | None]:
    """The number of rows of each part; None for all rows."""
    if size is None:
        return [part.rows for part in parts]
    left = size - sum(part.rows for part in parts if part.rows is not None)
    shares = [part.share for part in parts if part.rows is None]
    if left < 0 or bool(left) != bool(shares):
        raise DataError(f"a mixture of {size} rows: {left} are left for {len(shares)} parts with shares")
    divided = iter(_divide(left, shares))
    return [next(divided) if part.rows is None else part.rows for part in parts]


def _divide(size: int, shares: Sequence[float]) -> list[int]:
    """Divide ``size`` into whole numbers by the largest-remainder method."""
    exact = [share / sum(shares) * size for share in shares]
    counts = [int(each) for each in exact]
    by_remainder = sorted(range(len(exact)), key=lambda index: (counts[index] - exact[index], index))
    for index in by_remainder[: size - sum(counts)]:
        counts[index] += 1
    return counts


def _cycle(examples: Sequence[Example], wanted: int, seed: int) -> Iterator[Example]:
    """Yield ``wanted`` examples; after the last one, all are repeated in another order."""
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
