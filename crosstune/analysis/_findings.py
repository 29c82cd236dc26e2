"""All findings of a run: rates, gains over the baseline, differences to the control, failures."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from crosstune.analysis._ability import Relation, abilities, relation
from crosstune.analysis._averages import AtK, Average, at_k, averages
from crosstune.analysis._contrast import Contrast, Gain, corrected, in_points
from crosstune.analysis._correlations import Correlations, correlate
from crosstune.analysis._flagged import Flagged, flagged
from crosstune.analysis._language_transfer import (
    LanguageTransfer,
    PairTransfer,
    TransferTables,
    balances,
    exchanges,
)
from crosstune.analysis._mixed import MixedComparison, mixed_against_mono
from crosstune.analysis._problems import ProblemTable, problem_table
from crosstune.analysis._rate import Rate, rate_of
from crosstune.analysis._rate_tables import RateTables
from crosstune.analysis._run import Model, Run, TaskKey
from crosstune.errors import UsageError, suggestion
from crosstune.records import Score, Status
from crosstune.scoring import ScoreKey, Tally, scores, tally


@dataclass(frozen=True, slots=True)
class Findings:
    """A run and its findings. Mappings are by (model, task_key); a missing key was not judged.

    ``models`` are the names of the judged ones, baseline first; ``against_control`` is empty without a
    control; ``correlations`` is None with fewer than three tuned models or tasks.

    ``at_k`` is empty with one sample for each problem. ``exchanges`` and ``balances`` (transfer between
    languages) need models tuned on one language alone, ``mixed`` also one of several. ``averages`` are by
    (model, benchmark, task), for tasks of several languages. ``abilities`` are the mean gains by model and
    relation. ``flagged`` lacks models whose corpora were not measured. ``differences`` are those of every two
    models of an evaluation, which has no gains.
    """

    run: Run
    models: tuple[str, ...]
    task_keys: tuple[TaskKey, ...]
    scores: tuple[Score, ...]
    rates: Mapping[tuple[str, TaskKey], Rate]
    gains: Mapping[tuple[str, TaskKey], Gain]
    against_control: Mapping[tuple[str, TaskKey], Gain]
    correlations: Correlations | None
    failures: Mapping[tuple[str, TaskKey], Mapping[Status, int]]
    at_k: Mapping[tuple[str, TaskKey], tuple[AtK, ...]] = field(default_factory=dict)
    exchanges: tuple[LanguageTransfer, ...] = ()
    balances: tuple[PairTransfer, ...] = ()
    mixed: tuple[MixedComparison, ...] = ()
    averages: Mapping[tuple[str, str, str], Average] = field(default_factory=dict)
    abilities: Mapping[tuple[str, Relation], Contrast] = field(default_factory=dict)
    problems: Mapping[TaskKey, ProblemTable] = field(default_factory=dict)
    flagged: Mapping[tuple[str, TaskKey], Flagged] = field(default_factory=dict)
    differences: tuple[Gain, ...] = ()

    def trained(self, model: str, task_key: TaskKey) -> bool:
        """Whether the model was tuned on this language and task."""
        return (task_key.language, task_key.task) in self.model(model).trained

    def relation(self, model: str, task_key: TaskKey) -> Relation | None:
        """How the task relates to what the model was taught; None for a model without instructions."""
        return relation(self.model(model), task_key)

    def model(self, name: str) -> Model:
        return self.run.model(name)


def analyse(run: Run, *, allow_partial: bool = False) -> Findings:
    """Compute all findings of ``run``. Models and tasks without verdicts are left out.

    Raises:
        UsageError: the baseline or the control is not a model of the run.
        Incomplete: the harness could not judge some programs, and ``allow_partial`` is not set.
        DataError: a sample has two verdicts.
    """
    tallies = tally(run.judged)
    models = _models(run, {key.model for key in tallies})
    rate_tables = RateTables.of(tallies, given=(model.name for model in run.models if not model.corpus))
    task_keys = (
        *(task_key for task_key in run.task_keys if task_key in rate_tables.task_keys),
        *sorted(rate_tables.task_keys.difference(run.task_keys)),
    )
    rates = _rates(rate_tables, models, task_keys)
    tuned = [model for model in models if model != run.baseline]
    taught = [model for model in tuned if model != run.control]
    flows = TransferTables(rate_tables, run, taught, task_keys)
    return Findings(
        run=run,
        models=models,
        task_keys=task_keys,
        scores=tuple(scores(tallies, allow_partial=allow_partial)),
        rates=rates,
        gains={} if run.evaluation else _gains(rate_tables, tuned, run.baseline),
        against_control=_gains(rate_tables, taught, run.control),
        correlations=_correlations(rates, taught, run.baseline, task_keys),
        failures=_failures(tallies),
        at_k=at_k(tallies),
        exchanges=exchanges(flows),
        balances=balances(flows),
        mixed=mixed_against_mono(rate_tables, run, taught, task_keys),
        averages=averages(rate_tables, models, task_keys),
        abilities=abilities(rate_tables, run, taught, task_keys),
        problems={task_key: problem_table(rate_tables, models, task_key) for task_key in task_keys},
        flagged=flagged(rate_tables, run, rates),
        differences=_differences(rate_tables, models, task_keys) if run.evaluation else (),
    )


def _models(run: Run, judged: set[str]) -> tuple[str, ...]:
    """The judged models of the run, the baseline first."""
    names = [model.name for model in run.models]
    for role, name in (("baseline", run.baseline), ("control", run.control)):
        if name not in names and (name or role == "baseline"):
            raise UsageError(f"unknown {role} {name!r} in this run; {suggestion(name, names)}")
    if unknown := judged.difference(names):
        raise UsageError(f"verdicts of a model that the run does not list: {min(unknown)!r}")
    return tuple(sorted((name for name in names if name in judged), key=lambda name: name != run.baseline))


def _rates(
    rate_tables: RateTables, models: Iterable[str], task_keys: Iterable[TaskKey]
) -> dict[tuple[str, TaskKey], Rate]:
    keys = [(model, task_key) for model in models for task_key in task_keys]
    return {key: rate_of(*key, *rate) for key in keys if (rate := rate_tables.rate(*key))}


def _gains(rate_tables: RateTables, models: Iterable[str], against: str) -> dict[tuple[str, TaskKey], Gain]:
    """Every model minus ``against``, if it was judged; Holm over all of them."""
    gains: list[Gain] = []
    for model, task_key in itertools.product(models, sorted(rate_tables.task_keys)):
        if pair := rate_tables.difference(model, against, task_key):
            estimate, shape = pair
            gains.append(Gain(model, against, task_key, *in_points(estimate), *shape))
    return {(gain.model, gain.task_key): gain for gain in corrected(gains)}


def _differences(
    rate_tables: RateTables, models: Sequence[str], task_keys: Iterable[TaskKey]
) -> tuple[Gain, ...]:
    """Every model minus every other one, task by task, higher rates first; Holm over all of them."""
    pairs: list[Gain] = []
    for task_key, both in itertools.product(task_keys, itertools.combinations(models, 2)):
        ways = [
            (names, pair)
            for names in (both, both[::-1])
            if (pair := rate_tables.difference(*names, task_key))
        ]
        if ways:
            names, (estimate, shape) = max(ways, key=lambda way: way[1][0].value)
            pairs.append(Gain(*names, task_key, *in_points(estimate), *shape))
    return tuple(corrected(pairs))


def _correlations(
    rates: Mapping[tuple[str, TaskKey], Rate],
    tuned: Iterable[str],
    baseline: str,
    task_keys: tuple[TaskKey, ...],
) -> Correlations | None:
    """Correlations over the models that were judged on every task, without the baseline and the control."""
    whole = [
        model for model in (baseline, *tuned) if all((model, task_key) in rates for task_key in task_keys)
    ]
    if baseline not in whole:
        return None
    table = [[rates[model, task_key].value for task_key in task_keys] for model in whole]
    return correlate(table[1:], table[0], whole[1:], task_keys)


def _failures(tallies: Mapping[ScoreKey, Tally]) -> dict[tuple[str, TaskKey], dict[Status, int]]:
    """The number of each status over all seeds and samples, in the order of `Status`."""
    statuses: dict[tuple[str, TaskKey], Counter[Status]] = {}
    for key, counted in tallies.items():
        task_key = TaskKey(key.benchmark, key.language, key.task)
        statuses.setdefault((key.model, task_key), Counter()).update(counted.statuses)
    return {key: {status: n[status] for status in Status if n[status]} for key, n in sorted(statuses.items())}
