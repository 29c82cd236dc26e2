"""How often the intervals contain the true value, simulated: ``python -m tests.scoring.coverage [STUDIES]``.

The intervals come from `batch`, for all studies of a setting at once; for the first few the package must give
the same.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pytest

from crosstune.scoring import Estimate, bootstrap_crossed, crossed_difference, crossed_rate
from tests.scoring import batch

PROBLEM_SPREAD, OWN_SPREAD = 1.5, 0.7
"""Standard deviations on the logit scale: how far problems differ in hardness, for all models alike
and for each model on its own."""
CHECKED = 3
"""Studies of each setting that are also computed by the package."""
ROUNDS = 400
"""Of the bootstrap."""


class Case(NamedTuple):
    """Two models: the logits of their chance on a problem of middling hardness, and how far the seeds
    of each differ (standard deviation on the logit scale)."""

    before: float
    after: float
    seed_spread: float
    seeds: int = 3
    problems: int = 60
    samples: int = 1


class Coverage(NamedTuple):
    """Shares of the studies whose interval contains the true value, the mean width of the gain's, and the
    share of studies with a significant gain (nan with one seed)."""

    gain: float
    rate: float
    bootstrap: float
    width: float
    shown: float


def measure(case: Case, studies: int, seed: int = 11) -> Coverage:
    before, after = _truth(case.before, case), _truth(case.after, case)
    first, second = _studies(case, studies, np.random.default_rng(seed))
    gaps = second - first
    gain, rate = batch.differences(gaps), batch.rates(second)
    plain = batch.bootstraps(gaps, ROUNDS)
    for at in range(CHECKED):
        _same(gain, at, crossed_difference(gaps[at], bound=math.inf))
        _same(rate, at, crossed_rate(second[at]))
        assert bootstrap_crossed(gaps[at], rounds=ROUNDS) == pytest.approx((plain.low[at], plain.high[at]))
    return Coverage(
        _held(gain, after - before),
        _held(rate, after),
        _held(plain, after - before),
        float((np.minimum(gain.high, 1) - np.maximum(gain.low, -1)).mean()),
        float((gain.p < 0.05).mean()) if case.seeds > 1 else math.nan,
    )


def _held(result: batch.Intervals, truth: float) -> float:
    return float(((result.low <= truth) & (truth <= result.high)).mean())


def _same(result: batch.Intervals, at: int, package: Estimate) -> None:
    """A rate's ends are cut off at 0 and 1."""
    ends = (result.low[at], result.high[at])
    if package.p is None:
        ends = (max(0.0, ends[0]), min(1.0, ends[1]))
    assert (package.low, package.high) == pytest.approx(ends, abs=1e-9)


def _studies(case: Case, studies: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """For both models, the share of samples that solved each problem: studies x seeds x problems."""
    hardness = rng.normal(0, PROBLEM_SPREAD, (studies, 1, case.problems))

    def solved(logit: float) -> np.ndarray:
        own = rng.normal(0, OWN_SPREAD, (studies, 1, case.problems))
        of_seed = rng.normal(0, case.seed_spread, (studies, case.seeds, 1))
        chance = 1 / (1 + np.exp(-(logit + hardness + own + of_seed)))
        return np.asarray(rng.binomial(case.samples, chance) / case.samples)

    return solved(case.before), solved(case.after)


def _truth(logit: float, case: Case) -> float:
    """The mean chance over all problems and seeds that could have been drawn."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(101)
    spread = math.hypot(PROBLEM_SPREAD, OWN_SPREAD, case.seed_spread)
    return float(weights @ (1 / (1 + np.exp(-logit - spread * nodes))) / weights.sum())


HEAD = """| seeds x problems x samples | pass@1, % | seed spread | gain | rate | bootstrap | half width |
|---|---|---|---|---|---|---|"""

SHAPES: tuple[tuple[int, int, int], ...] = (
    (1, 30, 5),
    (1, 60, 1),
    (1, 164, 20),
    (2, 60, 1),
    (2, 164, 1),
    (3, 30, 1),
    (3, 60, 1),
    (3, 164, 1),
    (3, 200, 20),
    (5, 60, 1),
    (5, 164, 20),
    (16, 60, 1),
    (16, 200, 20),
)
LEVELS = ((-3.0, 0.3), (-3.0, -3.0), (0.0, 1.0))
EDGES = ((-4.0, 5.0), (-6.0, -6.0))


def cases() -> Iterator[Case]:
    """One seed says nothing about others: there the true value is that of the given seed."""
    for shape in SHAPES:
        for ends in LEVELS:
            for spread in (0.0, 0.2, 0.4) if shape[0] > 1 else (0.0,):
                yield Case(*ends, spread, *shape)
    for shape in ((3, 60, 1), (5, 164, 20)):
        yield from (Case(*ends, 1.0, *shape) for ends in LEVELS)
        yield from (Case(*ends, spread, *shape) for ends in EDGES for spread in (0.0, 0.4))


def table(studies: int) -> Iterator[str]:
    """Markdown, line by line: shares of studies in percent, half widths in points."""
    yield HEAD
    for case in cases():
        result = measure(case, studies)
        shares = " | ".join(f"{100 * share:.1f}" for share in result[:3])
        ends = f"{100 * _truth(case.before, case):.0f} → {100 * _truth(case.after, case):.0f}"
        shape = f"{case.seeds} x {case.problems} x {case.samples}"
        yield f"| {shape} | {ends} | {case.seed_spread} | {shares} | {50 * result.width:.1f} |"


if __name__ == "__main__":
    for line in table(studies=int(sys.argv[1]) if len(sys.argv) > 1 else 2000):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
