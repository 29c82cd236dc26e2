"""The mean of a table of seeds x problems, where both are samples of a population.

The two-way random-effects analysis of variance, with one value for each seed and problem: with mean squares
A (seeds), B (problems) and E (the rest), the variance of the mean is (A + B - E) / (seeds * problems). A
rests on a handful of seeds. There are two textbook answers, which near three seeds err on opposite sides:

- Satterthwaite 1946: Student's t with the degrees of freedom of that sum, a little too narrow;
- the generalised interval of Weerahandi 1993, in which the seeds' part is what (seeds - 1) A / chi²
  could be, a little too wide.

The confidence of a half width is the mean of what the two give it; it covers well (simulated in
docs/statistics.md) where neither does alone. `bootstrap_crossed` ignores how few the seeds are and covers
too little.

A table of equal values (0 of 60 with every seed) must not get an interval of width 0. So what Agresti and
Min 2005 (a difference) and Agresti and Coull 1998 (a rate) add to the counts of a single seed is added here
too, scaled down by how much seeds and samples have averaged out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosstune.scoring._error_distribution import ErrorDistribution
from crosstune.scoring._paired import mcnemar_exact, sign_flip
from crosstune.scoring._rates import LEVEL, Interval, wilson
from crosstune.scoring._special import t_quantile

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

LEAST_VARIANCE = 0.25
"""Added to the sum of squares, in whole problems: otherwise a handful of solved problems would decide how
much noise was averaged out."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its interval; ``p`` is of the two-sided test that it is 0 (None for a rate)."""

    value: float
    low: float
    high: float
    p: float | None = None


@dataclass(frozen=True, slots=True)
class _Centre:
    """The middle of the interval: the mean shrunk a little, the mean square of the problems, and their
    effective number."""

    value: float
    square: float
    problems: float


def crossed_rate(values: npt.ArrayLike, *, level: float = LEVEL) -> Estimate:
    """The mean of ``values`` (seeds x problems, each a fraction of 1), with its interval within 0 … 1.

    With one seed, and problems that are either solved or not, the interval is Wilson's.
    """
    data = _table(values)
    if len(data) == 1 and _whole(data, 0, 1):
        return Estimate(float(data.mean()), *wilson(float(data.sum()), data.size, level))
    centre = _rate_centre(data)
    low, high = _interval(data, centre, _errors(data, centre), level)
    return Estimate(float(data.mean()), max(0.0, low), min(1.0, high))


def rate_interval(rates: Sequence[float], level: float = LEVEL) -> Interval:
    """The interval of a mean of per-problem ``rates`` (fractions of 1) with one seed: Wilson's if every
    problem was either solved or not, otherwise Student's t over problems (see the top of this file)."""
    estimate = crossed_rate([list(rates)], level=level)
    return estimate.low, estimate.high


def crossed_difference(values: npt.ArrayLike, *, level: float = LEVEL, bound: float = 1.0) -> Estimate:
    """The mean of paired differences (seeds x problems), its interval within ±``bound``, its test.

    The test matches the interval. With one seed, where only the problems are random, it is McNemar's exact
    test if each problem was either solved or not, otherwise the paired permutation test.
    """
    data = _table(values)
    centre = _difference_centre(data)
    errors = _errors(data, centre)
    if isinstance(errors, ErrorDistribution):
        p = errors.beyond(abs(centre.value))
    elif _whole(data, -1, 0, 1):
        p = mcnemar_exact(int((data > 0).sum()), int((data < 0).sum()))
    else:
        p = sign_flip(data[0])
    low, high = _interval(data, centre, errors, level)
    return Estimate(float(data.mean()), max(-bound, low), min(bound, high), p)


def _table(values: npt.ArrayLike) -> np.ndarray:
    import numpy as np

    data = np.asarray(values, dtype=float)
    if data.ndim != 2 or not data.size:
        raise ValueError(f"expected a table of seeds x problems, not of shape {data.shape}")
    return data


def _whole(data: np.ndarray, *values: int) -> bool:
    import numpy as np

    return bool(np.isin(data, values).all())


def _interval(
    data: np.ndarray, centre: _Centre, errors: ErrorDistribution | _OneSeed, level: float
) -> Interval:
    """Around the centre, extended to include the mean."""
    value, half = float(data.mean()), errors.half(level)
    return min(value, centre.value - half), max(value, centre.value + half)


def _noise(by_problem: np.ndarray, single: float) -> float:
    """The variance of a problem's mean as a share of that of a ``single`` answer: 1 for one sample and one
    seed, less the more of them were averaged (and the less they agree)."""
    if len(by_problem) == 1:
        return 1.0
    least = LEAST_VARIANCE / len(by_problem)
    return min(1.0, (float(by_problem.var(ddof=1)) + least) / (single + least))


def _difference_centre(data: np.ndarray) -> _Centre:
    """Agresti and Min's half a pair on either side, each with half a problem."""
    import numpy as np

    problems, by_problem, mean = data.shape[1], data.mean(0), float(data.mean())
    noise = _noise(by_problem, float(np.abs(data).mean()) - mean**2)
    counted = problems + 2 * noise
    squares = float((by_problem**2).sum()) + noise**2 - (problems * mean) ** 2 / counted
    return _Centre(problems * mean / counted, len(data) * squares / (counted - 1), counted)


def _rate_centre(data: np.ndarray) -> _Centre:
    """Agresti and Coull's two solved and two unsolved problems."""
    problems, by_problem, mean = data.shape[1], data.mean(0), float(data.mean())
    single = mean * (1 - mean)
    noise = _noise(by_problem, single)
    counted = problems + 4 * noise
    drawn = (problems * mean + 2 * noise) / counted
    squares = float(((by_problem - mean) ** 2).sum())
    squares += noise * (counted * drawn * (1 - drawn) - problems * single)
    return _Centre(drawn, len(data) * squares / (counted - 1), counted)


@dataclass(frozen=True, slots=True)
class _OneSeed:
    """Student's t over problems."""

    error: float
    freedom: float

    def half(self, level: float) -> float:
        return t_quantile((1 + level) / 2, self.freedom) * self.error


def _errors(data: np.ndarray, centre: _Centre) -> ErrorDistribution | _OneSeed:
    seeds, problems = data.shape
    freedom = centre.problems - 1
    if seeds == 1:
        return _OneSeed(math.sqrt(centre.square / centre.problems), freedom)
    by_seed, by_problem = data.mean(1), data.mean(0)
    between_seeds = problems * float(by_seed.var(ddof=1))
    residuals = data - by_seed[:, None] - by_problem + data.mean()
    rest = float((residuals**2).sum()) / ((seeds - 1) * max(problems - 1, 1))
    return ErrorDistribution(
        seeds=between_seeds,
        problems=max(centre.square, rest),
        rest=rest,
        seed_freedom=seeds - 1,
        problem_freedom=freedom,
        size=seeds * centre.problems,
    )
