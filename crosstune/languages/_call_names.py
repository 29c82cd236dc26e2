"""What the calls of cases name: a function, or a method of a new object."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crosstune.errors import DataError

_CALL = re.compile(r"(?:([A-Za-z_$][\w$]*)(\(\))?\.)?([A-Za-z_$][\w$]*)", re.ASCII)


def named(call: str) -> tuple[str, bool, str]:
    """The class that a call names (empty: none), whether an object of it is made, and the function.

    Raises:
        DataError: it is neither ``function`` nor ``Class().method`` nor ``Class.method``.
    """
    match = _CALL.fullmatch(call)
    if not match:
        raise DataError(f"a case calls {call!r}: expected a function's name, or Class().method")
    return match[1] or "", bool(match[2]), match[3]


def entry_points(given: tuple[str, ...], calls: Iterable[str]) -> tuple[str, ...]:
    """Those of a program or, if it has none, what its cases call.

    Raises: see `named`.
    """
    if given:
        return given
    names = (owner or function for owner, _, function in map(named, calls))
    return tuple(dict.fromkeys(names))
