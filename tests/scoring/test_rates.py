import itertools

import numpy as np
import pytest
from scipy import stats

from crosstune.scoring import bootstrap, bootstrap_crossed, pass_at_k, rate_interval, wilson


def test_pass_at_k_is_the_share_of_draws_with_a_passing_sample() -> None:
    for n, k in itertools.product(range(1, 7), range(1, 7)):
        for passed in range(n + 1 if k <= n else 0):
            draws = list(itertools.combinations([True] * passed + [False] * (n - passed), k))
            assert np.mean([any(draw) for draw in draws]) == pytest.approx(pass_at_k(n, passed, k), abs=1e-12)


def test_pass_at_k_of_many_samples_does_not_overflow() -> None:
    expected = 1 - stats.hypergeom.pmf(0, 10_000, 37, 500)
    assert expected == pytest.approx(pass_at_k(10_000, 37, 500), rel=1e-9)


@pytest.mark.parametrize(("n", "passed", "k"), [(5, 2, 6), (5, 2, 0), (5, 6, 1), (5, -1, 1)])
def test_pass_at_k_refuses_impossible_counts(n: int, passed: int, k: int) -> None:
    with pytest.raises(ValueError, match="expected 1 <= k <= n"):
        pass_at_k(n, passed, k)


@pytest.mark.parametrize("n", [1, 7, 60, 164, 100_000])
@pytest.mark.parametrize("share", [0.0, 0.05, 0.38, 1.0])
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_wilson_is_scipys(n: int, share: float, level: float) -> None:
    passed = round(share * n)
    expected = stats.binomtest(passed, n).proportion_ci(level, method="wilson")
    assert (expected.low, expected.high) == pytest.approx(wilson(passed, n, level), abs=1e-9)


def test_wilson_of_63_out_of_164_is_known() -> None:
    assert [round(100 * end, 1) for end in wilson(63, 164)] == [31.3, 46.0]


def test_wilson_refuses_an_empty_denominator() -> None:
    with pytest.raises(ValueError, match="0 out of 0"):
        wilson(0, 0)


def test_the_bootstrap_agrees_with_scipys() -> None:
    values = np.random.default_rng(3).binomial(20, 0.3, 164) / 20
    expected = stats.bootstrap((values,), np.mean, method="percentile", n_resamples=9999, rng=5)
    low, high = bootstrap(values, rounds=20_000)
    assert expected.confidence_interval.low == pytest.approx(low, abs=2e-3)
    assert expected.confidence_interval.high == pytest.approx(high, abs=2e-3)


def test_the_bootstrap_depends_on_its_seed_alone() -> None:
    values = np.random.default_rng(0).random(40)
    assert bootstrap(values, seed=4) == bootstrap(values, seed=4)
    assert bootstrap(values, seed=4) != bootstrap(values, seed=5)


def test_with_one_seed_the_crossed_bootstrap_is_the_one_over_problems() -> None:
    values = np.random.default_rng(3).random(50)
    assert bootstrap(values, rounds=500) == pytest.approx(bootstrap_crossed(values[None], rounds=500))


def test_a_rate_of_zero_or_one_keeps_its_uncertainty() -> None:
    assert wilson(0, 60) == rate_interval([0.0] * 60)
    assert wilson(60, 60) == rate_interval([1.0] * 60)
    assert wilson(2, 3) == rate_interval([1.0, 0.0, 1.0])
    low, high = rate_interval([0.5, 0.0, 1.0])
    assert 0 <= low < 0.5 < high <= 1
