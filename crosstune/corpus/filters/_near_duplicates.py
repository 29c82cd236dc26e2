"""Drop near duplicates: examples that share most of their word n-grams.

A word includes the punctuation up to the next one, so that rows with another operator, number or string
differ: `a < b` and `a <= b` have one word in common.

MinHash and locality-sensitive hashing (rensa) find candidates; the exact Jaccard similarity of the two
n-gram sets then decides, so no example is dropped by chance. Of the pairs exactly at the threshold, at most
one in a thousand is missed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from pydantic import Field

from crosstune.corpus.filters._filter import Dropped, context_of
from crosstune.errors import MissingExtra
from crosstune.records import Example
from crosstune.settings import Settings

PACKAGE = "rensa"
WORD = re.compile(r"\w+[^\w]*|[^\w\s][^\w]*")
PERMUTATIONS = 128
MOST_MISSED = 0.001
"""With b bands of r rows, a pair of similarity s is missed with probability (1 - s^r)^b. With more rows,
there are fewer candidates and more missed pairs."""
SLACK = 0.2
"""The exact similarity is not computed if the estimate is this far below the threshold: five of its standard
deviations (0.04 at a similarity of 0.7)."""
SEED = 1


class NearDuplicates(Settings):
    similarity: float = Field(default=0.7, gt=0, le=1)
    """The least Jaccard similarity of duplicates (0.7: as for The Stack, arXiv 2211.15533)."""
    width: int = Field(default=5, ge=1)
    """The length of the word n-grams compared (5: as for The Stack). Unlike there, punctuation counts as
    part of the word before it, and the n-grams at the ends are padded, so that every word is in `width`
    n-grams. White space is ignored."""
    parts: tuple[Literal["prompt", "completion"], ...] = Field(default=("prompt", "completion"), min_length=1)
    """The texts of an example that are compared, joined into one. Earlier turns belong to the prompt; a
    system prompt, which many rows may share, is not compared."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """The id of a kept example and the ids of its near duplicates, in order."""

    kept: str
    dropped: tuple[str, ...]


class NearDedup:
    """Drops an example that is a near duplicate of an earlier, kept one.

    The first of a group is kept: the result depends only on the examples and their order.
    """

    def __init__(self, settings: NearDuplicates | None = None) -> None:
        """
        Raises:
            MissingExtra: rensa is not installed.
        """
        try:
            import rensa
        except ImportError:
            raise MissingExtra(PACKAGE, "corpus") from None
        self._settings = settings or NearDuplicates()
        self._sketch = rensa.RMinHash
        similarity = self._settings.similarity
        self._index = rensa.RMinHashLSH(similarity, PERMUTATIONS, _bands(similarity))
        self._kept: list[tuple[str, str, Any]] = []
        self._clusters: dict[int, list[str]] = {}
        self._cached_ngrams = lru_cache(maxsize=256)(self._ngrams)

    def __call__(self, example: Example) -> Example | Dropped:
        text = "\n".join(getattr(example, part) for part in self._settings.parts)
        if "prompt" in self._settings.parts:
            text = context_of(example) + text
        ngrams = self._ngrams(text)
        if not ngrams:
            return example
        sketch = self._sketch(PERMUTATIONS, SEED)
        sketch.update(sorted(ngrams))
        for index in sorted(self._index.query(sketch)):
            kept, kept_text, kept_sketch = self._kept[index]
            if sketch.jaccard(kept_sketch) < self._settings.similarity - SLACK:
                continue
            similarity = _jaccard(ngrams, self._cached_ngrams(kept_text))
            if similarity >= self._settings.similarity:
                self._clusters.setdefault(index, []).append(example.id)
                return Dropped(example.id, "near duplicate", f"{kept}, {similarity:.0%}")
        self._index.insert(len(self._kept), sketch)
        self._kept.append((example.id, text, sketch))
        return example

    @property
    def clusters(self) -> list[Cluster]:
        """The groups so far, in the order of their kept examples."""
        return [
            Cluster(self._kept[index][0], tuple(dropped)) for index, dropped in sorted(self._clusters.items())
        ]

    def _ngrams(self, text: str) -> frozenset[str]:
        """All n-grams of ``width`` words, padded at both ends."""
        words = ["".join(each.split()) for each in WORD.findall(text)]
        if not words:
            return frozenset()
        width = self._settings.width
        padding = [""] * (width - 1)
        padded = [*padding, *words, *padding]
        return frozenset(map(" ".join, zip(*(padded[start:] for start in range(width)), strict=False)))


def _bands(similarity: float) -> int:
    """The fewest bands that keep the share of missed pairs below `MOST_MISSED`."""
    choices = (PERMUTATIONS // rows for rows in (16, 8, 4, 2))
    fitting = (
        bands for bands in choices if (1 - similarity ** (PERMUTATIONS // bands)) ** bands <= MOST_MISSED
    )
    return next(fitting, PERMUTATIONS)


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)
