"""Rates over several languages (as in OctoPack's table) and of several samples (pass@k)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from crosstune.analysis._rate_tables import RateTables, mean, pooled
from crosstune.analysis._run import TaskKey
from crosstune.scoring import ScoreKey, Tally, crossed_rate, pass_at_k

KS = (1, 2, 5, 10, 20, 50, 100)
"""The values of k for pass@k, up to the number of samples."""


@dataclass(frozen=True, slots=True)
class Average:
    """A model's mean pass@1 over the ``languages`` of one task, each with the same weight; fractions of 1."""

    model: str
    benchmark: str
    task: str
    value: float
    low: float
    high: float
    languages: int


class AtK(NamedTuple):
    """pass@k over problems and seeds; fractions of 1."""

    k: int
    value: float
    low: float
    high: float


def averages(
    rate_tables: RateTables, models: Sequence[str], task_keys: Sequence[TaskKey]
) -> dict[tuple[str, str, str], Average]:
    """Averages by (model, benchmark, task), for tasks of several languages and models judged on all of
    them."""
    by_task: dict[tuple[str, str], list[TaskKey]] = {}
    for task_key in task_keys:
        by_task.setdefault((task_key.benchmark, task_key.task), []).append(task_key)
    several = {key: members for key, members in by_task.items() if len(members) > 1}
    made = (_average(rate_tables, model, *key, several[key]) for key in several for model in models)
    return {(one.model, one.benchmark, one.task): one for one in made if one}


def _average(
    rate_tables: RateTables, model: str, benchmark: str, task: str, task_keys: Sequence[TaskKey]
) -> Average | None:
    tables = [table for task_key in task_keys if (table := rate_tables.table(model, task_key))]
    whole = pooled(mean(tables)) if len(tables) == len(task_keys) else None
    if whole is None:
        return None
    rate = crossed_rate(whole.values)
    return Average(model, benchmark, task, rate.value, rate.low, rate.high, len(task_keys))


def at_k(tallies: Mapping[ScoreKey, Tally]) -> dict[tuple[str, TaskKey], tuple[AtK, ...]]:
    """pass@k for each model and task that has several samples of every problem."""
    seeds: dict[tuple[str, TaskKey], list[Tally]] = {}
    for key, tally in sorted(tallies.items()):
        if any(tally.judged.values()):
            task_key = TaskKey(key.benchmark, key.language, key.task)
            seeds.setdefault((key.model, task_key), []).append(tally)
    rates = {key: tuple(_at_k(members)) for key, members in seeds.items()}
    return {key: several for key, several in rates.items() if several}


def _at_k(seeds: Sequence[Tally]) -> Iterator[AtK]:
    """pass@k over the problems that every seed was judged on, for k up to the fewest samples of any."""
    counts = [{problem: n for problem, n in seed.judged.items() if n} for seed in seeds]
    problems = sorted(set.intersection(*map(set, counts)))
    fewest = min((n[problem] for n in counts for problem in problems), default=0)
    for k in KS if fewest > 1 else ():
        if k <= fewest:
            table = [
                [pass_at_k(n[problem], seed.passed[problem], k) for problem in problems]
                for seed, n in zip(seeds, counts, strict=True)
            ]
            rate = crossed_rate(table)
            yield AtK(k, rate.value, rate.low, rate.high)
