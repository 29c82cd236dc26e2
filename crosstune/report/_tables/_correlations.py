"""Pearson's r between tasks and between models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from crosstune.analysis import Findings, Matrix, Tree
from crosstune.report._words import task_title
from crosstune.tables import CORRELATION, Column, Table

KINDS = {"raw": "pass@1", "gains": "gains", "centred": "double-centred"}
ROWS = {"cells": "cell", "models": "model"}


@dataclass(frozen=True)
class Correlation:
    """r between ``names`` (of cells or of models: ``between``), of one ``kind`` of value."""

    between: str
    kind: str
    names: tuple[str, ...]
    matrix: Matrix
    tree: Tree | None

    @property
    def name(self) -> str:
        return f"correlations-{self.between}-{self.kind}"

    @property
    def redundant(self) -> bool:
        """Subtracting a baseline does not change r between columns: the files have it, the page does not."""
        return (self.between, self.kind) == ("cells", "gains")

    @property
    def title(self) -> str:
        return KINDS[self.kind]

    @property
    def order(self) -> tuple[int, ...]:
        """The tree's leaves from left to right, where there is a tree."""
        return self.tree.order if self.tree else tuple(range(len(self.names)))

    def table(self) -> Table[int]:
        """The table for files, in the order of the report's other tables."""
        return self._square(range(len(self.names)), name=self.name)

    def ordered(self) -> Table[int]:
        """The table for the page, in the tree's order: similar rows are next to each other."""
        return self._square(self.order)

    def _square(self, order: Sequence[int], name: str = "") -> Table[int]:
        of = f"{self.title} pass@1" if self.kind == "centred" else self.title
        title = f"Pearson's r between {self.between}, of {of}"
        names: list[Column[int]] = [Column(ROWS[self.between], self.names.__getitem__, heading="")]
        columns = [Column(self.names[at], partial(self._r, at), CORRELATION) for at in order]
        return Table(title, [*names, *columns], order, name=name)

    def _r(self, column: int, row: int) -> float | None:
        return self.matrix[row][column]


def correlations(findings: Findings) -> Iterator[Correlation]:
    known = findings.correlations
    if known is None:
        return
    titles = tuple(task_title(task_key, findings) for task_key in known.task_keys)
    for kind, matrix in known.columns.items():
        yield Correlation("cells", kind, titles, matrix, known.column_trees.get(kind))
    for kind, matrix in known.rows.items():
        yield Correlation("models", kind, known.models, matrix, known.row_trees.get(kind))
