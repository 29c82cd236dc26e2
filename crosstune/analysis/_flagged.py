"""Rates without the problems that the model's training sources contained.

Decontamination removes examples that contain a problem's text, so a tuned model has not seen these problems
there. But its sources contain them, and near copies may remain: then the rate is lower without them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from crosstune.analysis._rate import Rate, rate_of
from crosstune.analysis._rate_tables import RateTables
from crosstune.analysis._run import Run, TaskKey
from crosstune.scoring import crossed_rate


@dataclass(frozen=True, slots=True)
class Flagged:
    """``flagged``: the number of problems that some example of the model's corpora contained before it was
    removed; ``without`` is None if all are flagged."""

    model: str
    task_key: TaskKey
    flagged: int
    with_them: Rate
    without: Rate | None


def flagged(
    rate_tables: RateTables, run: Run, rates: Mapping[tuple[str, TaskKey], Rate]
) -> dict[tuple[str, TaskKey], Flagged]:
    """The rates of each model whose corpora, and those of its bases, were all measured."""
    flagged_rates = {}
    for model in dict.fromkeys(model for model, _ in rates):
        known = problems_in(run, model)
        if known is None:
            continue
        for task_key in (task_key for name, task_key in rates if name == model):
            contained = {
                problem
                for *where, problem in known
                if tuple(where) == (task_key.benchmark, task_key.language)
            }
            flagged_rates[model, task_key] = _flagged(rate_tables, rates[model, task_key], contained)
    return flagged_rates


def problems_in(run: Run, model: str) -> set[tuple[str, str, str]] | None:
    """The (benchmark, language, problem) that the corpora of the model and its bases contained; None if one
    of them was not measured or is unknown."""
    corpora = {corpus.name: corpus for corpus in run.corpora}
    known: set[tuple[str, str, str]] = set()
    for name in _lineage(run, model):
        contained = corpora[name].flagged if name in corpora else None
        if contained is None:
            return None
        known |= set(contained)
    return known


def _lineage(run: Run, name: str) -> Iterator[str]:
    """The corpora of a model and of its bases; an empty name for a model that was not trained here."""
    models = {model.name: model for model in run.models}
    model = models.get(name)
    while model:
        yield model.corpus
        if model.base and model.base not in models:
            yield ""
        model = models.get(model.base)


def _flagged(rate_tables: RateTables, rate: Rate, contained: set[str]) -> Flagged:
    table = rate_tables.table(rate.model, rate.task_key)
    assert table is not None
    left = [at for at, problem in enumerate(table.problems) if problem not in contained]
    n = len(table.problems) - len(left)
    if n == 0:
        return Flagged(rate.model, rate.task_key, 0, rate, rate)
    if not left:
        return Flagged(rate.model, rate.task_key, n, rate, None)
    kept = replace(table, problems=tuple(table.problems[at] for at in left), values=table.values[:, left])
    without = rate_of(rate.model, rate.task_key, crossed_rate(kept.values), kept.shape)
    return Flagged(rate.model, rate.task_key, n, rate, without)
