"""Mutants of a program: one operator, constant or bound is changed, whatever the language.

They show what tests check: tests cannot distinguish a mutant that passes them from the program. A few
mutants compute the same as the program, and some do not compile.
"""

from __future__ import annotations

import random
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

Change = tuple[str, str]
"""A regular expression, and the template that replaces its match; ``+1``: the next number."""

OPERATORS: Sequence[Change] = (
    (r"(?<![<>=!+])<(?![<=])(?=\s)", "<="),
    (r"<=(?!>)", "<"),
    (r"(?<![->=<])>(?![>=])(?=\s)", ">="),
    (r"(?<![>])>=", ">"),
    (r"===?", "!="),
    (r"!==?", "=="),
    (r"(?<=\s)\+(?=\s)", "-"),
    (r"(?<=\s)-(?=\s)", "+"),
    (r"(?<=\s)\*(?=\s)", "+"),
    (r"(?<=\s)%(?=\s)", "*"),
    (r"&&", "||"),
    (r"\|\|", "&&"),
    (r"\band\b", "or"),
    (r"\bor\b", "and"),
    (r"(?<![\w.\"'])\d(?![\w.\"'])", "+1"),
)
WORDS: Sequence[Change] = (
    (r"(?<=\s)\+=(?=\s)", "-="),
    (r"(?<=\s)-=(?=\s)", "+="),
    (r"(?<=\s)/(?=\s)", "*"),
    (r"(?<![\w.\"'])\d\d+(?![\w.\"'])", "+1"),
    (r"(?<=\w\[)(\w+)(?=\])", r"\1 + 1"),
    (r"\((\w+), (?!\1\))(\w+)\)", r"(\2, \1)"),
    (r"(?<![\w!=<>])!(?=[\w(])", ""),
    (r"\bnot (?=[\w(])", ""),
    (r"\.\w+\(\)", ""),
    (r"\btrue\b", "false"),
    (r"\bfalse\b", "true"),
    (r"\bmin\b", "max"),
    (r"\bmax\b", "min"),
    (r"\bfloor\b", "ceil"),
    (r"\bceil\b", "floor"),
    (r"(?<=to)Upper(?=Case)", "Lower"),
    (r"(?<=to)Lower(?=Case)", "Upper"),
    (r"(?<=to_)upper(?=case)", "lower"),
    (r"(?<=to_)lower(?=case)", "upper"),
    (r"(?<=\bto)upper(?=\()", "lower"),
    (r"(?<=\bto)lower(?=\()", "upper"),
)
"""Further operators and constants, the next index, arguments that are swapped, calls that are left out, and
names that most languages have for the opposite."""

_TEXTS = (
    r'"""(?:\\.|[^\\])*?"""|"(?:\\.|[^"\\\n])*"|'
    r"'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|/\*.*?\*/"
)
"""Texts and block comments, as most languages write them."""


def mutants(
    code: str,
    *,
    count: int,
    seed: int | str,
    begin: int = 0,
    changes: Sequence[Change] = OPERATORS,
    line_comment: str = "",
) -> list[str]:
    """``count`` programs, or fewer, that differ from ``code`` in one place after ``begin``.

    With ``line_comment``, comments are left as they are, and texts are changed as constants: they lose a
    character. ``seed`` decides which are drawn, and their order.
    """
    texts = _texts(code, line_comment) if line_comment else []
    found = [*_mutants(code, begin, changes, texts), *_of_texts(code, begin, texts)]
    places = list(dict.fromkeys(found))
    return random.Random(seed).sample(places, min(count, len(places)))


def _mutants(
    code: str, begin: int, changes: Sequence[Change], texts: Sequence[tuple[int, int]]
) -> Iterator[str]:
    for pattern, new in changes:
        for match in re.compile(pattern).finditer(code, begin):
            if not _is_within(match.start(), texts):
                yield f"{code[: match.start()]}{_replaced(match, new)}{code[match.end() :]}"


def _of_texts(code: str, begin: int, texts: Sequence[tuple[int, int]]) -> Iterator[str]:
    """One text loses its first character, one of a single character has another, an empty one has one."""
    for first, last in texts:
        quote, inside = code[first], code[first + 1 : last - 1]
        if first < begin or quote not in "\"'" or code.startswith(quote * 3, first):
            continue
        kept = re.sub(r"\A(?:\\.|.)", "", inside, flags=re.DOTALL)
        new = kept or ("y" if inside == "x" else "x")
        yield f"{code[: first + 1]}{new}{code[last - 1 :]}"


def _replaced(match: re.Match[str], new: str) -> str:
    return str(int(match[0]) + 1) if new == "+1" else match.expand(new)


def _texts(code: str, line_comment: str) -> list[tuple[int, int]]:
    pattern = re.compile(rf"{_TEXTS}|{re.escape(line_comment)}[^\n]*", re.DOTALL)
    return [match.span() for match in pattern.finditer(code)]


def _is_within(at: int, spans: Sequence[tuple[int, int]]) -> bool:
    before = bisect_right(spans, (at, len(spans) and spans[-1][1] + 1))
    return before > 0 and at < spans[before - 1][1]
