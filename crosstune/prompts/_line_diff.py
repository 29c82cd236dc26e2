"""Two texts as the lines that differ, each with its number: the answer of an edit, short and exact.

`-3 old text` takes line 3 of the old text away; `+4 new text` puts a line at place 4 of the new one. Lines
are what newlines part, numbered from 1: a text that ends in one has an empty last line.
"""

from __future__ import annotations

import difflib
import re

LINE = re.compile(r"([+-])(\d+) (.*)", re.DOTALL)


def line_diff(old: str, new: str) -> str:
    """What makes ``new`` of ``old``, a line each; ends in a newline unless nothing differs."""
    before, after = old.split("\n"), new.split("\n")
    lines: list[str] = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, to, until in matcher.get_opcodes():
        if kind != "equal":
            lines += [f"-{number} {before[number - 1]}" for number in range(start + 1, end + 1)]
            lines += [f"+{number} {after[number - 1]}" for number in range(to + 1, until + 1)]
    return "".join(f"{line}\n" for line in lines)


def apply_line_diff(old: str, diff: str) -> str:
    """The new text that ``diff``, as `line_diff` gives it or a model answers it, makes of ``old``.

    Raises:
        ValueError: not a diff of this form, or not of ``old``: names the line.
    """
    lines: list[str | None] = list(old.split("\n"))
    added: dict[int, str] = {}
    for number, line in enumerate(diff.removesuffix("\n").split("\n") if diff else [], 1):
        found = LINE.fullmatch(line)
        if not found:
            raise ValueError(f"line {number}: expected +NUMBER or -NUMBER and text, found {line!r}")
        sign, place, text = found[1], int(found[2]), found[3]
        if sign == "+":
            added[place] = text
        elif not 1 <= place <= len(lines) or lines[place - 1] != text:
            raise ValueError(f"line {number}: the old text has no line {place} that says {text!r}")
        else:
            lines[place - 1] = None
    kept = [line for line in lines if line is not None]
    last = len(kept) + len(added)
    if beyond := [place for place in added if not 1 <= place <= last]:
        raise ValueError(f"line {beyond[0]} is added, but the new text has {last}")
    rest = iter(kept)
    return "\n".join(added[place] if place in added else next(rest) for place in range(1, last + 1))


def numbered(text: str) -> str:
    """The text with each line's number before it, as a diff of it says them."""
    lines = text.split("\n") if text else []
    return "".join(f"{number} {line}\n" for number, line in enumerate(lines, 1))
