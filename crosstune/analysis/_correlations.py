"""Pearson's r between the rows and between the columns of the transfer table, in three ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crosstune.analysis._run import TaskKey
from crosstune.analysis._trees import Tree, cluster

if TYPE_CHECKING:
    import numpy as np

Matrix = tuple[tuple[float | None, ...], ...]
"""Symmetric; None if a row or column does not vary."""

LEAST = 3
"""The fewest points that a correlation needs: with two, every r is 1 or -1."""


@dataclass(frozen=True, slots=True)
class Correlations:
    """``columns`` are correlations between tasks over the models, ``rows`` between models over the tasks.

    Each is keyed ``raw`` (pass@1, as in publications), ``gains`` (over the baseline) and ``centred`` (row
    and column means subtracted: then neither a good model nor an easy task makes everything correlate).
    Empty with fewer than three points. ``column_trees`` and ``row_trees`` cluster them (average linkage on
    1 - r), with the same keys; a kind is absent if some r is undefined.
    """

    models: tuple[str, ...]
    task_keys: tuple[TaskKey, ...]
    columns: Mapping[str, Matrix]
    rows: Mapping[str, Matrix]
    column_trees: Mapping[str, Tree] = field(default_factory=dict)
    row_trees: Mapping[str, Tree] = field(default_factory=dict)


def correlate(
    table: Sequence[Sequence[float]],
    baseline: Sequence[float],
    models: Sequence[str],
    task_keys: Sequence[TaskKey],
) -> Correlations | None:
    """Correlate a ``table`` of pass@1 (models down, tasks across); None if it is too small for any r."""
    import numpy as np

    raw = np.array(table, dtype=float)
    if raw.ndim != 2 or max(raw.shape) < LEAST or min(raw.shape) < 2:
        return None
    centred = raw - raw.mean(0) - raw.mean(1)[:, None] + raw.mean()
    kinds = {"raw": raw, "gains": raw - np.array(baseline), "centred": centred}
    tall, wide = (size >= LEAST for size in raw.shape)
    columns = {kind: _pearson(values.T) for kind, values in kinds.items()} if tall else {}
    rows = {kind: _pearson(values) for kind, values in kinds.items()} if wide else {}
    return Correlations(tuple(models), tuple(task_keys), columns, rows, _trees(columns), _trees(rows))


def _trees(matrices: Mapping[str, Matrix]) -> dict[str, Tree]:
    return {kind: tree for kind, matrix in matrices.items() if (tree := cluster(matrix))}


def _pearson(series: np.ndarray) -> Matrix:
    """Pearson's r between the rows of ``series``."""
    import numpy as np

    centred = series - series.mean(1)[:, None]
    lengths = np.linalg.norm(centred, axis=1)
    flat = lengths < 1e-12
    unit = centred / np.where(flat, 1, lengths)[:, None]
    r = np.clip(unit @ unit.T, -1, 1)
    return tuple(
        tuple(None if flat[i] or flat[j] else float(r[i, j]) for j in range(len(series)))
        for i in range(len(series))
    )
