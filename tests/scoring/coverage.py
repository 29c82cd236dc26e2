"""How often the intervals hold the truth, by simulation: ``python -m tests.scoring.coverage``."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from crosstune.scoring import Estimate, bootstrap_crossed, crossed_difference, crossed_rate

PROBLEM_SPREAD, OWN_SPREAD = 1.5, 0.7
"""Standard deviations on the logit scale: how far problems differ in hardness, for all models alike
and for each model on its own."""


class Case(NamedTuple):
    """Two models: the logits of their chance on a problem of middling hardness, and how far the seeds
    of each differ (standard deviation on the logit scale)."""

    before: float
    after: float
    seed_spread: float
    seeds: int = 3
    problems: int = 60


class Coverage(NamedTuple):
    """Shares of the studies whose interval holds the truth, and the mean width of the gain's."""

    gain: float
    rate: float
    bootstrap: float
    width: float


def measure(case: Case, studies: int, seed: int = 11) -> Coverage:
    rng = np.random.default_rng(seed)
    before, after = _truth(case.before, case), _truth(case.after, case)
    held = np.zeros(3)
    width = 0.0
    for study in range(studies):
        first, second = _study(case, rng)
        gain = crossed_difference(second - first)
        low, high = bootstrap_crossed(second - first, rounds=200, seed=study)
        held += (
            _holds(gain, after - before),
            _holds(crossed_rate(second), after),
            low <= after - before <= high,
        )
        width += gain.high - gain.low
    gain_held, rate_held, bootstrap_held = (held / studies).tolist()
    return Coverage(gain_held, rate_held, bootstrap_held, width / studies)


def _holds(estimate: Estimate, truth: float) -> bool:
    return estimate.low <= truth <= estimate.high


def _study(case: Case, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Who solved what, of both models; each seeds x problems."""
    hardness = rng.normal(0, PROBLEM_SPREAD, (1, case.problems))

    def solved(logit: float) -> np.ndarray:
        own = rng.normal(0, OWN_SPREAD, (1, case.problems))
        of_seed = rng.normal(0, case.seed_spread, (case.seeds, 1))
        chance = 1 / (1 + np.exp(-(logit + hardness + own + of_seed)))
        return np.asarray(rng.random(chance.shape) < chance, dtype=float)

    return solved(case.before), solved(case.after)


def _truth(logit: float, case: Case) -> float:
    """The mean chance over all problems and seeds that could have been drawn."""
    spread = math.hypot(PROBLEM_SPREAD, OWN_SPREAD, case.seed_spread)
    z = np.random.default_rng(0).normal(0, spread, 1_000_000)
    return float(np.mean(1 / (1 + np.exp(-logit - z))))


HEAD = """| pass@1, % | seed spread | gain | rate | bootstrap | half width |
|---|---|---|---|---|---|"""


def table(studies: int) -> Iterator[str]:
    """Markdown, line by line: shares of studies in percent, half widths in points."""
    yield HEAD
    for before, after in ((-4, 5), (-3, 0.3), (-3, -2), (-3, -3), (0, 1), (-6, -6)):
        for seed_spread in (0.0, 0.2, 0.4, 1.0):
            case = Case(before, after, seed_spread)
            found = measure(case, studies)
            shares = " | ".join(f"{100 * share:.1f}" for share in found[:3])
            ends = f"{100 * _truth(before, case):.0f} → {100 * _truth(after, case):.0f}"
            yield f"| {ends} | {seed_spread} | {shares} | {50 * found.width:.1f} |"


if __name__ == "__main__":
    for line in table(studies=2000):
        sys.stdout.write(line + "\n")
