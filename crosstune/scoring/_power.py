"""The smallest gain that a study is likely to show, by simulating studies of its size."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosstune.scoring._crossed import crossed_difference

if TYPE_CHECKING:
    import numpy as np

POWER = 0.8
"""The share of studies that are to show a gain of the size that is looked for."""
DETECTABLE = 1 + 0.8416 / 1.96
"""A true difference of so many half widths of its 95 % interval is shown in four of five studies (normal
errors; with three seeds or fewer a little less is enough)."""
_ALPHA = 0.05
_STUDIES, _STUDIES_WITH_SAMPLES = 160, 48
_SPREAD_OF_PROBLEMS, _SPREAD_OF_ONE_MODEL = 1.5, 0.7
_STEP = 0.005


@dataclass(frozen=True, slots=True)
class Assumptions:
    """``rate``: the baseline's, a fraction of 1. ``seeds_spread``: the standard deviation between seeds on
    the logit scale (0.4 is about what a tiny model shows)."""

    rate: float = 0.3
    seeds_spread: float = 0.2


def smallest_gain(
    problems: int, seeds: int = 1, samples: int = 1, assumed: Assumptions | None = None
) -> float | None:
    """The smallest gain (a fraction of 1) that `POWER` of simulated studies show: its interval excludes 0 and
    p < 0.05. None if not even solving everything would.

    Problems' difficulties have a standard deviation of 1.5 on the logit scale for both models and of 0.7 more
    for each, as in docs/statistics.md. The same arguments give the same number.
    """
    return _smallest(problems, seeds, samples, assumed or Assumptions())


@functools.cache
def _smallest(problems: int, seeds: int, samples: int, assumed: Assumptions) -> float | None:
    low, high = 0.0, 1 - assumed.rate - _STEP
    if high <= 0 or _power(high, problems, seeds, samples, assumed) < POWER:
        return None
    while high - low > _STEP:
        middle = (low + high) / 2
        if _power(middle, problems, seeds, samples, assumed) < POWER:
            low = middle
        else:
            high = middle
    return high


def _power(gain: float, problems: int, seeds: int, samples: int, assumed: Assumptions) -> float:
    """The share of studies that show the gain; each gain meets the same draws of chance."""
    import numpy as np

    random = np.random.default_rng(0)
    # The permutation test, of several samples with one seed, takes much longer than the other tests.
    studies = _STUDIES_WITH_SAMPLES if samples > 1 and seeds == 1 else _STUDIES
    shown = 0
    for _ in range(studies):
        common = random.normal(0, _SPREAD_OF_PROBLEMS, problems)
        sides = [
            _answers(random, rate, common, (seeds, problems, samples), assumed.seeds_spread)
            for rate in (assumed.rate, assumed.rate + gain)
        ]
        estimate = crossed_difference(sides[1] - sides[0])
        shown += estimate.low > 0 and (estimate.p or 0.0) < _ALPHA
    return shown / studies


def _answers(
    random: np.random.Generator,
    rate: float,
    common: np.ndarray,
    size: tuple[int, int, int],
    seeds_spread: float,
) -> np.ndarray:
    """The share of samples that pass, seeds x problems."""
    import numpy as np

    seeds, problems, samples = size
    own = common + random.normal(0, _SPREAD_OF_ONE_MODEL, problems)
    logits = _middle(rate, seeds_spread) + own + random.normal(0, seeds_spread, (seeds, 1))
    passed: np.ndarray = random.random((samples, seeds, problems)) < 1 / (1 + np.exp(-logits))
    rates: np.ndarray = passed.mean(0)
    return rates


@functools.cache
def _middle(rate: float, seeds_spread: float) -> float:
    """The logit at which the mean rate over problems and seeds is ``rate``."""
    import numpy as np

    spread = math.hypot(_SPREAD_OF_PROBLEMS, _SPREAD_OF_ONE_MODEL, seeds_spread)
    points, weights = np.polynomial.hermite_e.hermegauss(40)
    low, high = -20.0, 20.0
    for _ in range(50):
        middle = (low + high) / 2
        mean = float((weights / (1 + np.exp(-(middle + spread * points)))).sum() / weights.sum())
        low, high = (middle, high) if mean < rate else (low, middle)
    return low
