"""Near duplicates: examples most of whose runs of words are the same.

MinHash and locality-sensitive hashing (rensa) find candidates; a candidate counts only when the exact
Jaccard similarity of the two sets of word runs reaches the threshold, so nothing goes by chance. What
can happen is that a pair is missed: at most one in a thousand of those right at the threshold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from pydantic import Field

from crosstune.corpus.filters._filter import Dropped
from crosstune.errors import MissingExtra
from crosstune.records import Example
from crosstune.settings import Settings

WORD = re.compile(r"\w+")
PERMUTATIONS = 128
MISSED_MOST = 0.001
"""With b bands of r rows a pair of similarity s is missed with probability (1 - s^r)^b: more rows, fewer
candidates to look at and more pairs missed."""
SLACK = 0.2
"""An estimate has a standard deviation of 0.04 at 0.7: five of them below the threshold, the exact
similarity need not be computed."""
SEED = 1


class NearDuplicates(Settings):
    similarity: float = Field(default=0.7, gt=0, le=1)
    """The Jaccard similarity from which two examples are one (0.7: as for The Stack, arXiv 2211.15533)."""
    width: int = Field(default=5, ge=1)
    """How many words in a row are compared (5: as there). Signs and blanks do not count."""
    parts: tuple[Literal["prompt", "completion"], ...] = Field(default=("prompt", "completion"), min_length=1)
    """Which texts of an example are compared, as one."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """An example that stayed and those that went because they are near it, in order."""

    kept: str
    dropped: tuple[str, ...]


class Near:
    """Gives every example back, or says of which earlier one, that stayed, it is a near duplicate.

    The first of a group stays: what comes out depends on the examples and their order alone.
    """

    def __init__(self, settings: NearDuplicates | None = None) -> None:
        """
        Raises:
            MissingExtra: rensa is not installed.
        """
        try:
            import rensa
        except ImportError:
            raise MissingExtra("rensa", "corpus") from None
        self._settings = settings or NearDuplicates()
        self._sketch = rensa.RMinHash
        similarity = self._settings.similarity
        self._index = rensa.RMinHashLSH(similarity, PERMUTATIONS, _bands(similarity))
        self._kept: list[tuple[str, str, Any]] = []
        self._clusters: dict[int, list[str]] = {}
        self._runs = lru_cache(maxsize=256)(self._of_text)

    def __call__(self, example: Example) -> Example | Dropped:
        text = "\n".join(getattr(example, part) for part in self._settings.parts)
        runs = self._of_text(text)
        if not runs:
            return example
        sketch = self._sketch(PERMUTATIONS, SEED)
        sketch.update(sorted(runs))
        for place in sorted(self._index.query(sketch)):
            kept, kept_text, kept_sketch = self._kept[place]
            if sketch.jaccard(kept_sketch) < self._settings.similarity - SLACK:
                continue
            similarity = _jaccard(runs, self._runs(kept_text))
            if similarity >= self._settings.similarity:
                self._clusters.setdefault(place, []).append(example.id)
                return Dropped(example.id, "near duplicate", f"{kept}, {similarity:.0%}")
        self._index.insert(len(self._kept), sketch)
        self._kept.append((example.id, text, sketch))
        return example

    @property
    def clusters(self) -> list[Cluster]:
        """The groups met so far, in the order of what stayed of them."""
        return [
            Cluster(self._kept[place][0], tuple(dropped)) for place, dropped in sorted(self._clusters.items())
        ]

    def _of_text(self, text: str) -> frozenset[str]:
        """Every run of ``width`` words; of a shorter text, all its words as one."""
        words, width = WORD.findall(text), self._settings.width
        if not words:
            return frozenset()
        columns = (words[at:] for at in range(width))
        return frozenset(map(" ".join, zip(*columns, strict=False))) or frozenset({" ".join(words)})


def _bands(similarity: float) -> int:
    """The fewest bands that miss few enough pairs."""
    choices = (PERMUTATIONS // rows for rows in (16, 8, 4, 2))
    fitting = (
        bands for bands in choices if (1 - similarity ** (PERMUTATIONS // bands)) ** bands <= MISSED_MOST
    )
    return next(fitting, PERMUTATIONS)


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)
