"""How fast long work goes, and how long it still takes."""

from __future__ import annotations

import pytest

from crosstune.cli._pace import Pace


def test_nothing_is_known_before_something_new_is_done() -> None:
    pace = Pace()
    assert (pace.left(10, 5.0), pace.spent(5.0)) == (None, 0.0)
    pace.advanced(3, 5.0)
    assert (pace.left(10, 9.0), pace.spent(9.0)) == (None, 4.0)


def test_what_an_earlier_run_did_does_not_count() -> None:
    pace = Pace()
    pace.advanced(40, 0.0)
    pace.advanced(60, 10.0)
    assert pace.left(100, 10.0) == 20.0


def test_a_wait_is_counted() -> None:
    pace = Pace()
    pace.advanced(0, 0.0)
    pace.advanced(5, 10.0)
    assert pace.left(10, 20.0) == 20.0


def test_long_items_at_the_beginning_are_forgotten() -> None:
    """Items of 10 seconds, then of 1: the later half says better how long the rest takes."""
    pace, now = Pace(), 0.0
    pace.advanced(0, now)
    for number in range(1, 101):
        now += 10 if number <= 20 else 1
        pace.advanced(number, now)
    left = pace.left(200, now)
    assert left is not None
    assert 100 <= left < 1.1 * 100 * 140 / 90
    assert left < 100 * now / 100


@pytest.mark.parametrize("count", [1_000, 100_000])
def test_few_times_are_kept(count: int) -> None:
    pace = Pace()
    for number in range(count):
        pace.advanced(number, number / 10)
    assert len(pace._marks) <= 66
    assert pace.left(2 * count, (count - 1) / 10) == pytest.approx((count + 1) / 10, rel=0.02)
