"""Rates of problems as tables of seeds x problems, paired between models and pooled over tasks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosstune.analysis._contrast import Contrast, in_points
from crosstune.analysis._run import TaskKey
from crosstune.scoring import Estimate, ScoreKey, Tally, crossed_difference, crossed_rate

if TYPE_CHECKING:
    import numpy as np

BySeed = Mapping[int, Mapping[str, float]]
Shape = tuple[int, int]
"""(problems, seeds)"""


@dataclass(frozen=True, slots=True)
class RateTable:
    """The rates, or differences of rates, of one model on one task; ``values``: seeds x problems."""

    seeds: tuple[int, ...]
    problems: tuple[str, ...]
    values: np.ndarray

    @property
    def shape(self) -> Shape:
        return len(self.problems), len(self.seeds)

    def part(self, seeds: Sequence[int], problems: Sequence[str]) -> np.ndarray:
        """The values of these seeds and problems, in this order."""
        position = {problem: at for at, problem in enumerate(self.problems)}
        rows = [self.seeds.index(seed) for seed in seeds]
        values: np.ndarray = self.values[rows][:, [position[problem] for problem in problems]]
        return values


@dataclass(frozen=True, slots=True)
class RateTables:
    """``rates[model, task_key][seed][problem]``: the share of samples that passed.

    ``given`` are the models that were not trained here: they have one seed.
    """

    rates: Mapping[tuple[str, TaskKey], BySeed]
    given: frozenset[str] = frozenset()

    @classmethod
    def of(cls, tallies: Mapping[ScoreKey, Tally], given: Iterable[str] = ()) -> RateTables:
        rates: dict[tuple[str, TaskKey], dict[int, Mapping[str, float]]] = {}
        for key, tally in sorted(tallies.items()):
            if by_problem := tally.rates():
                task_key = TaskKey(key.benchmark, key.language, key.task)
                rates.setdefault((key.model, task_key), {})[key.seed] = by_problem
        return cls(rates, frozenset(given))

    @property
    def task_keys(self) -> set[TaskKey]:
        return {task_key for _, task_key in self.rates}

    def table(self, model: str, task_key: TaskKey) -> RateTable | None:
        """The rates of the problems that every seed was judged on; None if there are none."""
        by_seed = self.rates.get((model, task_key), {})
        problems = _common(by_seed)
        return RateTable(tuple(by_seed), tuple(problems), _values(by_seed, problems)) if problems else None

    def rate(self, model: str, task_key: TaskKey) -> tuple[Estimate, Shape] | None:
        """The mean rate with its interval; None if nothing was judged."""
        table = self.table(model, task_key)
        return (crossed_rate(table.values), table.shape) if table else None

    def gaps(self, model: str, other: str, task_key: TaskKey) -> RateTable | None:
        """``model`` minus ``other``, paired by problem and by seed; None if they share none.

        An ``other`` that was not trained here (so it has one seed) is compared with every seed.
        """
        first, second = self.rates.get((model, task_key), {}), self.rates.get((other, task_key), {})
        if other in self.given and len(second) == 1:
            (only,) = second.values()
            second = dict.fromkeys(first, only)
        seeds = sorted(first.keys() & second.keys())
        first, second = ({seed: side[seed] for seed in seeds} for side in (first, second))
        shared = set(_common(second))
        problems = [problem for problem in _common(first) if problem in shared]
        if not problems:
            return None
        return RateTable(tuple(seeds), tuple(problems), _values(first, problems) - _values(second, problems))

    def difference(self, model: str, other: str, task_key: TaskKey) -> tuple[Estimate, Shape] | None:
        """The mean difference with its interval; None if they share no problem or no seed."""
        gaps = self.gaps(model, other, task_key)
        return (crossed_difference(gaps.values), gaps.shape) if gaps else None


def pooled(parts: Sequence[tuple[float, RateTable]]) -> RateTable | None:
    """The weighted sum of the means of several tables as one table; None without a common seed.

    Seeds stay paired, and so do problems that several tables contain (as one for each language). The mean
    is the sum of weight x mean; a problem's value is its part of that, times the number of problems.
    """
    import numpy as np

    seeds = sorted(set.intersection(*(set(table.seeds) for _, table in parts))) if parts else []
    if not seeds:
        return None
    problems = sorted({problem for _, table in parts for problem in table.problems})
    position = {problem: at for at, problem in enumerate(problems)}
    values = np.zeros((len(seeds), len(problems)))
    for weight, table in parts:
        rows = [table.seeds.index(seed) for seed in seeds]
        columns = [position[problem] for problem in table.problems]
        values[:, columns] += weight * len(problems) / len(columns) * table.values[rows]
    return RateTable(tuple(seeds), tuple(problems), values)


def mean(tables: Sequence[RateTable], weight: float = 1.0) -> list[tuple[float, RateTable]]:
    """Parts of `pooled`: every table has the same weight, all together ``weight``."""
    return [(weight / len(tables), table) for table in tables]


def contrast(parts: Sequence[tuple[float, RateTable]]) -> Contrast | None:
    """The weighted sum of differences with its interval and test; None without parts or a common seed."""
    table = pooled(parts)
    if table is None:
        return None
    furthest = sum(abs(weight) for weight, _ in parts)
    return Contrast(*in_points(crossed_difference(table.values, bound=furthest)), *table.shape)


def _common(by_seed: BySeed) -> list[str]:
    """The problems that every seed was judged on, sorted."""
    return sorted(set.intersection(*map(set, by_seed.values()))) if by_seed else []


def _values(by_seed: BySeed, problems: list[str]) -> np.ndarray:
    import numpy as np

    return np.array([[by_problem[problem] for problem in problems] for by_problem in by_seed.values()])
