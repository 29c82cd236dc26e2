"""Decontamination: drop examples that contain a benchmark problem.

Texts are compared as token sequences (words, numbers and punctuation marks, ignoring white space and case).
This detects reindented and reflowed copies, also in comments, diffs, quotations, numbered lines and strings
with escapes. It does not detect renamed variables, translations into another programming language, or
paraphrases. The tests in a row's provenance are searched too: they say which problem the row solves.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from crosstune.corpus.filters._filter import Dropped, context_of
from crosstune.records import Example, Problem
from crosstune.settings import Settings

TOKEN = re.compile(r"\w+|[^\w\s]")
LINE_MARK = re.compile(r"^[ \t]*(?:[+>#*|%-]|//|--|\d+[ \t]*[:.|]?(?=[ \t]))[ \t]?", re.MULTILINE)
"""Before each line of a comment, a diff, a quotation or a listing."""
LEAST_MARKED = 3
"""The least number of marked lines that are read without their marks, too."""
ESCAPE = re.compile(r"\\(?:[nrt]|(?=[\"'\\]))")
INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
Key = tuple[str, str, str]
"""A problem's benchmark, language and id."""
Match = tuple[int, str, str]
"""The index of a problem text, and the reason and detail for the example that contains it."""


class Decontamination(Settings):
    parts: tuple[Literal["instruction", "declaration", "canonical", "buggy", "tests"], ...] = (
        "instruction",
        "declaration",
        "canonical",
        "tests",
    )
    """The texts of a problem to search for."""
    whole: int = Field(default=10, ge=1)
    """A text of at least this many tokens must not occur as a whole in an example. Shorter texts
    (`return a + b`) are skipped, because they occur everywhere; a note gives their number."""
    ngram: int = Field(default=13, ge=0)
    """The length of the token n-grams compared (13: as in GPT-3, arXiv 2005.14165); with 0 only whole
    texts are searched for."""
    overlap: float = Field(default=0.3, gt=0, le=1)
    """An example is dropped if it contains this share of a text's n-grams. Texts with fewer than `ngram`
    n-grams are exempt."""


@dataclass(frozen=True, slots=True)
class BenchmarkContamination:
    """One benchmark in one language: the number of problems, the ids of those that an example contains, and
    the number of examples that contain one."""

    benchmark: str
    language: str
    problems: int
    flagged: tuple[str, ...]
    examples: int


@dataclass(slots=True)
class _ProblemText:
    """One text; several problems (of different tasks or benchmarks) may share it."""

    part: str
    tokens: tuple[str, ...]
    ngrams: int
    """The number of different n-grams; 0 if the text is too short for the overlap rule."""
    owners: dict[Key, None]

    @property
    def label(self) -> str:
        benchmark, language, problem = next(iter(self.owners))
        return f"{benchmark} {problem} ({language})"


class ContaminationIndex:
    """Drops examples that contain a problem's text, and remembers which problems were contained.

    The reason names the part of the problem and how it matched (``canonical, whole``), the detail names
    the problem.
    """

    def __init__(self, problems: Iterable[Problem], settings: Decontamination | None = None) -> None:
        self._settings = settings or Decontamination()
        self._problems: dict[Key, None] = {}
        self._short = 0
        self._texts = self._collect(problems)
        self._by_opening: dict[tuple[str, ...], list[int]] = defaultdict(list)
        self._by_ngram: dict[tuple[str, ...], list[int]] = defaultdict(list)
        self._index()
        self._flagged: dict[Key, None] = {}
        self._dropped: Counter[tuple[str, str]] = Counter()

    def __call__(self, example: Example) -> Example | Dropped:
        tests = example.provenance.get("tests", "")
        text = f"{example.system}\n{context_of(example)}{example.prompt}\n{example.completion}\n{tests}"
        matches: list[Match] = []
        for tokens in dict.fromkeys(map(_tokens, _readings(text))):
            matches = matches or [*self._whole(tokens), *self._in_part(tokens)]
        if not matches:
            return example
        owners = {owner: None for index, _, _ in matches for owner in self._texts[index].owners}
        self._flagged |= owners
        self._dropped.update({(benchmark, language) for benchmark, language, _ in owners})
        index, reason, detail = matches[0]
        return Dropped(example.id, f"{self._texts[index].part}, {reason}", detail)

    @property
    def flagged(self) -> tuple[Key, ...]:
        """The problems contained in examples, as (benchmark, language, id), in the problems' order."""
        return tuple(key for key in self._problems if key in self._flagged)

    @property
    def notes(self) -> tuple[str, ...]:
        if not self._short:
            return ()
        short = f"{self._short} texts of problems are shorter than {self._settings.whole} tokens"
        return (f"{short} and were not searched for",)

    def report(self) -> list[BenchmarkContamination]:
        """A row for each benchmark and language, in the problems' order."""
        groups = Counter((benchmark, language) for benchmark, language, _ in self._problems)
        return [
            BenchmarkContamination(
                *group,
                problems=problems,
                flagged=tuple(key[2] for key in self.flagged if key[:2] == group),
                examples=self._dropped[group],
            )
            for group, problems in groups.items()
        ]

    def _collect(self, problems: Iterable[Problem]) -> list[_ProblemText]:
        settings = self._settings
        texts: dict[tuple[str, ...], _ProblemText] = {}
        for problem in problems:
            key = (problem.benchmark, problem.language, problem.id)
            self._problems[key] = None
            for part in settings.parts:
                tokens = _tokens(getattr(problem, part))
                if 0 < len(tokens) < settings.whole:
                    self._short += part != "declaration"  # a bare header does not identify a problem
                elif tokens in texts:
                    texts[tokens].owners[key] = None
                elif tokens:
                    ngrams = len(set(_windows(tokens, settings.ngram)))
                    compared = ngrams if ngrams >= settings.ngram else 0
                    texts[tokens] = _ProblemText(part, tokens, compared, {key: None})
        return list(texts.values())

    def _index(self) -> None:
        """Index the texts by their first tokens and by their n-grams."""
        for index, text in enumerate(self._texts):
            self._by_opening[text.tokens[: self._settings.whole]].append(index)
            if text.ngrams:
                for ngram in set(_windows(text.tokens, self._settings.ngram)):
                    self._by_ngram[ngram].append(index)

    def _whole(self, tokens: tuple[str, ...]) -> Iterator[Match]:
        """The texts that ``tokens`` contains from first to last token."""
        openings = self._by_opening
        for start, window in enumerate(_windows(tokens, self._settings.whole)):
            if window not in openings:
                continue
            for index in openings[window]:
                text = self._texts[index]
                if tokens[start : start + len(text.tokens)] == text.tokens:
                    yield index, "whole", text.label

    def _in_part(self, tokens: tuple[str, ...]) -> Iterator[Match]:
        """The texts of which ``tokens`` contains too many n-grams."""
        by_ngram = self._by_ngram
        shared_ngrams = by_ngram.keys() & set(_windows(tokens, self._settings.ngram))
        counts = Counter(index for ngram in shared_ngrams for index in by_ngram[ngram])
        for index in sorted(counts):
            text, share = self._texts[index], counts[index] / self._texts[index].ngrams
            if share >= self._settings.overlap:
                yield index, "in part", f"{text.label}, {share:.0%}"


def _readings(text: str) -> Iterator[str]:
    """The text, and the text without escapes and without the marks of its lines, if it has any."""
    text = INVISIBLE.sub("", text)
    yield text
    if "\\" in text:
        yield ESCAPE.sub(" ", text)
    if len(LINE_MARK.findall(text)) >= LEAST_MARKED:
        yield LINE_MARK.sub("", text)


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(TOKEN.findall(text.lower()))


def _windows(tokens: Sequence[str], width: int) -> Iterator[tuple[str, ...]]:
    if width:
        yield from zip(*(tokens[start:] for start in range(width)), strict=False)
