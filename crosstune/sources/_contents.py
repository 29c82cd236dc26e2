"""The rules on both sides of a change: their sizes first, which cost less than their text."""

from __future__ import annotations

from crosstune.sources._profile import Contents
from crosstune.sources._tokens import Count, estimated

TOO_LARGE, OLD_TOO_LONG, NEW_EMPTY, SAME = (
    "contents: too large",
    "contents: old too long",
    "contents: new empty",
    "contents: unchanged",
)
TOKENS = "contents: token window"
BY_SIZE = (TOO_LARGE, NEW_EMPTY, OLD_TOO_LONG, TOKENS)
BY_TEXT = (OLD_TOO_LONG, SAME, TOKENS)


def by_size(rules: Contents, old: int, new: int) -> str | None:
    """Why a change is dropped, as far as the sizes of its sides in bytes can tell."""
    if max(old, new) > rules.most_bytes:
        return TOO_LARGE
    if new == 0 and rules.new_not_empty:
        return NEW_EMPTY
    if old >= 4 * rules.old_fewer_than:  # a character has at most four bytes
        return OLD_TOO_LONG
    tokens = estimated(rules.counter, old + new)
    return None if tokens is None else _window(rules, tokens)


def by_text(rules: Contents, old: str, new: str, count: Count) -> str | None:
    """Why a change is dropped, seeing both sides."""
    if len(old) >= rules.old_fewer_than:
        return OLD_TOO_LONG
    if old == new and rules.different:
        return SAME
    if estimated(rules.counter, 0) is not None or (not rules.least_tokens and rules.most_tokens is None):
        return None  # `by_size` has judged, or nothing is asked
    return _window(rules, count(old, new))


def _window(rules: Contents, tokens: int) -> str | None:
    most = rules.most_tokens
    return None if rules.least_tokens <= tokens and (most is None or tokens <= most) else TOKENS
