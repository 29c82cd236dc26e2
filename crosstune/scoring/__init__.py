"""Compute rates with intervals from verdicts, and test differences between them."""

from crosstune.scoring._borrowed import borrowed, with_answers
from crosstune.scoring._crossed import Estimate, crossed_difference, crossed_rate, rate_interval
from crosstune.scoring._extracted import extracted
from crosstune.scoring._gate import Gate, SolutionCounts, gate
from crosstune.scoring._paired import holm, mcnemar_exact, sign_flip
from crosstune.scoring._rates import (
    LEVEL,
    Interval,
    bootstrap,
    bootstrap_crossed,
    pass_at_k,
    wilson,
)
from crosstune.scoring._score import ScoreKey, Tally, score, scores, tally
from crosstune.scoring._unpaired import least_p, t_test_of_r, unpaired_p

__all__ = [
    "LEVEL",
    "Estimate",
    "Gate",
    "Interval",
    "ScoreKey",
    "SolutionCounts",
    "Tally",
    "bootstrap",
    "bootstrap_crossed",
    "borrowed",
    "crossed_difference",
    "crossed_rate",
    "extracted",
    "gate",
    "holm",
    "least_p",
    "mcnemar_exact",
    "pass_at_k",
    "rate_interval",
    "score",
    "scores",
    "sign_flip",
    "t_test_of_r",
    "tally",
    "unpaired_p",
    "wilson",
    "with_answers",
]
