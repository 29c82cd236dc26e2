"""The distribution functions of intervals and tests, without scipy."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from statistics import NormalDist

_TINY = 1e-300
_PRECISION = 1e-16


def normal_quantile(p: float) -> float:
    """The z with P(Z <= z) = ``p``."""
    return NormalDist().inv_cdf(p)


def t_tails(t: float, df: float) -> float:
    """P(|T| >= |t|) of Student's t with ``df`` (any positive number) degrees of freedom."""
    if math.isinf(t):
        return 0.0
    if t * t < 1:  # far tails keep their digits in the second form, near ones in the first
        return 1 - incomplete_beta(0.5, df / 2, t * t / (df + t * t))
    return incomplete_beta(df / 2, 0.5, df / (df + t * t))


@functools.lru_cache(maxsize=4096)
def t_quantile(p: float, df: float) -> float:
    """The t with P(T <= t) = ``p``: 1/2 < p < 1."""
    tails = 2 * (1 - p)
    return root(lambda t: t_tails(t, df) - tails, normal_quantile(p))


def root(falling: Callable[[float], float], start: float) -> float:
    """The zero of ``falling`` above 0: bracketing, then the Illinois variant of regula falsi."""
    low, high = 0.0, start
    at_low, at_high = falling(low), falling(high)
    while at_high > 0:
        low, at_low = high, at_high
        high *= 2
        at_high = falling(high)
    moved = 0
    for _ in range(100):
        middle = (low * at_high - high * at_low) / (at_high - at_low)
        value = falling(middle)
        if abs(value) < 1e-14 or high - low < 1e-13 * high:
            return middle
        side = 1 if value > 0 else -1
        if side > 0:
            low, at_low = middle, value
            at_high /= 2 if moved == side else 1  # an end that stays too long loses weight
        else:
            high, at_high = middle, value
            at_low /= 2 if moved == side else 1
        moved = side
    return (low + high) / 2


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b), by its continued fraction."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(b, a, 1 - x)
    front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(front) * _beta_fraction(a, b, x) / a


def _beta_fraction(a: float, b: float, x: float) -> float:
    """The continued fraction by Lentz's method (DLMF 8.17.22)."""
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1) or _TINY)
    total = d
    for m in range(1, 10_000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / (1 + term * d or _TINY)
            c = 1 + term / c or _TINY
            total *= c * d
        if abs(c * d - 1) < _PRECISION * 4:
            break
    return total


def chi_squared_quantile(p: float, df: int) -> float:
    """The x with P(X <= x) = ``p`` for chi² with a whole number of degrees of freedom, by bisection."""
    low, high = 0.0, 1.0
    while _chi_squared(high, df) < p:
        low, high = high, high * 2
    while (middle := (low + high) / 2) not in (low, high):
        if _chi_squared(middle, df) < p:
            low = middle
        else:
            high = middle
    return middle


def _chi_squared(x: float, df: int) -> float:
    """P(X <= x): the series of the incomplete gamma function (DLMF 8.11.4), whose terms are all positive;
    accurate for whole degrees of freedom and x below a few hundred."""
    if x <= 0:
        return 0.0
    half = df / 2
    term = math.exp(half * math.log(x / 2) - x / 2 - math.lgamma(half + 1))
    total, n = 0.0, half
    while total + term != total or n < x / 2:
        total += term
        n += 1
        term *= x / 2 / n
    return total
