"""See when an answer that should repair a function is the function as it was."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from crosstune.records import Problem

_WORD = re.compile(r"\w")


def repeats(problem: Problem, candidate: str) -> bool:
    """Whether the candidate has the body that the question shows to be repaired, and it is unchanged.

    What surrounds the body may differ: imports, helpers, a class, indentation and blank lines.
    """
    if not (problem.buggy and candidate):
        return False
    whole, declaration = _lines(problem.buggy), _lines(problem.declaration)
    declared = {line.strip() for line in declaration}
    body = whole[_start(whole, _lines(problem.canonical), declaration) :]
    closed = bool(body) and _indent(body[-1]) == min(map(_indent, whole))
    return bool(body) and all(
        _has(_lines(text), body, declared, closed) for text in (problem.instruction, candidate)
    )


def _lines(code: str) -> list[str]:
    return [line.rstrip() for line in code.expandtabs(4).splitlines() if line.strip()]


def _start(buggy: Sequence[str], repaired: Sequence[str], declaration: Sequence[str]) -> int:
    """Where the body starts: after the last line of the declaration that is before all differences."""
    pairs = zip(buggy, repaired, strict=False)
    changed = next((number for number, (one, other) in enumerate(pairs) if one != other), len(repaired))
    before = [line.strip() for line in buggy[:changed]]
    for line in reversed(declaration):
        if _WORD.search(line) and line.strip() in before:
            return len(before) - before[::-1].index(line.strip())
    return 0


def _has(lines: Sequence[str], body: Sequence[str], declared: Collection[str], closed: bool) -> bool:
    """Whether the body is there from its first to its last line, and is all of the body there.

    It starts after a line of the declaration or a shallower one. It ends with its last line if that is
    ``closed``, and else before a shallower one.
    """
    wanted = _relative(body)
    for start in range(len(lines) - len(body) + 1):
        end = start + len(body)
        before, after, first = lines[start - 1] if start else "", lines[end : end + 1], _indent(lines[start])
        starts = before.strip() in {"", *declared} or _indent(before) < first
        ends = closed or not after or _indent(after[0]) < first
        if starts and ends and _relative(lines[start:end]) == wanted:
            return True
    return False


def _relative(lines: Sequence[str]) -> list[tuple[int, str]]:
    """Each line's text, and its indentation from that of the first."""
    first = _indent(lines[0])
    return [(_indent(line) - first, line.strip()) for line in lines]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
