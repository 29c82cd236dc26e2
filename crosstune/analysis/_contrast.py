"""Differences in points with their interval, their test and their significance."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from crosstune.analysis._run import TaskKey
from crosstune.scoring import DETECTABLE, Estimate, holm

ALPHA = 0.05
"""p-values below this are significant."""


class Significance:
    """Whether a difference is significant, by its interval and its p-values."""

    __slots__ = ()
    low: Any
    high: Any
    p: Any
    p_holm: Any

    @property
    def beyond(self) -> bool:
        """Whether the interval excludes 0 and the test agrees (with one seed the test is exact but the
        interval is not, and they sometimes differ)."""
        return not self.low <= 0 <= self.high and bool(self.p < ALPHA)

    @property
    def significant(self) -> bool:
        """Whether this also holds after Holm's correction."""
        return self.beyond and bool(self.p_holm < ALPHA)

    @property
    def stars(self) -> str:
        return "**" if self.significant else "*" if self.beyond else ""

    @property
    def detectable(self) -> float:
        """The true difference, in points, that four of five comparisons with such an interval would show."""
        return float(DETECTABLE * (self.high - self.low) / 2)


@dataclass(frozen=True, slots=True)
class Gain(Significance):
    """One model minus another (``against``) on one task; ``value``, ``low``, ``high`` in points.

    ``problems`` and ``seeds``: those that both were judged on. ``p`` is of this comparison alone, ``p_holm``
    is corrected over all comparisons of the same table.
    """

    model: str
    against: str
    task_key: TaskKey
    value: float
    low: float
    high: float
    p: float
    problems: int
    seeds: int
    p_holm: float = 1.0


@dataclass(frozen=True, slots=True)
class Contrast(Significance):
    """A mean of gains, or a difference of such means, over several tasks or models; in points.

    ``problems`` counts a problem that is asked in several languages once.
    """

    value: float
    low: float
    high: float
    p: float
    problems: int
    seeds: int
    p_holm: float = 1.0


Tested = TypeVar("Tested", Gain, Contrast)


def corrected(tested: Iterable[Tested]) -> list[Tested]:
    """The same differences with `p_holm`, corrected over all of them."""
    listed = list(tested)
    adjusted = holm([one.p for one in listed])
    return [replace(one, p_holm=p) for one, p in zip(listed, adjusted, strict=True)]


def in_points(estimate: Estimate) -> tuple[float, float, float, float]:
    """(value, low, high, p) of a difference, the first three in percentage points."""
    p = 1.0 if estimate.p is None else estimate.p
    return 100 * estimate.value, 100 * estimate.low, 100 * estimate.high, p
