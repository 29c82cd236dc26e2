"""Compare a program's output with the expected one."""

from __future__ import annotations

import decimal
import math
import re

from crosstune.records import Comparison, ComparisonKind

_NUMBER = re.compile(rb"[+-]?+(?:\d++(?:\.\d*+)?+|\.\d++)(?:[eE][+-]?+\d++)?+")
_MAX_NUMBER_BYTES = 400
"""Longer words are compared as text."""
_NOT_FINITE = re.compile(rb"([+-]?)(?:(nan)|inf(?:inity)?)", re.IGNORECASE)
_BLANKS = b" \t\r\f\v"


def same_output(expected: str, actual: bytes, comparison: Comparison) -> bool:
    """Whether the output equals the expected one, by a comparison that needs no checker."""
    wanted = expected.encode("utf-8", "surrogatepass")
    if comparison.ignore_case:
        wanted, actual = wanted.lower(), actual.lower()
    match comparison.kind:
        case ComparisonKind.TOKENS:
            return wanted.split() == actual.split()
        case ComparisonKind.FLOATS:
            return _same_numbers(wanted.split(), actual.split(), comparison)
        case _:
            return _lines(wanted) == _lines(actual)


def _lines(text: bytes) -> list[bytes]:
    """The lines without trailing white space and without empty lines at the end, as in contest judges."""
    lines = [line.rstrip(_BLANKS) for line in text.split(b"\n")]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _same_numbers(expected: list[bytes], actual: list[bytes], comparison: Comparison) -> bool:
    return len(expected) == len(actual) and all(
        one == other or _close(one, other, comparison) for one, other in zip(expected, actual, strict=True)
    )


def _close(expected: bytes, actual: bytes, comparison: Comparison) -> bool:
    if max(len(expected), len(actual)) > _MAX_NUMBER_BYTES:
        return False
    if not (_NUMBER.fullmatch(expected) and _NUMBER.fullmatch(actual)):
        return (special := _not_finite(expected)) != "" and special == _not_finite(actual)
    wanted, given = float(expected), float(actual)
    tolerance = max(comparison.absolute, comparison.relative * abs(wanted))
    if not tolerance or math.isinf(wanted) or math.isinf(given):
        return _equal(expected, actual)
    return abs(wanted - given) <= tolerance


def _not_finite(word: bytes) -> str:
    """``nan`` or an infinity with its sign, in one spelling; empty for any other word."""
    match = _NOT_FINITE.fullmatch(word)
    if not match:
        return ""
    return "nan" if match[2] else f"{'-' if match[1] == b'-' else ''}inf"


def _equal(expected: bytes, actual: bytes) -> bool:
    """Whether two numbers are exactly equal, whatever a float could represent."""
    try:
        return decimal.Decimal(expected.decode()) == decimal.Decimal(actual.decode())
    except decimal.InvalidOperation:  # an exponent beyond any that can be computed with
        return False
