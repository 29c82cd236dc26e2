"""Cut the piece around a change out of both sides.

A change lies between the leading and the trailing lines that both sides share. A definition that contains the
whole change therefore has the same number of lines before it, and after it, on both sides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crosstune.mining._profile import Profile, Sample
from crosstune.mining.pieces._definitions import definitions_around
from crosstune.mining.rules._contents import Draft
from crosstune.mining.rules._rule import Rule

NO_GRAMMAR = "piece: no grammar for the language"
NO_DEFINITION = "piece: no definition around the change"
REASONS = (NO_GRAMMAR, NO_DEFINITION)


@dataclass(frozen=True, slots=True)
class Piece:
    """Both sides of the kept part, and the line numbers (from 1) in the files at which they begin."""

    old: str
    new: str
    old_line: int = 1
    new_line: int = 1


def piece_rules(profile: Profile) -> list[Rule[Draft]]:
    """One rule that cuts the draft down to its piece, and drops it if it has none."""

    def drops(draft: Draft) -> str:
        piece = cut_piece(profile.sample, draft.language, draft.old, draft.new)
        if isinstance(piece, str):
            return piece
        draft.old, draft.new = piece.old, piece.new
        draft.old_line, draft.new_line = piece.old_line, piece.new_line
        return ""

    def value(draft: Draft) -> str:
        return f"{draft.language}, from line {draft.new_line}"

    return [Rule("piece", "sample.of, sample.context_lines", drops, value, REASONS)]


def cut_piece(sample: Sample, language: str, old: str, new: str) -> Piece | str:
    """The piece, or the reason why there is none. An added file stays whole.

    Raises:
        MissingExtra: the grammars are not installed.
    """
    if sample.of == "file" or not old:
        return Piece(old, new)
    old_lines, new_lines = _lines(old), _lines(new)
    head = _common_lines(old_lines, new_lines)
    tail = _common_lines(old_lines[head:][::-1], new_lines[head:][::-1])
    if sample.of == "definition":
        definition = _innermost(language, old, new, head, tail)
        if isinstance(definition, str):
            return definition
        before, after = definition
    else:
        before, after = max(0, head - sample.context_lines), max(0, tail - sample.context_lines)
    return Piece(
        "".join(old_lines[before : len(old_lines) - after]),
        "".join(new_lines[before : len(new_lines) - after]),
        before + 1,
        before + 1,
    )


def _lines(text: str) -> list[str]:
    """Split at line feeds only, as the grammars count lines."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _common_lines(first: Sequence[str], second: Sequence[str]) -> int:
    """The number of equal lines at the beginning of both."""
    pairs = zip(first, second, strict=False)
    return next(
        (count for count, (one, other) in enumerate(pairs) if one != other), min(len(first), len(second))
    )


def _innermost(language: str, old: str, new: str, head: int, tail: int) -> tuple[int, int] | str:
    """The innermost definition around the change on both sides, as the lines before and after it."""
    in_old = definitions_around(language, old, head, tail)
    if in_old is None:
        return NO_GRAMMAR
    in_new = definitions_around(language, new, head, tail)
    assert in_new is not None
    return max(in_old & in_new, key=lambda lines: (sum(lines), lines), default=NO_DEFINITION)
