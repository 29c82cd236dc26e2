"""Apply an answer that gives edits instead of code: a unified diff, or search/replace blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crosstune.extraction._blocks import Block

_SEARCH = re.compile(
    r"^<{5,9}[^\n]*\n(?P<old>(?:(?!<{5}|={5,9}[ \t]*$).*\n)*)={5,9}[ \t]*\n"
    r"(?P<new>(?:(?!<{5}|>{5}).*\n)*)>{5,9}[^\n]*$",
    re.MULTILINE,
)
_HUNK = re.compile(r"^@@[^\n]*$", re.MULTILINE)
_PATCH = re.compile(r"^\*\*\* Begin Patch[ \t]*$", re.MULTILINE)
_DIFFS = ("diff", "patch", "udiff")
_HEADERS = ("\\", "---", "+++", "diff ", "index ", "*** ")


def edited(code: str, text: str, blocks: Sequence[Block]) -> str | None:
    """``code`` with the edits of the answer applied; None where it has none, or one does not fit."""
    if not code.strip():
        return None
    replacements = [(match["old"], match["new"]) for match in _SEARCH.finditer(text)]
    if not replacements:
        begin = _PATCH.search(text)
        patch = text[begin.end() :].partition("\n*** End Patch")[0] if begin else ""
        diffs = [patch] if patch else [block.code for block in blocks if _is_diff(block)]
        return _patched(code, [hunk for diff in diffs for hunk in _hunks(diff)])
    return _all_replaced(code, replacements)


def is_edit(block: Block) -> bool:
    """Whether a block changes code instead of giving it."""
    return _is_diff(block) or _SEARCH.search(block.code) is not None


def _is_diff(block: Block) -> bool:
    if block.info in _DIFFS:
        return True
    return bool(re.match(r"diff --git|--- |\*\*\* Begin Patch", block.code)) and bool(
        _HUNK.search(block.code)
    )


def _patched(code: str, hunks: Sequence[list[str]]) -> str | None:
    """``code`` with hunks applied, each as a whole or, where it leaves out lines, change by change."""
    for lines in hunks:
        after = _all_replaced(code, [_pair(lines)])
        if after is None:
            after = _all_replaced(code, [_pair(change) for change in _changes(lines)])
        if after is None:
            return None
        code = after
    return code if hunks else None


def _all_replaced(code: str, replacements: Sequence[tuple[str, str]]) -> str | None:
    for old, new in replacements:
        after = _replaced(code, old, new)
        if after is None:
            return None
        code = after
    return code if replacements else None


def _hunks(diff: str) -> list[list[str]]:
    """The lines of each hunk that changes something."""
    parts = _HUNK.split(diff)
    bodies = parts[1:] if len(parts) > 1 else parts
    hunks = [
        [line for line in body.strip("\n").split("\n") if not line.startswith(_HEADERS)] for body in bodies
    ]
    return [lines for lines in hunks if len(set(_pair(lines))) == 2]


def _pair(lines: Sequence[str]) -> tuple[str, str]:
    """Old and new text of a hunk."""
    old = "".join(f"{line[1:]}\n" for line in lines if line[:1] != "+")
    new = "".join(f"{line[1:]}\n" for line in lines if line[:1] != "-")
    return old, new


def _changes(lines: Sequence[str]) -> list[list[str]]:
    """A hunk cut before each removed line that comes after an added one."""
    parts: list[list[str]] = [[]]
    for line in lines:
        if line[:1] == "-" and parts[-1] and parts[-1][-1][:1] == "+":
            parts.append([])
        parts[-1].append(line)
    return parts


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
