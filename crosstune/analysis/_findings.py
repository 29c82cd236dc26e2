"""What a run says: rates, gains against the baseline and against the control, and what went wrong."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from crosstune.analysis._correlations import Correlations, correlate
from crosstune.analysis._grid import Grid
from crosstune.analysis._run import Cell, Model, Run
from crosstune.errors import UsageError, suggestion
from crosstune.records import Label, Score
from crosstune.scoring import Key, Tally, holm, scores, tally

ALPHA = 0.05
"""Below this a p-value is called significant."""


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


@dataclass(frozen=True, slots=True)
class Gain:
    """One model minus another (``against``) on one cell; ``value``, ``low``, ``high`` in points.

    ``problems`` and ``seeds`` are those that both were judged on. ``p`` belongs to this comparison
    alone, ``p_holm`` is corrected over all comparisons of the same table.
    """

    model: str
    against: str
    cell: Cell
    value: float
    low: float
    high: float
    p: float
    problems: int
    seeds: int
    p_holm: float = 1.0

    @property
    def beyond(self) -> bool:
        """Whether the interval leaves out 0 and its test agrees (with one seed the test is exact, the
        interval is not, and now and then they differ)."""
        return not self.low <= 0 <= self.high and self.p < ALPHA

    @property
    def significant(self) -> bool:
        """Whether it also stands after Holm's correction."""
        return self.beyond and self.p_holm < ALPHA

    @property
    def stars(self) -> str:
        return "**" if self.significant else "*" if self.beyond else ""


@dataclass(frozen=True, slots=True)
class Findings:
    """A run and what follows from it. Mappings are keyed by (model, cell); absent: not judged.

    ``models`` names the judged ones, baseline first; ``against_control`` is empty without a control;
    ``correlations`` is None where there are fewer than three tuned models or cells.
    """

    run: Run
    models: tuple[str, ...]
    cells: tuple[Cell, ...]
    scores: tuple[Score, ...]
    rates: Mapping[tuple[str, Cell], Rate]
    gains: Mapping[tuple[str, Cell], Gain]
    against_control: Mapping[tuple[str, Cell], Gain]
    correlations: Correlations | None
    failures: Mapping[tuple[str, Cell], Mapping[Label, int]]

    def trained(self, model: str, cell: Cell) -> bool:
        """Whether the model's instructions were of this cell's language and task."""
        return (cell.language, cell.task) in self.model(model).trained

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
    grid = Grid.of(tallies)
    cells = (*(cell for cell in run.cells if cell in grid.cells), *sorted(grid.cells.difference(run.cells)))
    rates = _rates(grid, models, cells)
    tuned = [model for model in models if model != run.baseline]
    return Findings(
        run=run,
        models=models,
        cells=cells,
        scores=tuple(scores(tallies, allow_partial=allow_partial)),
        rates=rates,
        gains=_gains(grid, tuned, run, run.baseline),
        against_control=_gains(grid, [m for m in tuned if m != run.control], run, run.control),
        correlations=_correlations(rates, [m for m in tuned if m != run.control], run.baseline, cells),
        failures=_failures(tallies),
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
    return {
        (model, cell): Rate(model, cell, estimate.value, estimate.low, estimate.high, *shape)
        for (model, cell), rate in found.items()
        if rate
        for estimate, shape in [rate]
    }


def _gains(grid: Grid, models: Iterable[str], run: Run, against: str) -> dict[tuple[str, Cell], Gain]:
    """Every model minus ``against``, none without it; Holm over all of them."""
    found: list[Gain] = []
    given = bool(against) and not run.model(against).corpus
    for model, cell in itertools.product(models, sorted(grid.cells)):
        if pair := grid.difference(model, against, cell, given=given):
            estimate, (problems, seeds) = pair
            points = (100 * estimate.value, 100 * estimate.low, 100 * estimate.high)
            p = 1.0 if estimate.p is None else estimate.p
            found.append(Gain(model, against, cell, *points, p, problems, seeds))
    adjusted = holm([gain.p for gain in found])
    return {(gain.model, gain.cell): replace(gain, p_holm=p) for gain, p in zip(found, adjusted, strict=True)}


def _correlations(
    rates: Mapping[tuple[str, Cell], Rate], tuned: Iterable[str], baseline: str, cells: tuple[Cell, ...]
) -> Correlations | None:
    """Over the models that were judged on every cell; the baseline and the control are no points."""
    whole = [model for model in (baseline, *tuned) if all((model, cell) in rates for cell in cells)]
    if baseline not in whole:
        return None
    table = [[rates[model, cell].value for cell in cells] for model in whole]
    return correlate(table[1:], table[0], whole[1:], cells)


def _failures(tallies: Mapping[Key, Tally]) -> dict[tuple[str, Cell], dict[Label, int]]:
    """How often each verdict was given, over all seeds and samples; in `Label`'s order."""
    found: dict[tuple[str, Cell], Counter[Label]] = {}
    for key, counted in tallies.items():
        cell = Cell(key.benchmark, key.language, key.task)
        found.setdefault((key.model, cell), Counter()).update(counted.labels)
    return {key: {label: n[label] for label in Label if n[label]} for key, n in sorted(found.items())}
