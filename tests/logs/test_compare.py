"""`crosstune compare` with logs: pairing, values, the smallest detectable difference, and ``--fail-on``."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from crosstune.analysis import Comparison
from crosstune.cli._main import app
from crosstune.errors import DataError, GateFailed, Incomplete, UnknownName, UsageError
from crosstune.logs import Log, LogSample, compare_logs, paired, read_logs
from crosstune.records import EvaluatedSample, Status, to_json
from crosstune.scoring import crossed_difference, mcnemar_exact


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["compare", *map(str, words)], env={"COLUMNS": "160"})


def row_of(tmp_path: Path, *words: object) -> dict[str, Any]:
    path = tmp_path / "out.json"
    result = run(*words, "-o", path)
    assert result.exit_code == 0, result.output or result.exception
    (row,) = json.loads(path.read_text())["comparisons"]
    return dict(row)


def log(values: dict[str, list[float | None]], name: str = "model", **fields: Any) -> Log:
    samples = tuple(
        LogSample(problem=problem, sample=number, values={"reward": value}, where=f"{name}:{problem}")
        for problem, several in values.items()
        for number, value in enumerate(several)
    )
    return Log(
        format="test", path=name, model=name, benchmark="toys", samples=samples, metrics=("reward",), **fields
    )


def compared(first: Log, second: Log, **options: Any) -> Comparison:
    (one,) = compare_logs(paired([first], [second], common=options.pop("common", False)), **options)
    return one


def test_two_logs_of_one_harness(written: Path, tmp_path: Path) -> None:
    row = row_of(tmp_path, written / "lm_eval/a", written / "lm_eval/b")
    assert (row["model"], row["benchmark"], row["problems"]) == ("scripted-1", "toy_code", 9)
    assert (row["before"], row["after"]) == (pytest.approx(7 / 9), pytest.approx(2 / 9))
    assert row["p"] == pytest.approx(mcnemar_exact(6, 1))
    assert row["difference_low"] < row["difference_points"] < row["difference_high"]
    width = row["difference_high"] - row["difference_low"]
    assert row["detectable_points"] == pytest.approx(width / 2 * (1 + 0.8416 / 1.96))
    assert [each["problem"] for each in row["rose"]] == ["Toy/8"]


def test_logs_of_two_harnesses_are_equal(written: Path, tmp_path: Path) -> None:
    row = row_of(tmp_path, written / "lm_eval/b", written / "inspect_ai/b-json")
    assert row["model"] == "scripted-1 → mockllm/model"
    assert (row["difference_points"], row["fell"], row["rose"]) == (0, [], [])


def test_evalplus_by_another_metric(written: Path, tmp_path: Path) -> None:
    logs = [written / "evalplus" / f"run-{run}_eval_results.json.gz" for run in "ab"]
    assert row_of(tmp_path, *logs)["before"] == pytest.approx(163 / 164)
    assert row_of(tmp_path, *logs, "--metric", "base")["before"] == 1
    assert "compared by plus; --metric chooses another of plus, base" in run(*logs).stdout


def test_several_samples_are_means() -> None:
    first = log({"a": [1, 0], "b": [0, 0], "c": [1, 1]})
    second = log({"a": [1, 1], "b": [0.5], "c": [1, 0]})
    one = compared(first, second)
    assert (one.before, one.after) == pytest.approx((0.5, 2 / 3))
    expected = crossed_difference([[0.5, 0.5, -0.5]])
    assert one.gain.p == expected.p
    assert one.gain.low == pytest.approx(100 * expected.low)
    assert [(each.problem, each.before, each.after) for each in one.changed] == [
        ("c", 1, 0.5),
        ("a", 0.5, 1),
        ("b", 0, 0.5),
    ]


def test_problems_are_paired_by_number() -> None:
    first = log({"HumanEval/0": [1], "HumanEval/12": [0]})
    second = log({"HumanEval_12_add_3": [1], "HumanEval_0_double": [0]}, "other")
    (pair,) = paired([first], [second])
    assert pair.by_number
    assert pair.problems == (("HumanEval/0", "HumanEval_0_double"), ("HumanEval/12", "HumanEval_12_add_3"))
    ambiguous = log({"easy/1": [1], "hard/1": [0]}, "ambiguous")
    with pytest.raises(DataError, match="ambiguous: .*'easy/1' and 'hard/1'"):
        paired([first], [ambiguous])


def test_other_problems_are_refused_or_left_out() -> None:
    first, second = log({"a": [1], "b": [1]}, "one"), log({"b": [0], "c": [0], "d": [1]}, "two")
    with pytest.raises(
        DataError, match=r"1 only in one \('a'\) and 2 only in two \('c', 'd'\); --common compares the 1"
    ):
        paired([first], [second])
    assert compared(first, second, common=True).gain.problems == 1


def test_answers_without_a_verdict_are_not_wrong() -> None:
    first, second = log({"a": [1], "b": [1, 1], "c": [1]}), log({"a": [None], "b": [1, None], "c": [1]})
    with pytest.raises(Incomplete, match="2 of 4 answers have no verdict"):
        compared(first, second)
    one = compared(first, second, allow_partial=True)
    assert (one.before, one.after, one.gain.problems) == (1, 1, 2)
    assert (one.judged, one.asked) == ((4, 2), (4, 4))


def test_values_are_fractions() -> None:
    with pytest.raises(DataError, match="model:b: reward is 3.5; only values from 0 to 1"):
        compared(log({"a": [1], "b": [1]}), log({"a": [1], "b": [3.5]}))


def test_a_metric_that_a_log_lacks() -> None:
    with pytest.raises(UnknownName, match="unknown metric of model 'acc'; known: reward"):
        compared(log({"a": [1]}), log({"a": [1]}), metric="acc")


ROW = EvaluatedSample(
    model="tiny",
    seed=0,
    benchmark="toys",
    language="python",
    task="fix",
    problem="p0",
    sample=0,
    prompt="",
    text="x",
    candidate="x",
    status=Status.PASSED,
    stage="run",
    stdout="",
    stderr="",
    cpu_seconds=0.0,
)


def evaluation(path: Path, statuses: dict[str, list[Status]]) -> Path:
    """What `crosstune eval` writes: judged answers of two tasks."""
    rows = [
        replace(ROW, task=task, problem=f"p{number}", status=status)
        for task, several in statuses.items()
        for number, status in enumerate(several)
    ]
    path.mkdir()
    (path / "judged.jsonl").write_text("".join(f"{to_json(row)}\n" for row in rows))
    return path


P, W = Status.PASSED, Status.WRONG_ANSWER


def test_evaluations_of_ours_with_several_scores(tmp_path: Path) -> None:
    first = evaluation(tmp_path / "a", {"fix": [P] * 8, "synthesize": [P] * 8})
    second = evaluation(tmp_path / "b", {"synthesize": [P] * 7 + [W], "fix": [W] * 8})
    assert [each.name for each in read_logs(str(first))] == [
        "tiny/toys/python/fix",
        "tiny/toys/python/synthesize",
    ]
    result = run(first, second, "--fail-on", "significant")
    assert isinstance(result.exception, GateFailed)
    assert "tiny/toys/python/fix fell from 100.0 to 0.0 %" in str(result.exception)
    assert "synthesize fell" not in str(result.exception)
    assert row_of(tmp_path, first, second, "--first", "synthesize")["after"] == 7 / 8
    result = run(first, second, "--first", "explain")
    assert isinstance(result.exception, DataError)
    assert "has no 'explain'; it has: tiny/toys/python/fix, tiny/toys/python/synthesize" in str(
        result.exception
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--fail-on", "loss:10"], "synthesize fell from 100.0 to 87.5 % .* by more than 10 points"),
        (
            ["--fail-on", "risk:5", "--score", "tiny/synthesize"],
            "a loss of more than 5 points is not excluded",
        ),
        (["--fail-on", "loss:20", "--score", "tiny/fix"], "fix fell .* by more than 20 points"),
        (["--score", "tiny"], "tiny/toys/python/fix fell .* after correction"),
    ],
)
def test_rules_that_fail(tmp_path: Path, words: list[str], message: str) -> None:
    first = evaluation(tmp_path / "a", {"fix": [P] * 8, "synthesize": [P] * 8})
    second = evaluation(tmp_path / "b", {"fix": [W] * 8, "synthesize": [P] * 7 + [W]})
    path = tmp_path / "out.json"
    result = run(first, second, *words, "--json", path)
    assert isinstance(result.exception, GateFailed)
    assert result.exception.exit_status == 5
    with pytest.raises(GateFailed, match=message):
        raise result.exception
    assert json.loads(path.read_text())["fallen"]


@pytest.mark.parametrize("rule", ["significant", "loss:12.5", "risk:99"])
def test_rules_that_pass(tmp_path: Path, rule: str) -> None:
    first = evaluation(tmp_path / "a", {"synthesize": [P] * 8})
    second = evaluation(tmp_path / "b", {"synthesize": [P] * 7 + [W]})
    assert run(first, second, "--fail-on", rule).exit_code == 0


@pytest.mark.parametrize("rule", ["loss", "loss:", "loss:x", "gain:3", "risk:-1", "significant:2"])
def test_unknown_rules(tmp_path: Path, rule: str) -> None:
    result = run(tmp_path, tmp_path, "--fail-on", rule)
    assert isinstance(result.exception, UsageError)
    assert f"--fail-on {rule}: expected significant, loss:POINTS or risk:POINTS" in str(result.exception)
