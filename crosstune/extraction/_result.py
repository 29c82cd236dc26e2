"""The result of an extraction: the candidate, and what of the answer it consists of."""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class How(StrEnum):
    """How the candidate was found."""

    DEFINITION = "definition"
    """The answer defines what was asked for."""
    CONTINUATION = "continuation"
    """The answer continues the declaration."""
    EDIT = "edit"
    """The answer edits the given code."""
    BLOCK = "block"
    """The code block as it is: there is no grammar, or it does not know some of the code."""


@dataclass(frozen=True, slots=True)
class Part:
    """Consecutive lines of the candidate.

    ``origin`` is ``answer``, with ``start`` and ``end`` in characters of the answer, or ``declaration`` for
    lines that the answer does not have, with -1 for both.
    """

    origin: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Extraction:
    """The ``candidate`` (complete code, ready for the problem's tests), how it was found, its parts, and
    what of the answer was left out, as (start, end) in characters."""

    candidate: str
    how: How
    parts: tuple[Part, ...] = ()
    left: tuple[tuple[int, int], ...] = ()


def located(candidate: str, how: How, answer: str) -> Extraction:
    """The extraction, with each line of the candidate looked up among the answer's lines."""
    spans = _lines(answer)
    known: dict[str, list[int]] = defaultdict(list)
    for number, (start, end) in enumerate(spans):
        known[answer[start:end]].append(number)
    parts: list[Part] = []
    following = 0
    for text in candidate.splitlines(keepends=True):
        line = _next(known.get(text.strip(), ()), following)
        if not text.strip() and parts:
            _extend(parts, text, parts[-1].end)
        elif line is None:
            _add(parts, Part("declaration", text, -1, -1), joins=True)
        else:
            _add(parts, Part("answer", text, *spans[line]), joins=line == following)
            following = line + 1
    taken = [(part.start, part.end) for part in parts if part.start >= 0]
    return Extraction(candidate, how, tuple(parts), tuple(_gaps(taken, len(answer))))


def _lines(answer: str) -> list[tuple[int, int]]:
    """Where the text of each line with text begins and ends."""
    found, at = [], 0
    for line in answer.splitlines(keepends=True):
        if text := line.strip():
            start = at + line.index(text)
            found.append((start, start + len(text)))
        at += len(line)
    return found


def _next(numbers: Sequence[int], following: int) -> int | None:
    """The first of the equal lines at or after ``following``, else the first of all."""
    if not numbers:
        return None
    place = bisect.bisect_left(numbers, following)
    return numbers[place if place < len(numbers) else 0]


def _add(parts: list[Part], part: Part, *, joins: bool) -> None:
    if joins and parts and parts[-1].origin == part.origin:
        _extend(parts, part.text, part.end)
    else:
        parts.append(part)


def _extend(parts: list[Part], text: str, end: int) -> None:
    last = parts.pop()
    parts.append(Part(last.origin, last.text + text, last.start, end))


def _gaps(spans: Sequence[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    gaps, at = [], 0
    for start, end in sorted(spans):
        if start > at:
            gaps.append((at, start))
        at = max(at, end)
    return [*gaps, (at, length)] if at < length else gaps
