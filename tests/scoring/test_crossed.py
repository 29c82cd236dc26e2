import math

import numpy as np
import pytest
from scipy import stats

from crosstune.scoring import (
    bootstrap,
    crossed_difference,
    crossed_rate,
    mcnemar_exact,
    sign_flip,
    wilson,
)
from tests.scoring import coverage


def _by_hand(table: np.ndarray, pseudo: list[float]) -> tuple[float, float, float]:
    """(centre, half width, p), by loops and scipy's distribution."""
    data = [[*row, *pseudo] for row in table.tolist()]
    s, p = len(data), len(data[0])
    mean = sum(map(sum, data)) / (s * p)
    rows = [sum(row) / p for row in data]
    columns = [sum(row[j] for row in data) / s for j in range(p)]
    a = p * sum((row - mean) ** 2 for row in rows) / (s - 1)
    b = s * sum((column - mean) ** 2 for column in columns) / (p - 1)
    e = sum((data[i][j] - rows[i] - columns[j] + mean) ** 2 for i in range(s) for j in range(p))
    e /= (s - 1) * (p - 1)
    weights = {"a": float(a > e), "b": float(b > e)}
    weights["e"] = 1 - weights["a"] - weights["b"]
    total = weights["a"] * a + weights["b"] * b + weights["e"] * e
    below = weights["a"] * a**2 / (s - 1) + weights["b"] * b**2 / (p - 1)
    below += weights["e"] ** 2 * e**2 / ((s - 1) * (p - 1))
    df = max(total**2 / below, s - 1)
    error = math.sqrt(total / (s * p))
    return mean, stats.t.ppf(0.975, df) * error, 2 * stats.t.sf(abs(mean) / error, df)


@pytest.mark.parametrize(("seeds", "problems"), [(2, 5), (3, 60), (5, 164)])
@pytest.mark.parametrize("seed_effect", [0.0, 0.1, 0.4])
def test_the_analysis_of_variance_agrees_with_plain_loops(
    seeds: int, problems: int, seed_effect: float
) -> None:
    rng = np.random.default_rng(seeds)
    chance = np.clip(0.3 + rng.normal(0, seed_effect, (seeds, 1)) + rng.normal(0, 0.2, problems), 0, 1)
    table = rng.binomial(1, chance) - rng.binomial(1, 0.2, (seeds, problems)).astype(float)
    centre, half, p = _by_hand(table, [math.sqrt(0.5), -math.sqrt(0.5)])
    found = crossed_difference(table)
    assert found.p == pytest.approx(p, rel=1e-9)
    assert found.value == pytest.approx(table.mean(), abs=1e-12)
    assert found.low == pytest.approx(max(-1, centre - half), abs=1e-9)
    assert found.high == pytest.approx(min(1, centre + half), abs=1e-9)


def test_with_one_seed_a_difference_has_the_interval_of_agresti_and_min() -> None:
    table = np.array([[1.0] * 9 + [-1.0] * 4 + [0.0] * 47])
    b, c, n = 9.5, 4.5, 62
    error = math.sqrt((b + c) - (b - c) ** 2 / n) / n * math.sqrt(n / (n - 1))
    half = stats.t.ppf(0.975, n - 1) * error
    found = crossed_difference(table)
    assert ((b - c) / n - half, (b - c) / n + half) == pytest.approx((found.low, found.high), abs=1e-9)
    assert mcnemar_exact(9, 4) == found.p


def test_with_one_seed_partly_solved_problems_are_permuted() -> None:
    table = [[0.5, 0.25, 0.0, 0.75, -0.5, 0.5]]
    assert sign_flip(table[0]) == crossed_difference(table).p


def test_a_rate_of_one_seed_has_the_interval_of_its_score() -> None:
    found = crossed_rate([[0, 1, 1, 0, 0]])
    assert wilson(2, 5) == (found.low, found.high)
    partly = [0.5, 1.0, 0.0, 0.25]
    found = crossed_rate([partly])
    assert bootstrap(partly) == (found.low, found.high)


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_equal_values_still_leave_doubt(value: float) -> None:
    rate = crossed_rate(np.full((3, 60), value))
    assert rate.value == value
    assert 0.03 < rate.high - rate.low < 0.12
    assert 0 <= rate.low <= value <= rate.high <= 1
    gain = crossed_difference(np.full((3, 60), value))
    assert gain.low < value <= gain.high
    assert (gain.low > 0) == (value > 0)


def test_seeds_that_disagree_widen_the_interval() -> None:
    rng = np.random.default_rng(2)
    agree = rng.binomial(1, 0.5, (3, 60)).astype(float)
    disagree = np.vstack([rng.binomial(1, rate, 60) for rate in (0.2, 0.5, 0.8)]).astype(float)
    narrow, wide = crossed_difference(agree), crossed_difference(disagree)
    assert wide.high - wide.low > 3 * (narrow.high - narrow.low)
    assert wide.p is not None
    assert narrow.p is not None
    assert wide.p > 0.05 > narrow.p


def test_order_does_not_matter() -> None:
    rng = np.random.default_rng(4)
    table = rng.integers(-1, 2, (3, 30)).astype(float)
    shuffled = table[rng.permutation(3)][:, rng.permutation(30)]
    first, second = crossed_difference(table), crossed_difference(shuffled)
    assert (first.low, first.high, first.p) == pytest.approx((second.low, second.high, second.p))


def test_only_a_table_has_a_mean() -> None:
    with pytest.raises(ValueError, match="seeds x problems"):
        crossed_rate([0.0, 1.0])
    with pytest.raises(ValueError, match="seeds x problems"):
        crossed_difference(np.zeros((3, 0)))


@pytest.mark.parametrize("seed_spread", [0.0, 0.4])
def test_the_interval_of_a_gain_covers_what_it_says(seed_spread: float) -> None:
    case = coverage.Case(before=-3, after=0.3, seed_spread=seed_spread)
    found = coverage.measure(case, studies=400)
    assert 0.93 <= found.gain <= 0.985
    assert 0.93 <= found.rate <= 0.985


def test_the_bootstrap_over_three_seeds_covers_too_little() -> None:
    case = coverage.Case(before=-3, after=0.3, seed_spread=1.0)
    found = coverage.measure(case, studies=250)
    assert found.bootstrap < 0.89
    assert found.gain >= 0.9
