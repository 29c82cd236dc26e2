import pytest
from scipy import special, stats

from crosstune.scoring._special import (
    chi_squared_quantile,
    incomplete_beta,
    normal_quantile,
    t_quantile,
    t_tails,
)

DEGREES = (0.7, 1, 2, 2.4, 5, 59, 163.5, 1e4)


@pytest.mark.parametrize("df", DEGREES)
@pytest.mark.parametrize("t", [0.0, 1e-6, 0.3, -1.0, 2.5, 12.7, 400.0])
def test_tails_are_those_of_scipy(t: float, df: float) -> None:
    assert 2 * stats.t.sf(abs(t), df) == pytest.approx(t_tails(t, df), rel=1e-9, abs=1e-300)


@pytest.mark.parametrize("df", DEGREES)
@pytest.mark.parametrize("p", [0.6, 0.95, 0.975, 0.9995])
def test_quantiles_are_those_of_scipy(p: float, df: float) -> None:
    assert stats.t.ppf(p, df) == pytest.approx(t_quantile(p, df), rel=1e-9)
    assert stats.norm.ppf(p) == pytest.approx(normal_quantile(p), rel=1e-9)


@pytest.mark.parametrize(("a", "b"), [(0.5, 0.5), (2, 3), (40, 0.5), (0.5, 300), (1200, 900)])
@pytest.mark.parametrize("x", [0.0, 1e-9, 0.2, 0.571, 0.9999, 1.0])
def test_the_incomplete_beta_function_is_that_of_scipy(a: float, b: float, x: float) -> None:
    assert special.betainc(a, b, x) == pytest.approx(incomplete_beta(a, b, x), rel=1e-9, abs=1e-290)


def test_there_is_no_tail_beyond_infinity() -> None:
    assert t_tails(float("-inf"), 2) == 0.0


@pytest.mark.parametrize("df", [1, 2, 3, 7, 15, 63])
@pytest.mark.parametrize("p", [1e-6, 0.005, 0.3, 0.5, 0.975, 0.995])
def test_quantiles_of_chi_squared_are_those_of_scipy(p: float, df: int) -> None:
    assert stats.chi2.ppf(p, df) == pytest.approx(chi_squared_quantile(p, df), rel=1e-9)
