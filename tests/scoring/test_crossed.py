import math

import numpy as np
import pytest
from scipy import optimize, stats

from crosstune.scoring import (
    crossed_difference,
    crossed_rate,
    mcnemar_exact,
    sign_flip,
    wilson,
)
from tests.scoring import coverage


def _squares(table: np.ndarray) -> tuple[float, float, float]:
    """Mean squares of seeds, problems and the rest, by loops."""
    s, p = table.shape
    data = table.tolist()
    mean = sum(map(sum, data)) / (s * p)
    rows = [sum(row) / p for row in data]
    columns = [sum(row[j] for row in data) / s for j in range(p)]
    a = p * sum((row - mean) ** 2 for row in rows) / (s - 1)
    b = s * sum((column - mean) ** 2 for column in columns) / (p - 1)
    e = sum((data[i][j] - rows[i] - columns[j] + mean) ** 2 for i in range(s) for j in range(p))
    return a, b, e / ((s - 1) * (p - 1))


def _noise(columns: np.ndarray, single: float) -> float:
    least = 0.25 / len(columns)
    return float(min(1, (columns.var(ddof=1) + least) / (single + least)))


def _by_hand(table: np.ndarray) -> tuple[float, float, float]:
    """(centre, half width, p) of a difference, with scipy's distributions and root."""
    s, p = table.shape
    a, _, e = _squares(table)
    columns, mean = table.mean(0), table.mean()
    noise = _noise(columns, np.abs(table).mean() - mean**2)
    n = p + 2 * noise
    centre = p * mean / n
    b = s * ((columns**2).sum() + noise**2 - n * centre**2) / (n - 1)
    return centre, *_half(centre, (a, max(b, e), e), s, n)


def _half(centre: float, squares: tuple[float, float, float], s: int, n: float) -> tuple[float, float]:
    a, b, e = squares
    total = max(a + b - e, b / (s - 1))
    freedom = total**2 / (a**2 / (s - 1) + b**2 / (n - 1) + e**2 / ((s - 1) * (n - 1)))
    freedom = max(freedom, s - 1)
    draws = stats.chi2.ppf((np.arange(100) + 0.5) / 100, s - 1)
    errors = np.sqrt(np.maximum(b - e + (s - 1) * a / draws, b / 4) / (s * n))

    def beyond(distance: float) -> float:
        first = 2 * stats.t.sf(distance / math.sqrt(total / (s * n)), freedom)
        t = distance / errors
        z = t * (1 - 1 / (4 * (n - 1))) / np.sqrt(1 + t**2 / (2 * (n - 1)))
        return float(first + (2 * stats.norm.sf(z)).mean()) / 2

    half = optimize.brentq(lambda distance: beyond(distance) - 0.05, 0, 100, xtol=1e-14)
    return half, beyond(abs(centre))


@pytest.mark.parametrize(("seeds", "problems"), [(2, 5), (3, 60), (5, 164)])
@pytest.mark.parametrize("seed_effect", [0.0, 0.1, 0.4])
def test_the_interval_of_a_difference_is_what_scipy_gives(
    seeds: int, problems: int, seed_effect: float
) -> None:
    rng = np.random.default_rng(seeds)
    chance = np.clip(0.3 + rng.normal(0, seed_effect, (seeds, 1)) + rng.normal(0, 0.2, problems), 0, 1)
    table = rng.binomial(1, chance) - rng.binomial(1, 0.2, (seeds, problems)).astype(float)
    centre, half, p = _by_hand(table)
    found = crossed_difference(table)
    assert found.p == pytest.approx(p, rel=1e-9)
    assert found.value == pytest.approx(table.mean(), abs=1e-12)
    assert found.low == pytest.approx(max(-1, min(table.mean(), centre - half)), abs=1e-9)
    assert found.high == pytest.approx(min(1, max(table.mean(), centre + half)), abs=1e-9)


@pytest.mark.parametrize(("seeds", "samples"), [(2, 1), (3, 20), (16, 1)])
def test_the_interval_of_a_rate_is_what_scipy_gives(seeds: int, samples: int) -> None:
    rng = np.random.default_rng(seeds)
    table = rng.binomial(samples, rng.beta(1, 2, (1, 60)), (seeds, 60)) / samples
    a, _, e = _squares(table)
    columns, mean = table.mean(0), table.mean()
    noise = _noise(columns, mean * (1 - mean))
    n = 60 + 4 * noise
    centre = (60 * mean + 2 * noise) / n
    added = noise * (n * centre * (1 - centre) - 60 * mean * (1 - mean))
    b = seeds * (((columns - mean) ** 2).sum() + added) / (n - 1)
    half, _ = _half(centre, (a, max(b, e), e), seeds, n)
    found = crossed_rate(table)
    assert (found.low, found.high) == pytest.approx((centre - half, centre + half), abs=1e-9)


def test_interval_and_test_agree() -> None:
    rng = np.random.default_rng(6)
    for _ in range(50):
        found = crossed_difference(
            rng.binomial(1, 0.4, (3, 40)) - rng.binomial(1, 0.25, (3, 40)).astype(float)
        )
        assert found.p is not None
        assert (found.p < 0.05) == (not found.low <= 0 <= found.high)


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


def test_partly_solved_problems_of_one_seed_have_students_t() -> None:
    values = np.random.default_rng(3).binomial(20, 0.3, 164) / 20
    noise = _noise(values, values.mean() * (1 - values.mean()))
    n = 164 + 4 * noise
    centre = (164 * values.mean() + 2 * noise) / n
    squares = ((values - values.mean()) ** 2).sum()
    squares += noise * (n * centre * (1 - centre) - 164 * values.mean() * (1 - values.mean()))
    half = stats.t.ppf(0.975, n - 1) * math.sqrt(squares / (n - 1) / n)
    found = crossed_rate([values])
    assert (found.low, found.high) == pytest.approx((centre - half, centre + half), abs=1e-9)
    plain = stats.t.interval(0.95, 163, values.mean(), stats.sem(values))
    assert (found.low, found.high) == pytest.approx(plain, abs=0.003)


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


@pytest.mark.parametrize(
    "case",
    [
        coverage.Case(-3, 0.3, 0.0),
        coverage.Case(-3, 0.3, 0.4),
        coverage.Case(0, 1, 0.2, seeds=5, problems=100, samples=5),
        coverage.Case(-3, -3, 0.0, seeds=16),
        coverage.Case(0, 1, 0.0, seeds=1, problems=30, samples=5),
    ],
)
def test_the_intervals_cover_what_they_say(case: coverage.Case) -> None:
    found = coverage.measure(case, studies=400)
    margin = 0.022  # two standard errors of a share of 0.95 in 400
    assert 0.95 - margin <= found.gain <= 0.97 + margin
    assert 0.95 - margin <= found.rate <= 0.97 + margin


def test_the_bootstrap_over_three_seeds_covers_too_little() -> None:
    case = coverage.Case(before=-3, after=0.3, seed_spread=1.0)
    found = coverage.measure(case, studies=250)
    assert found.bootstrap < 0.89
    assert found.gain >= 0.91


def test_without_a_gain_few_are_shown() -> None:
    assert coverage.measure(coverage.Case(0, 0, 0.4), studies=400).shown <= 0.07
