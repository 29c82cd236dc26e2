"""Tests of two rates of which only the totals are known, as in a published table."""

from __future__ import annotations

import math

from crosstune.scoring._paired import mcnemar_exact
from crosstune.scoring._special import t_tails


def least_p(first: float, second: float) -> float:
    """The smallest possible p of McNemar's exact test for ``first`` and ``second`` solved problems of one
    benchmark: that of the case where all differing problems differ in the same direction. If this is not
    significant, the true p is not either."""
    return mcnemar_exact(round(abs(first - second)), 0)


def unpaired_p(first: float, second: float, first_n: int, second_n: int) -> float:
    """Two-sided p of the score test that two rates (``first`` of ``first_n``, ``second`` of ``second_n``)
    are equal, as if of different problems: too large if the problems are the same and those that are hard for
    one model are hard for the other. What is significant here is also significant when paired.

    Raises:
        ValueError: a denominator is not positive.
    """
    if first_n <= 0 or second_n <= 0:
        raise ValueError(f"no rates of {first} out of {first_n} and {second} out of {second_n}")
    pooled = (first + second) / (first_n + second_n)
    error = math.sqrt(pooled * (1 - pooled) * (1 / first_n + 1 / second_n))
    distance = abs(first / first_n - second / second_n)
    return math.erfc(distance / error / math.sqrt(2)) if error else 1.0


def t_test_of_r(r: float, points: int) -> float:
    """Two-sided p of the test that Pearson's ``r`` over ``points`` pairs of values is 0.

    Raises:
        ValueError: fewer than three points, for which every r is 1 or -1.
    """
    if points < 3:
        raise ValueError(f"a correlation over {points} points; expected 3 or more")
    if abs(r) >= 1:
        return 0.0
    return t_tails(r * math.sqrt((points - 2) / (1 - r * r)), points - 2)
