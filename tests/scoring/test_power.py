"""The smallest gain that a study shows, against what is known of its size."""

from __future__ import annotations

import math

import pytest

from crosstune.scoring import Assumptions, smallest_gain


def test_more_problems_or_samples_show_smaller_gains() -> None:
    gains = [smallest_gain(problems) or 1.0 for problems in (30, 60, 164, 500)]
    assert gains == sorted(gains, reverse=True)
    assert (smallest_gain(60, samples=5) or 1.0) < gains[1]


def test_the_gain_is_near_that_of_normal_errors() -> None:
    """With one seed and many problems: (1.96 + 0.84) standard errors of a paired difference.

    Two answers agree more often than by chance, as a problem is hard for both models; without that the
    error is larger by half at most.
    """
    problems, rate = 500, 0.3
    gain = smallest_gain(problems, assumed=Assumptions(rate, seeds_spread=0.0)) or 1.0
    both = rate + gain
    error = math.sqrt((rate * (1 - rate) + both * (1 - both)) / problems)
    assert 0.65 < gain / (2.8 * error) < 1.0


@pytest.mark.parametrize(("problems", "rate"), [(5, 0.3), (60, 0.95)])
def test_some_studies_can_show_nothing(problems: int, rate: float) -> None:
    assert smallest_gain(problems, assumed=Assumptions(rate)) is None


def test_seeds_that_differ_hide_gains() -> None:
    alike, unlike = (smallest_gain(164, 3, assumed=Assumptions(0.3, spread)) or 1.0 for spread in (0.0, 0.6))
    assert alike < unlike
