import json
from dataclasses import replace

import pytest

from crosstune.analysis import analyse
from crosstune.report import results
from tests.analysis import synthetic

RUN = synthetic.run()
RESULTS = results(analyse(RUN))


def test_there_is_one_score_for_each_model_task_and_seed() -> None:
    assert len(RESULTS["scores"]) == 6 * 4 * 3
    keys = [(s["model"], s["benchmark"], s["language"], s["task"], s["seed"]) for s in RESULTS["scores"]]
    assert keys == sorted(set(keys))
    assert {"n", "passed", "pass_at_1", "low", "high", "statuses"} <= RESULTS["scores"][0].keys()


def test_transfer_and_control_have_both_sides() -> None:
    assert len(RESULTS["transfer"]) == 5 * 4
    (row,) = [
        row
        for row in RESULTS["transfer"]
        if (row["model"], row["language"], row["task"]) == ("javascript", "python", "synthesize")
    ]
    assert (row["baseline"], row["trained"], row["significant"]) == ("base", False, True)
    assert row["gain_low"] <= row["gain_points"] <= row["gain_high"]
    assert abs(100 * (row["pass_at_1"] - row["baseline_pass_at_1"]) - row["gain_points"]) < 1e-9
    assert len(RESULTS["control"]) == 4 * 4


def test_each_task_has_its_problems_with_every_models_rate() -> None:
    assert len(RESULTS["problems"]) == 4
    for table in RESULTS["problems"]:
        assert len(table["rates"]) == len(table["models"]) == 6
        assert all(len(row) == len(table["problems"]) == 60 for row in table["rates"])
        for model, row in zip(table["models"], table["rates"], strict=True):
            where = {name: table[name] for name in ("benchmark", "language", "task")}
            (rate,) = [r for r in RESULTS["rates"] if r["model"] == model and where.items() <= r.items()]
            assert sum(row) / 60 == pytest.approx(rate["pass_at_1"])


def test_correlations_have_names_and_trees() -> None:
    result = {(one["between"], one["of"]): one for one in RESULTS["correlations"]}
    kinds = ("raw", "gains", "centred")
    assert set(result) == {(side, kind) for side in ("cells", "models") for kind in kinds}
    for one in result.values():
        assert len(one["r"]) == len(one["names"]) == len(one["order"]) == len(one["merges"]) + 1
    assert result["cells", "raw"]["names"][0] == "exercises/python/synthesize"


def test_corpora_published_rates_and_notice_are_included() -> None:
    assert {corpus["name"]: corpus["rows"] for corpus in RESULTS["corpora"]}["python"] == 6000
    assert {row["paper"] for row in RESULTS["published"]} == {"codem"}
    assert RESULTS["notice"] == ""


def test_equal_verdicts_give_equal_bytes_in_any_order() -> None:
    again = results(analyse(replace(RUN, judged=tuple(reversed(RUN.judged)))))
    assert json.dumps(again, allow_nan=False) == json.dumps(RESULTS, allow_nan=False)
