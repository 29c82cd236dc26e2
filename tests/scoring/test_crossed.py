import math

import numpy as np
import pytest
from scipy import stats

from crosstune.scoring import (
    crossed_difference,
    crossed_rate,
    mcnemar_exact,
    sign_flip,
    wilson,
)
from tests.scoring import batch, coverage


def _table(seeds: int, problems: int, seed_effect: float) -> np.ndarray:
    rng = np.random.default_rng(seeds)
    chance = np.clip(0.3 + rng.normal(0, seed_effect, (seeds, 1)) + rng.normal(0, 0.2, problems), 0, 1)
    return np.asarray(rng.binomial(1, chance) - rng.binomial(1, 0.2, (seeds, problems)).astype(float))


@pytest.mark.parametrize(("seeds", "problems"), [(1, 30), (2, 5), (3, 60), (5, 164)])
@pytest.mark.parametrize("seed_effect", [0.0, 0.1, 0.4])
def test_the_interval_of_a_difference_is_what_scipy_gives(
    seeds: int, problems: int, seed_effect: float
) -> None:
    table = _table(seeds, problems, seed_effect)
    (low,), (high,), (p,) = batch.differences(table[None])
    estimate = crossed_difference(table)
    assert estimate.value == pytest.approx(table.mean(), abs=1e-12)
    assert (estimate.low, estimate.high) == pytest.approx((max(-1, low), min(1, high)), abs=1e-9)
    if seeds > 1:
        assert estimate.p == pytest.approx(p, rel=1e-9)


@pytest.mark.parametrize(("seeds", "samples"), [(1, 1), (1, 20), (2, 1), (3, 20), (16, 1)])
def test_the_interval_of_a_rate_is_what_scipy_gives(seeds: int, samples: int) -> None:
    rng = np.random.default_rng(seeds)
    table = rng.binomial(samples, rng.beta(1, 2, (1, 60)), (seeds, 60)) / samples
    (low,), (high,), _ = batch.rates(table[None])
    estimate = crossed_rate(table)
    assert (estimate.low, estimate.high) == pytest.approx((low, high), abs=1e-9)


def test_the_mean_squares_are_those_of_the_textbook() -> None:
    """By loops over a small table; the half width is then what the sum of three variances gives."""
    table = _table(3, 6, 0.4)
    rows, columns, mean = table.mean(1), table.mean(0), table.mean()
    a = 6 * sum((row - mean) ** 2 for row in rows) / 2
    e = sum((table[i, j] - rows[i] - columns[j] + mean) ** 2 for i in range(3) for j in range(6)) / 10
    found_a, found_e = batch.seeds_and_rest(table[None])
    assert (found_a[0], found_e[0]) == pytest.approx((a, e))


def test_interval_and_test_agree() -> None:
    rng = np.random.default_rng(6)
    for _ in range(50):
        estimate = crossed_difference(
            rng.binomial(1, 0.4, (3, 40)) - rng.binomial(1, 0.25, (3, 40)).astype(float)
        )
        assert estimate.p is not None
        assert (estimate.p < 0.05) == (not estimate.low <= 0 <= estimate.high)


def test_with_one_seed_a_difference_has_the_interval_of_agresti_and_min() -> None:
    table = np.array([[1.0] * 9 + [-1.0] * 4 + [0.0] * 47])
    b, c, n = 9.5, 4.5, 62
    error = math.sqrt((b + c) - (b - c) ** 2 / n) / n * math.sqrt(n / (n - 1))
    half = stats.t.ppf(0.975, n - 1) * error
    estimate = crossed_difference(table)
    assert ((b - c) / n - half, (b - c) / n + half) == pytest.approx((estimate.low, estimate.high), abs=1e-9)
    assert mcnemar_exact(9, 4) == estimate.p


def test_with_one_seed_partly_solved_problems_are_permuted() -> None:
    table = [[0.5, 0.25, 0.0, 0.75, -0.5, 0.5]]
    assert sign_flip(table[0]) == crossed_difference(table).p


def test_a_rate_of_one_seed_has_the_interval_of_its_score() -> None:
    estimate = crossed_rate([[0, 1, 1, 0, 0]])
    assert wilson(2, 5) == (estimate.low, estimate.high)


def test_partly_solved_problems_of_one_seed_have_students_t() -> None:
    values = np.random.default_rng(3).binomial(20, 0.3, 164) / 20
    estimate = crossed_rate([values])
    plain = stats.t.interval(0.95, 163, values.mean(), stats.sem(values))
    assert (estimate.low, estimate.high) == pytest.approx(plain, abs=0.003)


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_equal_values_have_an_interval(value: float) -> None:
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


def test_only_a_table_is_accepted() -> None:
    with pytest.raises(ValueError, match="seeds x problems"):
        crossed_rate([0.0, 1.0])
    with pytest.raises(ValueError, match="seeds x problems"):
        crossed_difference(np.zeros((3, 0)))


CENTRAL = [
    coverage.Case(-3, 0.3, 0.0),
    coverage.Case(-3, 0.3, 0.4),
    coverage.Case(0, 1, 0.2, problems=164),
    coverage.Case(-3, -3, 0.4, problems=164),
    coverage.Case(0, 1, 0.2, seeds=5, problems=164, samples=20),
    coverage.Case(-3, -3, 0.0, seeds=16),
    coverage.Case(0, 1, 0.0, seeds=1, problems=164),
    coverage.Case(0, 1, 0.0, seeds=1, problems=30, samples=5),
]


@pytest.mark.parametrize("case", CENTRAL)
def test_the_intervals_cover_93_to_97_of_2000_studies(case: coverage.Case) -> None:
    estimate = coverage.measure(case, studies=2000)
    assert 0.93 <= estimate.gain <= 0.97
    assert 0.93 <= estimate.rate <= 0.97


def test_the_bootstrap_over_three_seeds_covers_too_little() -> None:
    estimate = coverage.measure(coverage.Case(before=-3, after=0.3, seed_spread=1.0), studies=1000)
    assert estimate.bootstrap < 0.89
    assert estimate.gain >= 0.93


def test_without_a_gain_few_are_shown() -> None:
    assert coverage.measure(coverage.Case(0, 0, 0.4), studies=1000).shown <= 0.06
