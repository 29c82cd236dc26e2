"""The mean of a table of seeds x problems, when both are samples of what might have been.

The two-way random-effects analysis of variance, one value a cell: with mean squares A (seeds),
B (problems) and E (the rest), the variance of the mean is estimated as

    (E + max(A - E, 0) + max(B - E, 0)) / (seeds * problems)

and its degrees of freedom by Satterthwaite's formula, never fewer than seeds - 1. With three seeds
that disagree, Student's t is then nearly the wide one of 2 degrees of freedom; where only the
problems matter, it is the normal one. `bootstrap_crossed` has no such memory of how few the seeds
are and covers too little; docs/statistics.md gives the simulation.

So that a table of nothing but equal values (0 of 60, with every seed) does not get an interval of
width 0, pseudo-problems that are equal in all seeds are added before: for a difference two, at
+sqrt(1/2) and -sqrt(1/2), which for one seed is the interval of Agresti and Min 2005; for a rate two
solved and two not, which for one seed is that of Agresti and Coull 1998.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosstune.scoring._paired import mcnemar_exact, sign_flip
from crosstune.scoring._rates import LEVEL, rate_interval
from crosstune.scoring._special import t_quantile, t_tails

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_DIFFERENCE = (math.sqrt(0.5), -math.sqrt(0.5))
_RATE = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its interval; ``p`` is of the two-sided test that it is 0 (None for a rate)."""

    value: float
    low: float
    high: float
    p: float | None = None


@dataclass(frozen=True, slots=True)
class _Spread:
    centre: float
    error: float
    freedom: float

    def half(self, level: float) -> float:
        return t_quantile((1 + level) / 2, self.freedom) * self.error


def crossed_rate(values: npt.ArrayLike, *, level: float = LEVEL) -> Estimate:
    """The mean of ``values`` (seeds x problems, each a fraction of 1), with its interval within 0 … 1.

    With one seed it is the interval of `rate_interval`, over problems only.
    """
    data = _table(values)
    if len(data) == 1:
        low, high = rate_interval([float(value) for value in data[0]], level)
        return Estimate(float(data.mean()), low, high)
    return _bounded(data, _spread(data, _RATE), level, 0.0)


def crossed_difference(values: npt.ArrayLike, *, level: float = LEVEL) -> Estimate:
    """The mean of paired differences (seeds x problems, each in -1 … 1), its interval and its test.

    The test is the one that belongs to the interval. With one seed, which leaves only the problems
    to chance, it is McNemar's exact test where each problem was solved or not, otherwise the paired
    permutation test.
    """
    import numpy as np

    data = _table(values)
    spread = _spread(data, _DIFFERENCE)
    if len(data) > 1:
        p = t_tails(spread.centre / spread.error, spread.freedom)
    elif np.isin(data, (-1, 0, 1)).all():
        p = mcnemar_exact(int((data > 0).sum()), int((data < 0).sum()))
    else:
        p = sign_flip(data[0])
    return _bounded(data, spread, level, -1.0, p)


def _table(values: npt.ArrayLike) -> np.ndarray:
    import numpy as np

    data = np.asarray(values, dtype=float)
    if data.ndim != 2 or not data.size:
        raise ValueError(f"expected a table of seeds x problems, found the shape {data.shape}")
    return data


def _bounded(
    data: np.ndarray, spread: _Spread, level: float, lowest: float, p: float | None = None
) -> Estimate:
    value, half = float(data.mean()), spread.half(level)
    low = max(lowest, min(value, spread.centre - half))
    high = min(1.0, max(value, spread.centre + half))
    return Estimate(value, low, high, p)


def _spread(data: np.ndarray, pseudo: tuple[float, ...]) -> _Spread:
    import numpy as np

    table = np.hstack([data, np.broadcast_to(pseudo, (len(data), len(pseudo)))])
    seeds, problems = table.shape
    centre = float(table.mean())
    by_problem = table.mean(0)
    between_problems = seeds * float(by_problem.var(ddof=1))
    if seeds == 1:
        return _Spread(centre, math.sqrt(between_problems / problems), problems - 1)
    by_seed = table.mean(1)
    between_seeds = problems * float(by_seed.var(ddof=1))
    rest_freedom = (seeds - 1) * (problems - 1)
    residuals = table - by_seed[:, None] - by_problem + centre
    rest = float((residuals**2).sum()) / rest_freedom
    return _combined(
        centre, seeds * problems, rest, ((between_seeds, seeds - 1), (between_problems, problems - 1))
    )


def _combined(
    centre: float, size: int, rest: float, factors: tuple[tuple[float, int], tuple[float, int]]
) -> _Spread:
    """``factors``: (mean square, degrees of freedom) of the seeds, then of the problems."""
    counted = [(square, freedom) for square, freedom in factors if square > rest]
    rest_share = 1 - len(counted)
    total = sum(square for square, _ in counted) + rest_share * rest
    (_, seed_freedom), (_, problem_freedom) = factors
    weight = sum(square**2 / freedom for square, freedom in counted)
    weight += (rest_share * rest) ** 2 / (seed_freedom * problem_freedom)
    freedom = max(total**2 / weight, seed_freedom)
    return _Spread(centre, math.sqrt(total / size), freedom)
