"""Which model solved which problem."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crosstune.analysis._rate_tables import RateTables
from crosstune.analysis._run import TaskKey

SOLVED = 0.5
"""A model solves a problem if at least this share of its samples, over all seeds, passed."""


@dataclass(frozen=True, slots=True)
class ProblemTable:
    """One task. ``rates``: models x problems, the share of samples over all seeds that passed; None if the
    model was not judged on the problem in every seed."""

    task_key: TaskKey
    problems: tuple[str, ...]
    models: tuple[str, ...]
    rates: tuple[tuple[float | None, ...], ...]

    @property
    def never_passed(self) -> tuple[str, ...]:
        """Problems of which no sample of any model passed."""
        return self._all(0.0)

    @property
    def always_passed(self) -> tuple[str, ...]:
        """Problems of which every sample of every model passed."""
        return self._all(1.0)

    def only(self, first: str, second: str) -> tuple[str, ...]:
        """Problems that ``first`` solves in at least half of its samples and ``second`` does not."""
        rows = zip(self.problems, self._row(first), self._row(second), strict=True)
        return tuple(
            problem
            for problem, one, other in rows
            if one is not None and other is not None and other < SOLVED <= one
        )

    def _row(self, model: str) -> tuple[float | None, ...]:
        return self.rates[self.models.index(model)]

    def _all(self, rate: float) -> tuple[str, ...]:
        columns = zip(self.problems, zip(*self.rates, strict=True), strict=True)
        return tuple(problem for problem, rates in columns if {*rates} == {rate})


def problem_table(rate_tables: RateTables, models: Sequence[str], task_key: TaskKey) -> ProblemTable:
    """The table of the ``models`` that were judged on ``task_key``."""
    tables = {model: table for model in models if (table := rate_tables.table(model, task_key))}
    problems = sorted({problem for table in tables.values() for problem in table.problems})
    rows = [
        dict(zip(table.problems, table.values.mean(0).tolist(), strict=True)) for table in tables.values()
    ]
    rates = tuple(tuple(row.get(problem) for problem in problems) for row in rows)
    return ProblemTable(task_key, tuple(problems), tuple(tables), rates)
