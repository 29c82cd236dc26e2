import itertools

import numpy as np
import pytest
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform

from crosstune.analysis import TaskKey, cluster, correlate


def _correlations(size: int, seed: int) -> np.ndarray:
    return np.asarray(np.corrcoef(np.random.default_rng(seed).normal(size=(size, 6))))


@pytest.mark.parametrize(("size", "seed"), [(2, 0), (3, 1), (8, 2), (20, 3)])
def test_merges_are_those_of_scipys_average_linkage(size: int, seed: int) -> None:
    r = _correlations(size, seed)
    tree = cluster(r.tolist())
    assert tree
    expected = hierarchy.linkage(squareform(1 - r, checks=False), "average")
    for merge, row in zip(tree.merges, expected, strict=True):
        assert {merge.left, merge.right} == {int(row[0]), int(row[1])}
        assert (merge.distance, merge.size) == pytest.approx((row[2], row[3]), abs=1e-12)


def test_leaves_are_ordered_without_crossing_lines() -> None:
    r = _correlations(12, 5)
    tree = cluster(r.tolist())
    assert tree
    assert sorted(tree.order) == list(range(12))
    members = {leaf: {leaf} for leaf in range(12)}
    for number, merge in enumerate(tree.merges):
        members[12 + number] = members[merge.left] | members[merge.right]
        places = sorted(tree.order.index(leaf) for leaf in members[12 + number])
        assert places == list(range(places[0], places[0] + len(places)))


def test_segments_are_those_of_scipys_dendrogram() -> None:
    r = _correlations(6, 7)
    tree = cluster(r.tolist())
    assert tree
    ours = list(tree.segments())
    assert len(ours) == 5
    for left, up, across, right in ours:
        assert left[0] == up[0] < across[0] == right[0]
        assert up[1] == across[1] >= max(left[1], right[1])
    drawn = hierarchy.dendrogram(hierarchy.linkage(squareform(1 - r, checks=False), "average"), no_plot=True)
    assert sorted(segment[1][1] for segment in ours) == pytest.approx(sorted(d[1] for d in drawn["dcoord"]))


def test_undefined_correlations_have_no_tree() -> None:
    assert cluster([[1.0, None], [None, 1.0]]) is None
    assert cluster([[1.0]]) is None


def test_correlations_have_their_trees() -> None:
    table = np.random.default_rng(0).random((4, 5)).tolist()
    task_keys = [TaskKey("b", f"l{index}", "t") for index in range(5)]
    tree = correlate(table, [0.1] * 5, list("abcd"), task_keys)
    assert tree
    for matrices, trees in ((tree.columns, tree.column_trees), (tree.rows, tree.row_trees)):
        assert matrices.keys() == trees.keys() == {"raw", "gains", "centred"}
        for kind in matrices:
            assert cluster(matrices[kind]) == trees[kind]


def test_similar_leaves_are_neighbours() -> None:
    r = np.eye(4)
    for one, two in itertools.permutations((0, 2), 2):
        r[one, two] = 0.9
    tree = cluster(r.tolist())
    assert tree
    assert abs(tree.order.index(0) - tree.order.index(2)) == 1
