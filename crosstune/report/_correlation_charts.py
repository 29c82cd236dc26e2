"""Correlations as the page's template wants them: fields in the order of their tree."""

from __future__ import annotations

from dataclasses import dataclass

from crosstune.analysis import Findings, Matrix, Tree
from crosstune.report._words import signed, task_title


@dataclass(frozen=True)
class CorrelationPart:
    """One way to correlate; ``rows``: (text, shade) of each field, the text empty where undefined.

    ``order`` is that of the tree, where there is one: what is alike stands together.
    """

    kind: str
    title: str
    matrix: Matrix
    tree: Tree | None
    order: tuple[int, ...]
    rows: list[list[tuple[str, float]]]


@dataclass(frozen=True)
class CorrelationTable:
    """Pearson's r between the things ``names``."""

    name: str
    title: str
    names: tuple[str, ...]
    parts: list[CorrelationPart]


KINDS = {"raw": "pass@1", "gains": "gains", "centred": "double-centred"}


def correlation_tables(findings: Findings) -> list[CorrelationTable]:
    found = findings.correlations
    if found is None:
        return []
    columns = {kind: matrix for kind, matrix in found.columns.items() if kind != "gains"}  # equal to raw
    task_keys = tuple(task_title(task_key, findings) for task_key in found.task_keys)
    sides = (
        ("cells", "Between cells, over models", task_keys, columns, found.column_trees),
        ("models", "Between models, over cells", found.models, found.rows, found.row_trees),
    )
    return [
        CorrelationTable(
            name,
            title,
            names,
            [_correlated(kind, matrix, trees.get(kind)) for kind, matrix in matrices.items()],
        )
        for name, title, names, matrices, trees in sides
        if matrices
    ]


def _correlated(kind: str, matrix: Matrix, tree: Tree | None) -> CorrelationPart:
    order = tree.order if tree else tuple(range(len(matrix)))
    values = [[matrix[row][column] for column in order] for row in order]
    rows = [[("", 0.0) if r is None else (signed(r), r) for r in row] for row in values]
    return CorrelationPart(kind, KINDS[kind], matrix, tree, order, rows)
