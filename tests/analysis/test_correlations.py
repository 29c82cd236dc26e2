import csv

import numpy as np
import pytest

from crosstune.analysis import Correlations, TaskKey, correlate
from tests.shared import shared_data

COLUMNS = {
    ("JavaScript", "Java"): -0.50,
    ("TypeScript", "Java"): -0.63,
    ("JavaScript", "C++"): 0.10,
    ("C++", "Go"): 0.28,
}
ROWS = {
    ("Python", "TypeScript"): 0.42,
    ("Python", "C"): 0.94,
    ("Python", "C++"): 0.62,
    ("JavaScript", "C"): 0.62,
    ("JavaScript", "C++"): 0.35,
    ("TypeScript", "C++"): 0.18,
    ("Python", "Java"): 0.92,
    ("JavaScript", "Java"): 0.66,
    ("TypeScript", "Java"): 0.29,
    ("Python", "Go"): 0.84,
    ("TypeScript", "Go"): -0.05,
    ("C", "Go"): 0.82,
    ("Python", "HTML"): 0.73,
    ("TypeScript", "HTML"): 0.22,
    ("C", "HTML"): 0.65,
    ("Java", "HTML"): 0.88,
}


def _published() -> Correlations:
    with (shared_data("published") / "codem-table1.csv").open() as file:
        rows = list(csv.reader(file))
    values = {row[0].removeprefix("CodeM-"): [float(task_key) for task_key in row[1:]] for row in rows[1:]}
    base = values.pop("StarCoder 7B")
    del values["Mixed"]
    task_keys = [TaskKey("HumanEval-X", language, "synthesize") for language in rows[0][1:]]
    result = correlate(list(values.values()), base, list(values), task_keys)
    assert result
    return result


def test_the_published_correlations_are_reproduced() -> None:
    result = _published()
    languages = [task_key.language for task_key in result.task_keys]
    for (first, second), expected in COLUMNS.items():
        r = result.columns["raw"][languages.index(first)][languages.index(second)]
        assert r == pytest.approx(expected, abs=0.0051)
    for (first, second), expected in ROWS.items():
        r = result.rows["raw"][result.models.index(first)][result.models.index(second)]
        assert r == pytest.approx(expected, abs=0.0051)


def test_centring_removes_the_difficulty_of_columns() -> None:
    result = _published()
    at = result.models.index("Python"), result.models.index("TypeScript")
    assert result.rows["centred"][at[0]][at[1]] == pytest.approx(-0.6, abs=0.1)


def test_correlations_are_pearsons_r() -> None:
    table = np.random.default_rng(0).random((4, 5))
    task_keys = [TaskKey("b", f"l{index}", "t") for index in range(5)]
    result = correlate(table.tolist(), [0.1] * 5, list("abcd"), task_keys)
    assert result
    gains = table - 0.1
    assert np.array(result.rows["raw"], float) == pytest.approx(np.corrcoef(table))
    assert np.array(result.columns["gains"], float) == pytest.approx(np.corrcoef(gains.T))
    centred = table - table.mean(0) - table.mean(1, keepdims=True) + table.mean()
    assert np.array(result.rows["centred"], float) == pytest.approx(np.corrcoef(centred))


def test_constant_columns_have_no_correlation() -> None:
    result = correlate(
        [[0.5, 0.5, 0.5], [0.1, 0.2, 0.4]], [0.0] * 3, ["a", "b"], [TaskKey("b", "l", "t")] * 3
    )
    assert result
    assert result.rows["raw"][0] == (None, None)
    assert result.rows["raw"][1][1] == pytest.approx(1)
    assert result.columns == {}


def test_two_points_are_too_few() -> None:
    assert correlate([[0.1, 0.2], [0.3, 0.4]], [0.0, 0.0], ["a", "b"], [TaskKey("b", "l", "t")] * 2) is None
    assert correlate([], [], [], []) is None
