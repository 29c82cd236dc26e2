"""Apply an answer that gives edits instead of code: a unified diff, or search/replace blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crosstune.extraction._blocks import Block

_SEARCH = re.compile(
    r"^<{5,9}[^\n]*\n(?P<old>[\s\S]*?)^={5,9}[ \t]*\n(?P<new>[\s\S]*?)^>{5,9}[^\n]*$",
    re.MULTILINE,
)
_HUNK = re.compile(r"^@@[^\n]*@@[^\n]*$|^@@[ \t]*$", re.MULTILINE)


def edited(code: str, text: str, blocks: Sequence[Block]) -> str | None:
    """``code`` with the edits of the answer applied; None where it has none, or one does not fit."""
    if not code.strip():
        return None
    replacements = [(match["old"], match["new"]) for match in _SEARCH.finditer(text)]
    if not replacements:
        diffs = [
            block.code for block in blocks if block.info in ("diff", "patch", "udiff") or _is_diff(block)
        ]
        replacements = [pair for diff in diffs for pair in _hunks(diff)]
    for old, new in replacements:
        code_after = _replaced(code, old, new)
        if code_after is None:
            return None
        code = code_after
    return code if replacements else None


def _is_diff(block: Block) -> bool:
    return bool(re.match(r"(?:diff --git|--- )", block.code)) and _HUNK.search(block.code) is not None


def _hunks(diff: str) -> list[tuple[str, str]]:
    """Old and new text of each hunk."""
    parts = _HUNK.split(diff)
    bodies = parts[1:] if len(parts) > 1 else parts
    hunks = []
    for body in bodies:
        lines = [
            line
            for line in body.strip("\n").split("\n")
            if not line.startswith(("\\", "---", "+++", "diff "))
        ]
        old = "".join(f"{line[1:]}\n" for line in lines if line[:1] != "+")
        new = "".join(f"{line[1:]}\n" for line in lines if line[:1] != "-")
        if old != new:
            hunks.append((old, new))
    return hunks


def _replaced(code: str, old: str, new: str) -> str | None:
    """``code`` with the lines ``old`` replaced, compared without trailing and then without leading blanks."""
    lines, wanted = code.split("\n"), old.strip("\n").split("\n")
    for key in (str.rstrip, str.strip):
        keys = [key(line) for line in wanted]
        for at in range(len(lines) - len(wanted) + 1):
            if [key(line) for line in lines[at : at + len(wanted)]] == keys:
                shift = _indent(lines[at : at + 1]) if key is str.strip else None
                after = _shifted(new.strip("\n").split("\n"), wanted, shift)
                return "\n".join([*lines[:at], *after, *lines[at + len(wanted) :]])
    return None


def _indent(lines: Sequence[str]) -> str:
    return next((line[: len(line) - len(line.lstrip())] for line in lines if line.strip()), "")


def _shifted(new: list[str], old: Sequence[str], indent: str | None) -> list[str]:
    """``new`` indented as the lines are that it replaces."""
    if indent is None or indent == _indent(old):
        return new
    less = len(_indent(old))
    return [f"{indent}{line[less:]}" if line.strip() else line for line in new]
