"""The ability matrix: language x task, and how each task relates to what a model was taught."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence

from crosstune.analysis._contrast import Contrast, corrected
from crosstune.analysis._rate_tables import RateTable, RateTables, contrast, mean
from crosstune.analysis._run import Model, Run, TaskKey


class Relation(enum.StrEnum):
    """How a task relates to what a model was taught."""

    TRAINED = "trained"
    COMPOSED = "composed"
    """Its language and its task were both taught, but never together."""
    LANGUAGE = "language only"
    TASK = "task only"
    NEITHER = "neither"


def relation(model: Model, task_key: TaskKey) -> Relation | None:
    """How a task relates to what the model was taught; None for a model without instructions."""
    if not model.trained:
        return None
    if (task_key.language, task_key.task) in model.trained:
        return Relation.TRAINED
    language = any(task_key.language == taught for taught, _ in model.trained)
    task = any(task_key.task == taught for _, taught in model.trained)
    if language and task:
        return Relation.COMPOSED
    if language:
        return Relation.LANGUAGE
    return Relation.TASK if task else Relation.NEITHER


def abilities(
    rate_tables: RateTables, run: Run, models: Iterable[str], task_keys: Sequence[TaskKey]
) -> dict[tuple[str, Relation], Contrast]:
    """For each model and relation, the mean gain over the baseline on such tasks, with Holm over all."""
    tables: dict[tuple[str, Relation], list[RateTable]] = {}
    for model in models:
        for task_key in task_keys:
            kind = relation(run.model(model), task_key)
            gaps = rate_tables.gaps(model, run.baseline, task_key) if kind else None
            if kind and gaps:
                tables.setdefault((model, kind), []).append(gaps)
    known = {key: one for key, members in tables.items() if (one := contrast(mean(members)))}
    return dict(zip(known, corrected(known.values()), strict=True))
