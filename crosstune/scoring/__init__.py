"""Compute rates with intervals from verdicts, and test differences between them."""

from crosstune.scoring._borrowed import borrowed, with_answers
from crosstune.scoring._crossed import Estimate, crossed_difference, crossed_rate, rate_interval
from crosstune.scoring._evaluated import evaluated, program_of
from crosstune.scoring._extracted import extracted
from crosstune.scoring._gate import Gate, SolutionCounts
from crosstune.scoring._gate_run import GateTask, gate, gates
from crosstune.scoring._paired import holm, mcnemar_exact, sign_flip
from crosstune.scoring._power import DETECTABLE, Assumptions, smallest_gain
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
    "DETECTABLE",
    "LEVEL",
    "Assumptions",
    "Estimate",
    "Gate",
    "GateTask",
    "Interval",
    "ScoreKey",
    "SolutionCounts",
    "Tally",
    "bootstrap",
    "bootstrap_crossed",
    "borrowed",
    "crossed_difference",
    "crossed_rate",
    "evaluated",
    "extracted",
    "gate",
    "gates",
    "holm",
    "least_p",
    "mcnemar_exact",
    "pass_at_k",
    "program_of",
    "rate_interval",
    "score",
    "scores",
    "sign_flip",
    "smallest_gain",
    "t_test_of_r",
    "tally",
    "unpaired_p",
    "wilson",
    "with_answers",
]
