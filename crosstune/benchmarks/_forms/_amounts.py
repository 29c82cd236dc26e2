"""Amounts with a unit, as rows write their limits: ``2 seconds``, ``2000 ms``, ``256 megabytes``."""

from __future__ import annotations

import re
from collections.abc import Mapping

_AMOUNT = re.compile(r"\s*(\d+(?:\.\d*)?|\.\d+)\s*([A-Za-z]*)\.?\s*")

_MIB = 1 << 20
TIMES = {
    **dict.fromkeys(("", "s", "sec", "secs", "second", "seconds"), 1.0),
    **dict.fromkeys(("ms", "msec", "millisecond", "milliseconds"), 1e-3),
    **dict.fromkeys(("m", "min", "minute", "minutes"), 60.0),
}
"""Units of time, in seconds."""
# Contest sites mean binary units by MB, so a right program never gets less than they say.
SIZES = {
    **dict.fromkeys(("", "b", "byte", "bytes"), 1.0),
    **dict.fromkeys(("k", "kb", "kib", "kilobyte", "kilobytes"), float(1 << 10)),
    **dict.fromkeys(("m", "mb", "mib", "megabyte", "megabytes"), float(_MIB)),
    **dict.fromkeys(("g", "gb", "gib", "gigabyte", "gigabytes"), float(1 << 30)),
}
"""Units of size, in bytes."""


def amount(text: str, units: Mapping[str, float]) -> float:
    """The amount in ``text``, in the unit of ``units`` that is 1.

    Raises:
        ValueError: it is not a positive number with one of the units.
    """
    match = _AMOUNT.fullmatch(text)
    unit = units.get(match[2].lower()) if match else None
    if match is None or unit is None or not float(match[1]):
        known = ", ".join(name for name in units if name)
        raise ValueError(f"expected a positive number, with a unit or without ({known}); found {text!r:.60}")
    return float(match[1]) * unit
