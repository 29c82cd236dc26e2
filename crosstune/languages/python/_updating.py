"""Writes the new value of an object into it, on both sides of the pipes between tests and candidate.

`_values` loads this file by its path.
"""

from __future__ import annotations

import collections
from collections.abc import Iterable
from itertools import chain, repeat
from typing import Any

_MUTABLE = (list, dict, set, bytearray, collections.deque)


def update(old: Any, new: Any, known: dict[int, Any] | None = None) -> None:
    """Change ``old``, an argument or a result, into ``new``, its value by now, as far as it can be. ``known``
    has what is changed into each part of ``new``, which may contain itself."""
    known = {} if known is None else known
    known[id(new)] = old
    if isinstance(old, list) and isinstance(new, list):
        old[:] = _all_merged(list(old), new, known)
    elif isinstance(old, dict) and isinstance(new, dict):
        merged = {key: _merged(old.get(key), value, known) for key, value in new.items()}
        old.clear()
        old.update(merged)
    elif isinstance(old, set) and isinstance(new, set):
        old.clear()
        old.update(new)
    elif isinstance(old, collections.deque) and isinstance(new, collections.deque):
        merged_items = _all_merged(list(old), new, known)
        old.clear()
        old.extend(merged_items)
    elif isinstance(old, tuple) and isinstance(new, tuple):
        for before, after in zip(old, new, strict=False):
            _merged(before, after, known)
    elif isinstance(old, bytearray) and isinstance(new, bytearray):
        old[:] = new
    elif hasattr(old, "dtype") and type(old) is type(new) and old.shape == new.shape:
        old[...] = new
    elif hasattr(old, "__dict__") and type(old) is type(new):
        old.__dict__.update(new.__dict__)


def _all_merged(before: list[Any], after: Iterable[Any], known: dict[int, Any]) -> list[Any]:
    return [_merged(*pair, known) for pair in zip(chain(before, repeat(None)), after, strict=False)]


def _merged(before: Any, after: Any, known: dict[int, Any]) -> Any:
    """The caller's own object, changed, if there is one of this type; otherwise the new value."""
    if id(after) in known and isinstance(after, _MUTABLE):
        return known[id(after)]
    if type(before) is type(after) and isinstance(before, (*_MUTABLE, tuple)):
        if isinstance(before, tuple) and len(before) != len(after):
            return after
        try:
            update(before, after, known)
        except RecursionError:  # so deep that what is further in is replaced
            return after
        return before if isinstance(before, _MUTABLE) or _is_equal(before, after) else after
    return after


def _is_equal(one: Any, other: Any) -> bool:
    try:
        return bool(one == other)
    except RecursionError:  # they contain themselves, and one was changed into the other
        return True
