"""Hierarchical clustering of languages or models: average linkage on 1 - r."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np

Point = tuple[float, float]


class Merge(NamedTuple):
    """One step, as a row of scipy's linkage: ``left`` and ``right`` below the number of leaves n are leaves,
    n + i is the result of merge i; ``size`` is its number of leaves."""

    left: int
    right: int
    distance: float
    size: int


@dataclass(frozen=True, slots=True)
class Tree:
    """``order``: the leaves from left to right; ``merges``: n - 1, by rising distance."""

    order: tuple[int, ...]
    merges: tuple[Merge, ...]

    def segments(self) -> Iterator[tuple[Point, Point, Point, Point]]:
        """The dendrogram, one inverted U for each merge: x in positions of leaves from 0, y the distance."""
        leaves = len(self.order)
        where: dict[int, Point] = {leaf: (float(at), 0.0) for at, leaf in enumerate(self.order)}
        for number, merge in enumerate(self.merges):
            left, right = sorted((where[merge.left], where[merge.right]))
            top = merge.distance
            yield left, (left[0], top), (right[0], top), right
            where[leaves + number] = ((left[0] + right[0]) / 2, top)


def cluster(matrix: Sequence[Sequence[float | None]]) -> Tree | None:
    """Average linkage (UPGMA) on 1 - r; None if some r is undefined or there are fewer than two names."""
    import numpy as np

    if len(matrix) < 2 or any(r is None for row in matrix for r in row):
        return None
    distances = 1 - np.array(matrix, dtype=float)
    merges = list(_merges(distances))
    return Tree(tuple(_leaves(2 * len(matrix) - 2, len(matrix), merges)), tuple(merges))


def _merges(distances: np.ndarray) -> Iterator[Merge]:
    """Merge the nearest two until one is left; the result has their mean distance, weighted by size."""
    import numpy as np

    leaves = len(distances)
    near = distances.astype(float).copy()
    np.fill_diagonal(near, np.inf)
    names, sizes = list(range(leaves)), [1] * leaves
    for made in range(leaves, 2 * leaves - 1):
        at, other = sorted(int(index) for index in np.unravel_index(np.argmin(near), near.shape))
        size = sizes[at] + sizes[other]
        left, right = sorted((names[at], names[other]))
        yield Merge(left, right, max(0.0, float(near[at, other])), size)
        joined = (sizes[at] * near[at] + sizes[other] * near[other]) / size
        near[at], near[:, at], near[at, at] = joined, joined, np.inf
        near[other], near[:, other] = np.inf, np.inf
        names[at], sizes[at] = made, size


def _leaves(node: int, leaves: int, merges: Sequence[Merge]) -> Iterator[int]:
    if node < leaves:
        yield node
        return
    merge = merges[node - leaves]
    yield from _leaves(merge.left, leaves, merges)
    yield from _leaves(merge.right, leaves, merges)
