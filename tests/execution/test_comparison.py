"""Numbers that are long, too large for a float, or not finite."""

from __future__ import annotations

import pytest

from crosstune.execution._comparison import same_output
from crosstune.records import Comparison, ComparisonKind

CLOSE = Comparison(ComparisonKind.FLOATS)
EQUAL = Comparison(ComparisonKind.FLOATS, absolute=0.0, relative=0.0)


def test_a_long_word_is_not_a_number() -> None:
    assert not same_output("1", b"1" * (1 << 20) + b"x", CLOSE)
    assert not same_output("1" * 401, b"1" * 400 + b"2", CLOSE)
    assert same_output("1" * 401, b"1" * 401, CLOSE)


@pytest.mark.parametrize(
    ("expected", "actual", "same"),
    [
        ("1e309", "1", False),
        ("1", "1e309", False),
        ("9" * 400, "1", False),
        ("1e400", "-1e400", False),
        ("1" * 400, "-" + "1" * 399, False),
        ("1e400", "-5", False),
        ("1e400", "10e399", True),
        ("9" * 400, "9" * 399 + "8", False),
        ("1e" + "9" * 30, "1e" + "8" * 30, False),
        ("1e-400", "0", True),
    ],
)
def test_numbers_that_overflow_a_float_are_compared_exactly(expected: str, actual: str, same: bool) -> None:
    assert same_output(expected, actual.encode(), CLOSE) is same


@pytest.mark.parametrize("kind", [ComparisonKind.TOKENS, ComparisonKind.FLOATS])
def test_case_is_ignored_on_request(kind: ComparisonKind) -> None:
    assert not same_output("YES 1", b"yes 1", Comparison(kind))
    assert same_output("YES 1", b"yes 1", Comparison(kind, ignore_case=True))
    assert not same_output("YES 1", b"no 1", Comparison(kind, ignore_case=True))


@pytest.mark.parametrize(
    ("expected", "actual", "same"),
    [
        ("9007199254740992", "9007199254740993", False),
        ("9007199254740992", "9007199254740992.0", True),
        ("0.1", "0.10", True),
        ("0.1", "0.10000000000000001", False),
    ],
)
def test_without_a_tolerance_numbers_are_compared_exactly(expected: str, actual: str, same: bool) -> None:
    assert same_output(expected, actual.encode(), EQUAL) is same


@pytest.mark.parametrize(
    ("expected", "actual", "same"),
    [
        ("nan", "NaN", True),
        ("nan", "-nan", True),
        ("inf", "Infinity", True),
        ("-inf", "-Infinity", True),
        ("+INF", "inf", True),
        ("inf", "-inf", False),
        ("inf", "nan", False),
        ("inf", "1e400", False),
        ("1", "nan", False),
        ("infinite", "Infinite", False),
    ],
)
def test_not_finite_numbers_have_several_spellings(expected: str, actual: str, same: bool) -> None:
    assert same_output(expected, actual.encode(), CLOSE) is same
