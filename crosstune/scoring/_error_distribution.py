"""The confidence of a half width, from three mean squares; see `_crossed`."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

from crosstune.scoring._special import chi_squared_quantile, root, t_tails

DRAWS = 100
"""Values of chi² that represent its distribution: the middles of as many equal parts."""
LEAST = 0.25
"""The share of the problems' mean square below which the seeds' part, a difference, cannot reduce the sum."""


@dataclass(frozen=True)
class ErrorDistribution:
    """``seeds``, ``problems``, ``rest``: the mean squares A, B, E (B not below E); ``size``: the number of
    values in the mean."""

    seeds: float
    problems: float
    rest: float
    seed_freedom: int
    problem_freedom: float
    size: float

    def beyond(self, distance: float) -> float:
        """The probability of an error of ``distance`` or more: the mean of both answers."""
        return (self._satterthwaite(distance) + self._generalised(distance)) / 2

    def half(self, level: float) -> float:
        """The distance that is exceeded with probability 1 - ``level``."""
        return root(lambda distance: self.beyond(distance) - (1 - level), math.sqrt(self.errors[-1]))

    @functools.cached_property
    def error(self) -> float:
        """The standard error. A - E cannot reduce it below 1 / (seeds - 1) of B: that two seeds agree says
        little, that sixteen do says a lot."""
        total = max(self.problems + self.seeds - self.rest, self.problems / self.seed_freedom)
        return math.sqrt(total / self.size)

    @functools.cached_property
    def freedom(self) -> float:
        """Satterthwaite's degrees of freedom."""
        weight = self.seeds**2 / self.seed_freedom + self.problems**2 / self.problem_freedom
        weight += self.rest**2 / (self.seed_freedom * self.problem_freedom)
        return max((self.error**2 * self.size) ** 2 / weight, self.seed_freedom)

    @functools.cached_property
    def errors(self) -> tuple[float, ...]:
        """Squared standard errors, one for each value of chi², in descending order."""
        totals = (
            self.problems - self.rest + self.seed_freedom * self.seeds / value
            for value in _chi_squared(self.seed_freedom)
        )
        return tuple(max(total, LEAST * self.problems) / self.size for total in totals)

    def _satterthwaite(self, distance: float) -> float:
        return t_tails(distance / self.error, self.freedom)

    def _generalised(self, distance: float) -> float:
        """Student's t over problems by the normal approximation 26.7.8 of Abramowitz and Stegun."""
        shrunk, spread = 1 - 1 / (4 * self.problem_freedom), 2 * self.problem_freedom
        total, square = 0.0, distance * distance
        for error in self.errors:
            t = square / error
            total += math.erfc(shrunk * math.sqrt(t / (2 * (1 + t / spread))))
        return total / len(self.errors)


@functools.cache
def _chi_squared(freedom: int) -> tuple[float, ...]:
    return tuple(chi_squared_quantile((at + 0.5) / DRAWS, freedom) for at in range(DRAWS))
