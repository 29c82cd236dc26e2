"""The gate against benchmarks: no example may hold what a model is later asked.

Texts are compared as token sequences (words, numbers, single signs; blanks and case do not count), so a
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

from crosstune.corpus.filters._filter import Dropped
from crosstune.records import Example, Problem
from crosstune.settings import Settings

TOKEN = re.compile(r"\w+|[^\w\s]")
Key = tuple[str, str, str]
"""A problem's benchmark, language and id."""


class Decontamination(Settings):
    parts: tuple[Literal["instruction", "declaration", "canonical", "buggy", "tests"], ...] = (
        "instruction",
        "declaration",
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
class Guarded:
    """What the gate found of one benchmark in one language: how many problems it has, those that some
    example held, and how many examples that were."""

    benchmark: str
    language: str
    problems: int
    flagged: tuple[str, ...]
    examples: int


@dataclass(slots=True)
class _Needle:
    """One text of problems: those of several tasks, or of several benchmarks, may be the same."""

    part: str
    tokens: tuple[str, ...]
    ngrams: int
    """How many different n-grams it has; 0 where it is too short to be judged by them."""
    owners: dict[Key, None]

    @property
    def label(self) -> str:
        benchmark, language, problem = next(iter(self.owners))
        return f"{benchmark} {problem} ({language})"


class Gate:
    """Gives an example back, or says which problem it holds; remembers all problems that were held.

    The reason says which part of the problem and how (``canonical, whole``), the detail which problem.
    """

    def __init__(self, problems: Iterable[Problem], settings: Decontamination | None = None) -> None:
        self._settings = settings or Decontamination()
        self._problems: dict[Key, None] = {}
        self._short = 0
        self._needles = self._take(problems)
        self._openings: dict[tuple[str, ...], list[int]] = defaultdict(list)
        self._holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
        self._index()
        self._flagged: dict[Key, None] = {}
        self._held: Counter[tuple[str, str]] = Counter()

    def __call__(self, example: Example) -> Example | Dropped:
        tokens = _tokens(f"{example.prompt}\n{example.completion}")
        found = [*self._whole(tokens), *self._in_part(tokens)]
        if not found:
            return example
        owners = {owner: None for index, _, _ in found for owner in self._needles[index].owners}
        self._flagged |= owners
        self._held.update({(benchmark, language) for benchmark, language, _ in owners})
        index, reason, detail = found[0]
        return Dropped(example.id, f"{self._needles[index].part}, {reason}", detail)

    @property
    def flagged(self) -> tuple[Key, ...]:
        """The problems that examples held, as (benchmark, language, id), in the problems' order."""
        return tuple(key for key in self._problems if key in self._flagged)

    @property
    def notes(self) -> tuple[str, ...]:
        if not self._short:
            return ()
        short = f"{self._short} texts of problems are shorter than {self._settings.whole} tokens"
        return (f"{short} and were not searched for",)

    def report(self) -> list[Guarded]:
        """A row for each benchmark and language, in the problems' order."""
        cells = Counter((benchmark, language) for benchmark, language, _ in self._problems)
        return [
            Guarded(
                *cell,
                problems=problems,
                flagged=tuple(key[2] for key in self.flagged if key[:2] == cell),
                examples=self._held[cell],
            )
            for cell, problems in cells.items()
        ]

    def _take(self, problems: Iterable[Problem]) -> list[_Needle]:
        settings = self._settings
        needles: dict[tuple[str, ...], _Needle] = {}
        for problem in problems:
            key = (problem.benchmark, problem.language, problem.id)
            self._problems[key] = None
            for part in settings.parts:
                tokens = _tokens(getattr(problem, part))
                if 0 < len(tokens) < settings.whole:
                    self._short += part != "declaration"  # a bare header is no text to be known by
                elif tokens in needles:
                    needles[tokens].owners[key] = None
                elif tokens:
                    ngrams = len(set(_windows(tokens, settings.ngram)))
                    judged = ngrams if ngrams >= settings.ngram else 0
                    needles[tokens] = _Needle(part, tokens, judged, {key: None})
        return list(needles.values())

    def _index(self) -> None:
        """Finds needles by their first tokens and by their n-grams."""
        for index, needle in enumerate(self._needles):
            self._openings[needle.tokens[: self._settings.whole]].append(index)
            if needle.ngrams:
                for gram in set(_windows(needle.tokens, self._settings.ngram)):
                    self._holders[gram].append(index)

    def _whole(self, tokens: tuple[str, ...]) -> Iterator[tuple[int, str, str]]:
        """(needle, reason, detail) of those that stand in ``tokens`` from first to last."""
        openings = self._openings
        for at, window in enumerate(_windows(tokens, self._settings.whole)):
            if window not in openings:
                continue
            for index in openings[window]:
                needle = self._needles[index]
                if tokens[at : at + len(needle.tokens)] == needle.tokens:
                    yield index, "whole", needle.label

    def _in_part(self, tokens: tuple[str, ...]) -> Iterator[tuple[int, str, str]]:
        """(needle, reason, detail) of those too many of whose n-grams stand in ``tokens``."""
        holders = self._holders
        held = holders.keys() & set(_windows(tokens, self._settings.ngram))
        shared = Counter(index for gram in held for index in holders[gram])
        for index in sorted(shared):
            needle, share = self._needles[index], shared[index] / self._needles[index].ngrams
            if share >= self._settings.overlap:
                yield index, "in part", f"{needle.label}, {share:.0%}"


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(TOKEN.findall(text.lower()))


def _windows(tokens: Sequence[str], width: int) -> Iterator[tuple[str, ...]]:
    if width:
        yield from zip(*(tokens[at:] for at in range(width)), strict=False)
