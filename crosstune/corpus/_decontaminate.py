"""The gate against benchmarks: no example may hold what a model is later asked.

Texts are compared as token sequences (words, numbers, single signs; blanks do not count), so a
reindented or reflowed copy is found. What it does not find: renamed variables, translations into
another programming language, paraphrases.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from crosstune.corpus._sift import Dropped, Sifted
from crosstune.records import Example, Problem
from crosstune.settings import Settings

TOKEN = re.compile(r"\w+|[^\w\s]")


class Decontamination(Settings):
    parts: tuple[Literal["instruction", "canonical", "buggy", "tests"], ...] = (
        "instruction",
        "canonical",
        "tests",
    )
    """Which texts of a problem may not stand in an example."""
    whole: int = Field(default=10, ge=1)
    """A text of at least so many tokens must not stand in an example from its first to its last token.
    Shorter ones (`return a + b`) stand everywhere and prove nothing; how many is noted."""
    ngram: int = Field(default=13, ge=0)
    """The length of the token n-grams compared (13: as in GPT-3, arXiv 2005.14165); 0 looks for whole
    texts alone."""
    overlap: float = Field(default=0.3, gt=0, le=1)
    """The share of a text's n-grams, of which it needs at least `ngram`, that an example may not reach."""


@dataclass(frozen=True, slots=True)
class _Needle:
    label: str
    part: str
    tokens: tuple[str, ...]
    ngrams: int
    """How many different n-grams it has; 0 where it is too short to be judged by them."""


def decontaminate(
    examples: Iterable[Example],
    problems: Iterable[Problem],
    settings: Decontamination | None = None,
) -> Sifted:
    """Take out every example that holds the whole, or too large a part, of a problem's text.

    The reason says which part of the problem and how (``canonical, whole``), the detail which problem.
    """
    settings = settings or Decontamination()
    needles, short = _needles(problems, settings)
    gate = _Gate(needles, settings)
    kept: list[Example] = []
    dropped: list[Dropped] = []
    for example in examples:
        found = gate.find(_tokens(f"{example.prompt}\n{example.completion}"))
        if found is None:
            kept.append(example)
        else:
            dropped.append(Dropped(example.id, *found))
    note = f"{short} texts of problems are shorter than {settings.whole} tokens and were not searched for"
    return Sifted(kept, dropped, (note,) if short else ())


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(TOKEN.findall(text.lower()))


def _needles(problems: Iterable[Problem], settings: Decontamination) -> tuple[list[_Needle], int]:
    needles: dict[tuple[str, ...], _Needle] = {}
    short = 0
    for problem in problems:
        for part in settings.parts:
            tokens = _tokens(getattr(problem, part))
            if 0 < len(tokens) < settings.whole:
                short += 1
            elif tokens and tokens not in needles:
                ngrams = len(set(_windows(tokens, settings.ngram)))
                judged = ngrams if ngrams >= settings.ngram else 0
                label = f"{problem.benchmark} {problem.id} ({problem.language})"
                needles[tokens] = _Needle(label, part, tokens, judged)
    return list(needles.values()), short


def _windows(tokens: Sequence[str], width: int) -> Iterator[tuple[str, ...]]:
    if width:
        yield from (tuple(tokens[at : at + width]) for at in range(len(tokens) - width + 1))


class _Gate:
    """The needles, found by their first tokens and by their n-grams."""

    def __init__(self, needles: Sequence[_Needle], settings: Decontamination) -> None:
        self._settings = settings
        self._needles = needles
        self._openings: dict[tuple[str, ...], list[int]] = defaultdict(list)
        self._holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for index, needle in enumerate(needles):
            self._openings[needle.tokens[: settings.whole]].append(index)
            if needle.ngrams:
                for gram in set(_windows(needle.tokens, settings.ngram)):
                    self._holders[gram].append(index)

    def find(self, tokens: tuple[str, ...]) -> tuple[str, str] | None:
        """(reason, detail) of the first needle that ``tokens`` hold, or None."""
        for at, window in enumerate(_windows(tokens, self._settings.whole)):
            for index in self._openings.get(window, ()):
                needle = self._needles[index]
                if tokens[at : at + len(needle.tokens)] == needle.tokens:
                    return f"{needle.part}, whole", needle.label
        return self._overlapping(tokens)

    def _overlapping(self, tokens: tuple[str, ...]) -> tuple[str, str] | None:
        shared = Counter(
            index
            for gram in set(_windows(tokens, self._settings.ngram))
            for index in self._holders.get(gram, ())
        )
        for index in sorted(shared):
            needle, share = self._needles[index], shared[index] / self._needles[index].ngrams
            if share >= self._settings.overlap:
                return f"{needle.part}, in part", f"{needle.label}, {share:.0%}"
        return None
