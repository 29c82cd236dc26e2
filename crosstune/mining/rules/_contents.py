"""The rules on both sides of a change: their sizes first, which cost less than their text."""

from __future__ import annotations

import re

from crosstune.mining._profile import Contents
from crosstune.mining._tokens import Count, estimated

TOO_LARGE, OLD_TOO_LONG, NEW_EMPTY, SAME = (
    "contents: too large",
    "contents: old too long",
    "contents: new empty",
    "contents: unchanged",
)
TOKENS = "contents: token window"
UNREADABLE, BINARY, NOT_TEXT = "contents: missing or damaged", "contents: binary", "contents: not UTF-8"
LONG_LINE, DIRECTION = "contents: line too long", "contents: marks of direction"
AMBIGUOUS = "contents: language not told"
REASONS = (
    *(UNREADABLE, TOO_LARGE, NEW_EMPTY, OLD_TOO_LONG, TOKENS, BINARY, NOT_TEXT, LONG_LINE, DIRECTION),
    *(AMBIGUOUS, SAME),
)
"""In the order in which they are asked, but that the piece of a file is judged at the end."""
POISON = frozenset({UNREADABLE, TOO_LARGE, BINARY, NOT_TEXT, LONG_LINE, DIRECTION})
"""What is worth a second look: not a choice of the rules, but contents that no corpus should hold."""
MARKS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def text(data: bytes) -> tuple[str, str]:
    """The text of ``data`` and an empty reason; or nothing and why it is no text."""
    if b"\0" in data:
        return "", BINARY
    try:
        return data.decode(), ""
    except UnicodeDecodeError:  # half a surrogate pair as well
        return "", NOT_TEXT


def poison(rules: Contents, *texts: str) -> str | None:
    """Why a file with these texts is not to be touched."""
    for each in texts:
        if rules.no_direction_marks and not each.isascii() and MARKS.search(each):
            return DIRECTION
        if len(each) > rules.longest_line and max(map(len, each.split("\n"))) > rules.longest_line:
            return LONG_LINE
    return None


def by_size(rules: Contents, old: int, new: int, *, whole: bool) -> str | None:
    """Why a change is dropped, as far as the sizes of its sides in bytes can tell; ``whole``: the sample is
    the whole file."""
    if max(old, new) > rules.most_bytes:
        return TOO_LARGE
    if not whole:
        return None
    if new == 0 and rules.new_not_empty:
        return NEW_EMPTY
    if old >= 4 * rules.old_fewer_than:  # a character has at most four bytes
        return OLD_TOO_LONG
    tokens = estimated(rules.counter, old + new)
    return None if tokens is None else _window(rules, tokens)


def by_text(rules: Contents, old: str, new: str, count: Count) -> str | None:
    """Why a change is dropped, seeing both sides of the sample."""
    if not new and rules.new_not_empty:
        return NEW_EMPTY
    if len(old) >= rules.old_fewer_than:
        return OLD_TOO_LONG
    if old == new and rules.different:
        return SAME
    if not rules.least_tokens and rules.most_tokens is None:
        return None
    return _window(rules, count(old, new))


def _window(rules: Contents, tokens: int) -> str | None:
    most = rules.most_tokens
    return None if rules.least_tokens <= tokens and (most is None or tokens <= most) else TOKENS
