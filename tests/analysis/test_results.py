import json
from dataclasses import replace

from crosstune.analysis import analyse, results
from tests.analysis import synthetic

RUN = synthetic.run()
FOUND = results(analyse(RUN))


def test_one_score_per_model_cell_and_seed() -> None:
    assert len(FOUND["scores"]) == 6 * 4 * 3
    keys = [(s["model"], s["benchmark"], s["language"], s["task"], s["seed"]) for s in FOUND["scores"]]
    assert keys == sorted(set(keys))
    assert {"n", "passed", "pass_at_1", "low", "high", "labels"} <= FOUND["scores"][0].keys()


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


def test_equal_verdicts_give_equal_bytes_in_whatever_order() -> None:
    again = results(analyse(replace(RUN, judged=tuple(reversed(RUN.judged)))))
    assert json.dumps(again, allow_nan=False) == json.dumps(FOUND, allow_nan=False)
