"""One model's rate on one cell."""

from __future__ import annotations

from dataclasses import dataclass

from crosstune.analysis._grid import Shape
from crosstune.analysis._run import Cell
from crosstune.scoring import Estimate


@dataclass(frozen=True, slots=True)
class Rate:
    """pass@1 of one model on one cell over all its seeds; fractions of 1."""

    model: str
    cell: Cell
    value: float
    low: float
    high: float
    problems: int
    seeds: int


def rate_of(model: str, cell: Cell, estimate: Estimate, shape: Shape) -> Rate:
    return Rate(model, cell, estimate.value, estimate.low, estimate.high, *shape)
