"""Compare a program's output with the expected one."""

from __future__ import annotations

import re

from crosstune.records import Comparison, ComparisonKind

_NUMBER = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_BLANKS = b" \t\r\f\v"


def same_output(expected: str, actual: bytes, comparison: Comparison) -> bool:
    """Whether the output equals the expected one, by a comparison that needs no checker."""
    wanted = expected.encode("utf-8", "surrogatepass")
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
    if not (_NUMBER.fullmatch(expected) and _NUMBER.fullmatch(actual)):
        return False
    wanted = float(expected)
    return abs(wanted - float(actual)) <= max(comparison.absolute, comparison.relative * abs(wanted))
