"""Mixed against mono: does a little of every language beat much of one?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crosstune.analysis._contrast import Gain, corrected, in_points
from crosstune.analysis._exchange import own_language
from crosstune.analysis._grid import Grid
from crosstune.analysis._run import Cell, Run

NEAR = 0.02
"""Corpora whose numbers of rows differ by no more than this share have one size."""


@dataclass(frozen=True, slots=True)
class Versus:
    """A model of several languages against one of a single language, on a cell of that language.

    ``rows`` and ``against_rows`` are the sizes of their corpora, 0 where unknown.
    """

    gain: Gain
    rows: int
    against_rows: int

    @property
    def equal_size(self) -> bool:
        known = min(self.rows, self.against_rows) > 0
        return known and abs(self.rows - self.against_rows) <= NEAR * max(self.rows, self.against_rows)


def mixed_against_mono(
    grid: Grid, run: Run, models: Sequence[str], cells: Sequence[Cell]
) -> tuple[Versus, ...]:
    """Every mixed model against every mono one of the same base; Holm over all of them."""
    sizes = {corpus.name: corpus.rows for corpus in run.corpora}
    found = list(_pairs(grid, run, models, cells))
    gains = corrected(found)
    rows = {model.name: sizes.get(model.corpus, 0) for model in run.models}
    return tuple(Versus(gain, rows[gain.model], rows[gain.against]) for gain in gains)


def _pairs(grid: Grid, run: Run, models: Sequence[str], cells: Sequence[Cell]) -> Iterator[Gain]:
    mono = {model: language for model in models if (language := own_language(run, model))}
    for mixed in (model for model in models if _several(run, model)):
        for other, language in mono.items():
            if run.model(mixed).base != run.model(other).base:
                continue
            for cell in (cell for cell in cells if cell.language == language):
                if found := grid.difference(mixed, other, cell):
                    estimate, shape = found
                    yield Gain(mixed, other, cell, *in_points(estimate), *shape)


def _several(run: Run, model: str) -> bool:
    return len({language for language, _ in run.model(model).trained if language}) > 1
