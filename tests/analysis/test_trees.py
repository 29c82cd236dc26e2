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
    found = cluster(r.tolist())
    assert found
    expected = hierarchy.linkage(squareform(1 - r, checks=False), "average")
    for merge, row in zip(found.merges, expected, strict=True):
        assert {merge.left, merge.right} == {int(row[0]), int(row[1])}
        assert (merge.distance, merge.size) == pytest.approx((row[2], row[3]), abs=1e-12)


def test_leaves_stand_so_that_no_lines_cross() -> None:
    r = _correlations(12, 5)
    found = cluster(r.tolist())
    assert found
    assert sorted(found.order) == list(range(12))
    members = {leaf: {leaf} for leaf in range(12)}
    for number, merge in enumerate(found.merges):
        members[12 + number] = members[merge.left] | members[merge.right]
        places = sorted(found.order.index(leaf) for leaf in members[12 + number])
        assert places == list(range(places[0], places[0] + len(places)))


def test_segments_are_those_of_scipys_dendrogram() -> None:
    r = _correlations(6, 7)
    found = cluster(r.tolist())
    assert found
    ours = list(found.segments())
    assert len(ours) == 5
    for left, up, across, right in ours:
        assert left[0] == up[0] < across[0] == right[0]
        assert up[1] == across[1] >= max(left[1], right[1])
    drawn = hierarchy.dendrogram(hierarchy.linkage(squareform(1 - r, checks=False), "average"), no_plot=True)
    assert sorted(segment[1][1] for segment in ours) == pytest.approx(sorted(d[1] for d in drawn["dcoord"]))


def test_what_has_no_correlation_has_no_tree() -> None:
    assert cluster([[1.0, None], [None, 1.0]]) is None
    assert cluster([[1.0]]) is None


def test_correlations_bring_their_trees() -> None:
    table = np.random.default_rng(0).random((4, 5)).tolist()
    task_keys = [TaskKey("b", f"l{index}", "t") for index in range(5)]
    found = correlate(table, [0.1] * 5, list("abcd"), task_keys)
    assert found
    for matrices, trees in ((found.columns, found.column_trees), (found.rows, found.row_trees)):
        assert matrices.keys() == trees.keys() == {"raw", "gains", "centred"}
        for kind in matrices:
            assert cluster(matrices[kind]) == trees[kind]


def test_near_ones_stand_beside_each_other() -> None:
    r = np.eye(4)
    for one, two in itertools.permutations((0, 2), 2):
        r[one, two] = 0.9
    found = cluster(r.tolist())
    assert found
    assert abs(found.order.index(0) - found.order.index(2)) == 1
