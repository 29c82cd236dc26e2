"""From which line of an answer each line of its candidate comes."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

_WORD = re.compile(r"\w")
_MARKUP = re.compile(r"^(?:[ \t]*>)+|(?:`{3,}|~{3,})[ \t]*$")
_MOST_STARTS = 50
"""Places tried for one line: bounds the time on answers that repeat a line thousands of times."""

_Line = tuple[int, frozenset[str]]
"""A line that is not blank: its index, and the texts that count as equal to it."""


def line_origins(candidate: str, answer: str) -> list[int | None]:
    """For each line of ``candidate`` the index of the answer's line it was taken from, or None.

    Lines are compared without indentation, marks of quotes and fences, HTML escapes, invisible
    characters and the sign of a diff.
    The longest runs of equal lines are taken, of equally long ones the one that continues the run before,
    else the last: an answer's last definition counts. A run begins with a line that has a word.
    """
    ours, theirs = _lines(candidate), _lines(answer, variants=True)
    starts: dict[str, list[int]] = {}
    for at, (_, texts) in enumerate(theirs):
        for text in texts:
            starts.setdefault(text, []).append(at)
    origins: list[int | None] = [None] * len(candidate.splitlines())
    used: set[int] = set()
    at, after = 0, -1
    while at < len(ours):
        start, length = _longest(ours, at, theirs, _places(ours[at], starts, after), used)
        back = _same_before(ours[:at], theirs[:start], origins, used) if length else 0
        for step in range(-back, length):
            origins[ours[at + step][0]] = theirs[start + step][0]
        used.update(range(start - back, start + length))
        after = start + length if length else after
        at += max(length, 1)
    return origins


def _lines(text: str, *, variants: bool = False) -> list[_Line]:
    found = ((at, line.strip()) for at, line in enumerate(text.splitlines()))
    return [(at, _variants(line) if variants else frozenset([line])) for at, line in found if line]


def _variants(line: str) -> frozenset[str]:
    bare = _MARKUP.sub("", line).strip()
    if not bare.isascii():
        bare = "".join(sign for sign in bare if unicodedata.category(sign) != "Cf").strip()
    unescaped = html.unescape(bare).replace("\xa0", " ")
    changed = [bare[1:].strip()] if bare[:1] == "+" else []
    return frozenset({line, bare, unescaped, *changed} - {""})


def _places(line: _Line, starts: dict[str, list[int]], after: int) -> list[int]:
    """Where a run that is found by ``line`` may be, the preferred places first."""
    (text,) = line[1]
    if not _WORD.search(text):
        return []
    places = starts.get(text, [])
    return [*([after] if after in places[:_MOST_STARTS] else []), *reversed(places[-_MOST_STARTS:])]


def _longest(
    ours: Sequence[_Line], at: int, theirs: Sequence[_Line], places: Iterable[int], used: set[int]
) -> tuple[int, int]:
    """Where the longest run that begins with ``ours[at]`` is, and how many lines it has; 0: there is none."""
    best = (0, 0)
    for place in places:
        length = 0
        for (_, wanted), (_, texts) in zip(_from(ours, at), _from(theirs, place), strict=False):
            if place + length in used or not wanted <= texts:
                break
            length += 1
        if length > best[1]:
            best = (place, length)
        if at + length == len(ours):
            break
    return best


def _same_before(
    ours: Sequence[_Line], theirs: Sequence[_Line], origins: Sequence[int | None], used: set[int]
) -> int:
    """How many lines before a run are equal too, and have no origin yet."""
    length = 0
    for (at, wanted), (_, texts) in zip(reversed(ours), reversed(theirs), strict=False):
        if origins[at] is not None or len(theirs) - 1 - length in used or not wanted <= texts:
            break
        length += 1
    return length


def _from(lines: Sequence[_Line], start: int) -> Iterator[_Line]:
    return (lines[at] for at in range(start, len(lines)))
