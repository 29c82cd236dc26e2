"""What a run says: rates, gains against the baseline and against the control, and what went wrong."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from crosstune.analysis._ability import Relation, abilities, relation
from crosstune.analysis._averages import AtK, Average, at_k, averages
from crosstune.analysis._contrast import Contrast, Gain, corrected, in_points
from crosstune.analysis._correlations import Correlations, correlate
from crosstune.analysis._exchange import Balance, Exchange, Flows, balances, exchanges
from crosstune.analysis._flagged import Flagged, flagged
from crosstune.analysis._grid import Grid
from crosstune.analysis._mixed import Versus, mixed_against_mono
from crosstune.analysis._problems import ProblemTable, problem_table
from crosstune.analysis._rate import Rate, rate_of
from crosstune.analysis._run import Cell, Model, Run
from crosstune.errors import UsageError, suggestion
from crosstune.records import Score, Status
from crosstune.scoring import Key, Tally, scores, tally


@dataclass(frozen=True, slots=True)
class Findings:
    """A run and what follows from it. Mappings are keyed by (model, cell); absent: not judged.

    ``models`` names the judged ones, baseline first; ``against_control`` is empty without a control;
    ``correlations`` is None where there are fewer than three tuned models or cells.

    ``at_k`` is empty with one sample a problem. ``exchanges`` and ``balances`` (who gives, who takes)
    need models tuned on one language alone, ``mixed`` one of several beside them. ``averages`` are
    keyed (model, benchmark, task), for tasks of several languages. ``abilities`` hold the mean gain per
    model and kind of cell. ``flagged`` lacks the models whose corpora were not measured.
    """

    run: Run
    models: tuple[str, ...]
    cells: tuple[Cell, ...]
    scores: tuple[Score, ...]
    rates: Mapping[tuple[str, Cell], Rate]
    gains: Mapping[tuple[str, Cell], Gain]
    against_control: Mapping[tuple[str, Cell], Gain]
    correlations: Correlations | None
    failures: Mapping[tuple[str, Cell], Mapping[Status, int]]
    at_k: Mapping[tuple[str, Cell], tuple[AtK, ...]] = field(default_factory=dict)
    exchanges: tuple[Exchange, ...] = ()
    balances: tuple[Balance, ...] = ()
    mixed: tuple[Versus, ...] = ()
    averages: Mapping[tuple[str, str, str], Average] = field(default_factory=dict)
    abilities: Mapping[tuple[str, Relation], Contrast] = field(default_factory=dict)
    problems: Mapping[Cell, ProblemTable] = field(default_factory=dict)
    flagged: Mapping[tuple[str, Cell], Flagged] = field(default_factory=dict)

    def trained(self, model: str, cell: Cell) -> bool:
        """Whether the model's instructions were of this cell's language and task."""
        return (cell.language, cell.task) in self.model(model).trained

    def relation(self, model: str, cell: Cell) -> Relation | None:
        """How the cell stands to what the model was taught; None for a model without instructions."""
        return relation(self.model(model), cell)

    def model(self, name: str) -> Model:
        return self.run.model(name)


def analyse(run: Run, *, allow_partial: bool = False) -> Findings:
    """All findings of ``run``; what has no verdicts yet is left out.

    Raises:
        UsageError: the baseline or the control is no model of the run.
        Incomplete: the harness could not judge some programs, and ``allow_partial`` is not set.
        DataError: a sample has two verdicts.
    """
    tallies = tally(run.judged)
    models = _models(run, {key.model for key in tallies})
    grid = Grid.of(tallies, given=(model.name for model in run.models if not model.corpus))
    cells = (*(cell for cell in run.cells if cell in grid.cells), *sorted(grid.cells.difference(run.cells)))
    rates = _rates(grid, models, cells)
    tuned = [model for model in models if model != run.baseline]
    taught = [model for model in tuned if model != run.control]
    flows = Flows(grid, run, taught, cells)
    return Findings(
        run=run,
        models=models,
        cells=cells,
        scores=tuple(scores(tallies, allow_partial=allow_partial)),
        rates=rates,
        gains=_gains(grid, tuned, run.baseline),
        against_control=_gains(grid, taught, run.control),
        correlations=_correlations(rates, taught, run.baseline, cells),
        failures=_failures(tallies),
        at_k=at_k(tallies),
        exchanges=exchanges(flows),
        balances=balances(flows),
        mixed=mixed_against_mono(grid, run, taught, cells),
        averages=averages(grid, models, cells),
        abilities=abilities(grid, run, taught, cells),
        problems={cell: problem_table(grid, models, cell) for cell in cells},
        flagged=flagged(grid, run, rates),
    )


def _models(run: Run, judged: set[str]) -> tuple[str, ...]:
    """The judged models of the run, the baseline first."""
    names = [model.name for model in run.models]
    for role, name in (("baseline", run.baseline), ("control", run.control)):
        if name not in names and (name or role == "baseline"):
            raise UsageError(f"no {role} {name!r} in this run; {suggestion(name, names)}")
    if strangers := judged.difference(names):
        raise UsageError(f"verdicts of a model that the run does not list: {min(strangers)!r}")
    return tuple(sorted((name for name in names if name in judged), key=lambda name: name != run.baseline))


def _rates(grid: Grid, models: Iterable[str], cells: Iterable[Cell]) -> dict[tuple[str, Cell], Rate]:
    found = {(model, cell): grid.rate(model, cell) for model in models for cell in cells}
    return {(model, cell): rate_of(model, cell, *rate) for (model, cell), rate in found.items() if rate}


def _gains(grid: Grid, models: Iterable[str], against: str) -> dict[tuple[str, Cell], Gain]:
    """Every model minus ``against``, none without it; Holm over all of them."""
    found: list[Gain] = []
    for model, cell in itertools.product(models, sorted(grid.cells)):
        if pair := grid.difference(model, against, cell):
            estimate, shape = pair
            found.append(Gain(model, against, cell, *in_points(estimate), *shape))
    return {(gain.model, gain.cell): gain for gain in corrected(found)}


def _correlations(
    rates: Mapping[tuple[str, Cell], Rate], tuned: Iterable[str], baseline: str, cells: tuple[Cell, ...]
) -> Correlations | None:
    """Over the models that were judged on every cell; the baseline and the control are no points."""
    whole = [model for model in (baseline, *tuned) if all((model, cell) in rates for cell in cells)]
    if baseline not in whole:
        return None
    table = [[rates[model, cell].value for cell in cells] for model in whole]
    return correlate(table[1:], table[0], whole[1:], cells)


def _failures(tallies: Mapping[Key, Tally]) -> dict[tuple[str, Cell], dict[Status, int]]:
    """How often each verdict was given, over all seeds and samples; in `Status`'s order."""
    found: dict[tuple[str, Cell], Counter[Status]] = {}
    for key, counted in tallies.items():
        cell = Cell(key.benchmark, key.language, key.task)
        found.setdefault((key.model, cell), Counter()).update(counted.statuses)
    return {key: {status: n[status] for status in Status if n[status]} for key, n in sorted(found.items())}
