"""Line diffs: the lines that differ between two texts, with their numbers, as a short and exact edit.

`-3 old text` removes line 3 of the old text; `+4 new text` is line 4 of the new one. Lines are separated by
newlines and numbered from 1: a text that ends in a newline has an empty last line.
"""

from __future__ import annotations

import difflib
import re

LINE = re.compile(r"([+-])(\d+) (.*)", re.DOTALL)


def line_diff(old: str, new: str) -> str:
    """The diff that turns ``old`` into ``new``; it ends in a newline unless it is empty."""
    before, after = old.split("\n"), new.split("\n")
    lines: list[str] = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind != "equal":
            lines += [f"-{number} {before[number - 1]}" for number in range(start + 1, end + 1)]
            lines += [f"+{number} {after[number - 1]}" for number in range(new_start + 1, new_end + 1)]
    return "".join(f"{line}\n" for line in lines)


def apply_line_diff(old: str, diff: str) -> str:
    """Apply ``diff``, made by `line_diff` or by a model, to ``old``.

    Raises:
        ValueError: not a line diff, or not a diff of ``old``; the message names the line.
    """
    lines: list[str | None] = list(old.split("\n"))
    added: dict[int, str] = {}
    for number, line in enumerate(diff.removesuffix("\n").split("\n") if diff else [], 1):
        match = LINE.fullmatch(line)
        if not match:
            raise ValueError(f"line {number}: expected +NUMBER or -NUMBER and text, found {line!r}")
        sign, at, text = match[1], int(match[2]), match[3]
        if sign == "+":
            added[at] = text
        elif not 1 <= at <= len(lines) or lines[at - 1] != text:
            raise ValueError(f"line {number}: line {at} of the old text is not {text!r}")
        else:
            lines[at - 1] = None
    kept = [line for line in lines if line is not None]
    last = len(kept) + len(added)
    if beyond := [at for at in added if not 1 <= at <= last]:
        raise ValueError(f"line {beyond[0]} is added, but the new text has {last} lines")
    rest = iter(kept)
    return "\n".join(added[at] if at in added else next(rest) for at in range(1, last + 1))


def numbered(text: str) -> str:
    """The text with each line's number before it, as in a line diff."""
    lines = text.split("\n") if text else []
    return "".join(f"{number} {line}\n" for number, line in enumerate(lines, 1))
