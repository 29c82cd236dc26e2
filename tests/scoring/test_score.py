from collections.abc import Sequence
from dataclasses import replace

import pytest

from crosstune.errors import DataError, Incomplete
from crosstune.records import EvaluatedSample, Status
from crosstune.scoring import rate_interval, score, tally, wilson

ONE = EvaluatedSample(
    model="base",
    seed=0,
    benchmark="exercises",
    language="python",
    task="fix",
    problem="a",
    sample=0,
    prompt="",
    text="",
    candidate="",
    status=Status.PASSED,
    stage="run",
    stdout="",
    stderr="",
    cpu_seconds=0.1,
)
PASSED, WRONG, FAULT = Status.PASSED, Status.WRONG_ANSWER, Status.HARNESS_ERROR


def _rows(verdicts: dict[str, Sequence[Status]], **fields: object) -> list[EvaluatedSample]:
    return [
        replace(ONE, problem=problem, sample=sample, status=status, **fields)  # type: ignore[arg-type]
        for problem, statuses in verdicts.items()
        for sample, status in enumerate(statuses)
    ]


def test_one_sample_for_each_problem_gives_wilson() -> None:
    (result,) = score(_rows({"a": [PASSED], "b": [WRONG], "c": [PASSED], "d": [Status.TIMEOUT]}))
    assert (result.n, result.samples, result.passed, result.pass_at_1) == (4, 1, 2.0, 0.5)
    assert wilson(2, 4) == (result.low, result.high)
    assert result.statuses == {"passed": 2, "wrong_answer": 1, "timeout": 1}


def test_several_samples_count_by_problem() -> None:
    (result,) = score(_rows({"a": [PASSED, WRONG, WRONG, WRONG], "b": [PASSED] * 4, "c": [WRONG] * 4}))
    assert (result.n, result.samples, result.passed) == (3, 4, 1.25)
    assert result.pass_at_1 == pytest.approx(1.25 / 3)
    assert rate_interval([0.25, 1.0, 0.0]) == (result.low, result.high)


def test_scores_are_in_a_fixed_order() -> None:
    rows = _rows({"a": [PASSED]}, seed=1) + _rows({"a": [WRONG]}, model="a-model") + _rows({"a": [WRONG]})
    result = score(rows)
    assert [(one.model, one.seed) for one in result] == [("a-model", 0), ("base", 0), ("base", 1)]
    assert result == score(reversed(rows))


def test_harness_errors_refuse_a_score() -> None:
    rows = _rows({"a": [PASSED], "b": [FAULT], "c": [FAULT]})
    with pytest.raises(Incomplete, match="2 of 3 programs could not be judged") as caught:
        score(rows)
    assert "base, python fix, seed 0" in str(caught.value)
    assert "not the models' fault" in str(caught.value)
    assert str(caught.value).endswith("\n  2 x python: without a message")


def test_a_partial_score_counts_what_it_left_out() -> None:
    rows = _rows({"a": [PASSED, FAULT], "b": [FAULT, FAULT], "c": [WRONG, PASSED]})
    (result,) = score(rows, allow_partial=True)
    assert (result.n, result.unjudged, result.passed) == (2, 1, 1.5)
    assert (result.judged, result.asked) == (3, 6)
    assert result.statuses == {"passed": 2, "wrong_answer": 1, "harness_error": 3}


def test_nothing_judged_gives_no_score() -> None:
    assert score(_rows({"a": [FAULT]}), allow_partial=True) == []
    assert score([]) == []


def test_faulty_problems_count_like_others() -> None:
    rows = _rows({"a": [PASSED], "b": [WRONG]}) + _rows({"c": [PASSED], "d": [WRONG]}, defect="unused import")
    (result,) = score(rows)
    assert (result.n, result.defects, result.passed) == (4, 2, 2.0)
    assert result.pass_at_1_sound == 0.5
    assert result.statuses == {"passed": 2, "wrong_answer": 2}


def test_scores_have_a_rate_without_faulty_problems() -> None:
    rows = _rows({"a": [PASSED], "b": [WRONG]}) + _rows({"c": [WRONG], "d": [WRONG]}, defect="wrong test")
    (result,) = score(rows)
    assert (result.pass_at_1, result.pass_at_1_sound) == (0.25, 0.5)
    (whole,) = score(rows[:2])
    assert whole.pass_at_1_sound is None
    (faulty,) = score(rows[2:])
    assert faulty.pass_at_1_sound is None


def test_a_sample_has_one_verdict() -> None:
    with pytest.raises(DataError, match="'a' .python fix. has two verdicts for its sample 0"):
        tally([ONE, replace(ONE, status=WRONG)])
