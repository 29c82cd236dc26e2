import json
from dataclasses import replace

import pytest

from crosstune.analysis import analyse
from crosstune.report import results
from tests.analysis import synthetic

RUN = synthetic.run()
FOUND = results(analyse(RUN))


def test_one_score_per_model_cell_and_seed() -> None:
    assert len(FOUND["scores"]) == 6 * 4 * 3
    keys = [(s["model"], s["benchmark"], s["language"], s["task"], s["seed"]) for s in FOUND["scores"]]
    assert keys == sorted(set(keys))
    assert {"n", "passed", "pass_at_1", "low", "high", "statuses"} <= FOUND["scores"][0].keys()


def test_transfer_and_control_tell_both_sides() -> None:
    assert len(FOUND["transfer"]) == 5 * 4
    (row,) = [
        row
        for row in FOUND["transfer"]
        if (row["model"], row["language"], row["task"]) == ("javascript", "python", "synthesize")
    ]
    assert (row["baseline"], row["trained"], row["significant"]) == ("base", False, True)
    assert row["gain_low"] <= row["gain_points"] <= row["gain_high"]
    assert abs(100 * (row["pass_at_1"] - row["baseline_pass_at_1"]) - row["gain_points"]) < 1e-9
    assert len(FOUND["control"]) == 4 * 4


def test_each_cell_has_its_problems_with_what_every_model_made_of_them() -> None:
    assert len(FOUND["problems"]) == 4
    for table in FOUND["problems"]:
        assert len(table["rates"]) == len(table["models"]) == 6
        assert all(len(row) == len(table["problems"]) == 60 for row in table["rates"])
        for model, row in zip(table["models"], table["rates"], strict=True):
            where = {name: table[name] for name in ("benchmark", "language", "task")}
            (rate,) = [r for r in FOUND["rates"] if r["model"] == model and where.items() <= r.items()]
            assert sum(row) / 60 == pytest.approx(rate["pass_at_1"])


def test_correlations_come_with_names_and_trees() -> None:
    found = {(one["between"], one["of"]): one for one in FOUND["correlations"]}
    kinds = ("raw", "gains", "centred")
    assert set(found) == {(side, kind) for side in ("cells", "models") for kind in kinds}
    for one in found.values():
        assert len(one["r"]) == len(one["names"]) == len(one["order"]) == len(one["merges"]) + 1
    assert found["cells", "raw"]["names"][0] == "exercises/python/synthesize"


def test_what_stands_beside_the_run_is_told() -> None:
    assert {corpus["name"]: corpus["rows"] for corpus in FOUND["corpora"]}["python"] == 6000
    assert {row["paper"] for row in FOUND["published"]} == {"codem"}
    assert FOUND["notice"] == ""


def test_equal_verdicts_give_equal_bytes_in_whatever_order() -> None:
    again = results(analyse(replace(RUN, judged=tuple(reversed(RUN.judged)))))
    assert json.dumps(again, allow_nan=False) == json.dumps(FOUND, allow_nan=False)
