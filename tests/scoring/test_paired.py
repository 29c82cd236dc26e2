import numpy as np
import pytest
from scipy import stats

from crosstune.scoring import holm, mcnemar_exact, sign_flip


@pytest.mark.parametrize(("first", "second"), [(0, 0), (0, 5), (0, 6), (6, 0), (3, 9), (17, 17), (800, 700)])
def test_mcnemar_is_the_binomial_test_of_scipy(first: int, second: int) -> None:
    expected = stats.binomtest(first, first + second).pvalue if first + second else 1.0
    assert expected == pytest.approx(mcnemar_exact(first, second), rel=1e-9)


def test_a_net_of_six_is_the_least_significant_one() -> None:
    assert mcnemar_exact(5, 0) > 0.05 > mcnemar_exact(6, 0)


def _scipys(differences: np.ndarray) -> float:
    result = stats.permutation_test(
        (differences, np.zeros(len(differences))),
        lambda first, second: np.mean(first - second),
        permutation_type="samples",
        n_resamples=np.inf,
    )
    return float(result.pvalue)


@pytest.mark.parametrize("size", [2, 4, 9])
def test_the_exact_permutation_test_is_that_of_scipy(size: int) -> None:
    differences = np.random.default_rng(size).normal(0.3, 1, size)
    assert _scipys(differences) == pytest.approx(sign_flip(differences), abs=1e-9)


def test_differences_of_zero_change_no_permutation() -> None:
    some = [0.25, -0.5, 1.0, 0.75]
    assert sign_flip(some) == sign_flip([*some, *([0.0] * 200)])
    assert sign_flip([0.0, 0.0]) == 1.0


def test_the_sampled_permutation_test_comes_near_mcnemars() -> None:
    differences = [1.0] * 30 + [-1.0] * 12 + [0.0] * 100
    assert mcnemar_exact(30, 12) == pytest.approx(sign_flip(differences), rel=0.3)
    assert sign_flip([1.0] * 100) == pytest.approx(1 / 10_001)


def test_holm_steps_down() -> None:
    assert pytest.approx(holm([0.01, 0.04, 0.03, 0.005])) == [0.03, 0.06, 0.06, 0.02]
    assert holm([0.9, 0.6]) == [1.0, 1.0]
    assert holm([]) == []


def test_holm_rejects_as_the_procedure_says() -> None:
    p_values = np.sort(np.random.default_rng(1).beta(0.3, 3, 30))
    rejected = 0
    while rejected < 30 and p_values[rejected] <= 0.05 / (30 - rejected):
        rejected += 1
    assert 0 < rejected < 30
    assert rejected == sum(p <= 0.05 for p in holm(list(p_values)))
