"""From verdicts to rates with intervals."""

from crosstune.scoring._crossed import Estimate, crossed_difference, crossed_rate, rate_interval
from crosstune.scoring._gate import Gate, Tried, gate
from crosstune.scoring._paired import holm, mcnemar_exact, sign_flip
from crosstune.scoring._rates import (
    LEVEL,
    Interval,
    bootstrap,
    bootstrap_crossed,
    pass_at_k,
    wilson,
)
from crosstune.scoring._score import Key, Tally, score, scores, tally

__all__ = [
    "LEVEL",
    "Estimate",
    "Gate",
    "Interval",
    "Key",
    "Tally",
    "Tried",
    "bootstrap",
    "bootstrap_crossed",
    "crossed_difference",
    "crossed_rate",
    "gate",
    "holm",
    "mcnemar_exact",
    "pass_at_k",
    "rate_interval",
    "score",
    "scores",
    "sign_flip",
    "tally",
    "wilson",
]
