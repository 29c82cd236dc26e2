"""One model's rate on one task."""

from __future__ import annotations

from dataclasses import dataclass

from crosstune.analysis._rate_tables import Shape
from crosstune.analysis._run import TaskKey
from crosstune.scoring import Estimate


@dataclass(frozen=True, slots=True)
class Rate:
    """pass@1 of one model on one task over all its seeds; fractions of 1."""

    model: str
    task_key: TaskKey
    value: float
    low: float
    high: float
    problems: int
    seeds: int


def rate_of(model: str, task_key: TaskKey, estimate: Estimate, shape: Shape) -> Rate:
    return Rate(model, task_key, estimate.value, estimate.low, estimate.high, *shape)
