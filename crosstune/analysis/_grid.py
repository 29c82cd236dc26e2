"""Rates per problem as tables of seeds x problems, paired between models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosstune.analysis._run import Cell
from crosstune.scoring import Estimate, Key, Tally, crossed_difference, crossed_rate

if TYPE_CHECKING:
    import numpy as np

BySeed = Mapping[int, Mapping[str, float]]
Shape = tuple[int, int]
"""(problems, seeds)"""


@dataclass(frozen=True, slots=True)
class Grid:
    """``rates[model, cell][seed][problem]``: the share of samples that passed."""

    rates: Mapping[tuple[str, Cell], BySeed]

    @classmethod
    def of(cls, tallies: Mapping[Key, Tally]) -> Grid:
        rates: dict[tuple[str, Cell], dict[int, Mapping[str, float]]] = {}
        for key, found in sorted(tallies.items()):
            if by_problem := found.rates():
                cell = Cell(key.benchmark, key.language, key.task)
                rates.setdefault((key.model, cell), {})[key.seed] = by_problem
        return cls(rates)

    @property
    def cells(self) -> set[Cell]:
        return {cell for _, cell in self.rates}

    def rate(self, model: str, cell: Cell) -> tuple[Estimate, Shape] | None:
        """None where nothing was judged."""
        found = self.rates.get((model, cell), {})
        problems = _common(found)
        if not problems:
            return None
        return crossed_rate(_table(found, problems)), (len(problems), len(found))

    def difference(self, model: str, other: str, cell: Cell, *, given: bool) -> tuple[Estimate, Shape] | None:
        """``model`` minus ``other``, paired by problem and by seed; None where they share none.

        An ``other`` that was ``given`` (not trained here, so one seed) is set against every seed.
        """
        first, second = self.rates.get((model, cell), {}), self.rates.get((other, cell), {})
        if given and len(second) == 1:
            (only,) = second.values()
            second = dict.fromkeys(first, only)
        seeds = sorted(first.keys() & second.keys())
        first, second = ({seed: found[seed] for seed in seeds} for found in (first, second))
        problems = [problem for problem in _common(first) if problem in set(_common(second))]
        if not problems:
            return None
        pairs = _table(first, problems) - _table(second, problems)
        return crossed_difference(pairs), (len(problems), len(seeds))


def _common(found: BySeed) -> list[str]:
    """The problems that every seed was judged on, sorted."""
    return sorted(set.intersection(*map(set, found.values()))) if found else []


def _table(found: BySeed, problems: list[str]) -> np.ndarray:
    import numpy as np

    return np.array([[by_problem[problem] for problem in problems] for by_problem in found.values()])
