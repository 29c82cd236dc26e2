"""The decision about the cause of one difference, case by case."""

from __future__ import annotations

from typing import Any

import pytest

from crosstune.logs import Cause, LogSample, Outcome, Side, reasons
from crosstune.records import Status, Verdict


def verdict(status: Status, wall_seconds: float = 0.1) -> Verdict:
    return Verdict(
        id="",
        status=status,
        stage="run",
        exit_status=0,
        signal=0,
        cpu_seconds=0.05,
        wall_seconds=wall_seconds,
        peak_bytes=0,
        stdout="",
        stderr="",
    )


PASSED, WRONG, SLOW = verdict(Status.PASSED), verdict(Status.WRONG_ANSWER), verdict(Status.TIMEOUT, 9.0)


def side(
    value: float | None,
    answer: Verdict | None,
    code: Verdict | None = None,
    seconds: float = 0.0,
    **sample: Any,
) -> Side:
    given = {"text": "text", "prompt": "question", **sample}
    given["answer"] = given.pop("text")
    given["code"] = given.pop("code_text", None)
    one = LogSample(problem="p", values={}, **given)
    return Side(sample=one, value=value, harness="the log", seconds=seconds, answer=answer, code=code)


def found(first: Side, second: Side) -> list[tuple[Cause, int | None]]:
    return [(each.cause, each.side) for each in reasons(first, second)]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param(side(1, PASSED), side(0, WRONG), [(Cause.SAMPLING, None)], id="another answer"),
        pytest.param(
            side(1, PASSED), side(0, WRONG, prompt="other"), [(Cause.PROMPT, None)], id="another prompt"
        ),
        pytest.param(
            side(1, PASSED), side(0, WRONG, prompt="question \n"), [(Cause.SAMPLING, None)], id="only spaces"
        ),
        pytest.param(
            side(1, PASSED, PASSED), side(0, PASSED, WRONG), [(Cause.EXTRACTION, 1)], id="other code there"
        ),
        pytest.param(
            side(1, WRONG, PASSED), side(0, WRONG, WRONG), [(Cause.EXTRACTION, 0)], id="better code there"
        ),
        pytest.param(side(1, PASSED), side(0, PASSED, PASSED), [(Cause.VERDICT, 1)], id="another verdict"),
        pytest.param(
            side(0, PASSED, outcome=Outcome.TIMEOUT),
            side(1, PASSED),
            [(Cause.TIMEOUT, 0)],
            id="stopped there",
        ),
        pytest.param(side(1, SLOW), side(0, SLOW), [(Cause.TIMEOUT, 0)], id="stopped here"),
        pytest.param(
            side(1, PASSED),
            side(0, verdict(Status.PASSED, 3.5), seconds=3),
            [(Cause.TIMEOUT, 1)],
            id="longer than the limit there",
        ),
        pytest.param(
            side(1, PASSED),
            side(0, verdict(Status.PASSED, 2.5), seconds=3),
            [(Cause.VERDICT, 1)],
            id="within the limit there",
        ),
        pytest.param(
            side(1, WRONG),
            side(0, PASSED, prompt="other"),
            [(Cause.PROMPT, None), (Cause.VERDICT, 0), (Cause.VERDICT, 1)],
            id="both deviate",
        ),
        pytest.param(
            side(None, None, message="line\nno server"),
            side(1, PASSED),
            [(Cause.HARNESS, 0)],
            id="no verdict",
        ),
        pytest.param(
            side(0.5, PASSED, averaged=True),
            side(1, PASSED),
            [(Cause.UNKNOWN, None), (Cause.SAMPLING, None)],
            id="only a mean",
        ),
        pytest.param(side(1, None), side(0, None), [(Cause.VERDICT, None)], id="not judged, same answer"),
        pytest.param(
            side(1, verdict(Status.HARNESS_ERROR)),
            side(0, PASSED, outcome=Outcome.TIMEOUT),
            [(Cause.TIMEOUT, 1)],
            id="not judged, stopped there",
        ),
        pytest.param(
            side(1, None, code_text="a"),
            side(0, None, code_text="b"),
            [(Cause.EXTRACTION, None)],
            id="other code",
        ),
        pytest.param(side(1, None), side(0, None, text="x"), [(Cause.SAMPLING, None)], id="other answer"),
        pytest.param(
            side(1, None, text=None), side(0, None), [(Cause.UNKNOWN, None)], id="no answer in the log"
        ),
    ],
)
def test_causes(first: Side, second: Side, expected: list[tuple[Cause, int | None]]) -> None:
    assert found(first, second) == expected


def test_sentences() -> None:
    first = side(1, PASSED, settings={"temperature": 0.0, "top_p": 1})
    second = side(0, WRONG, settings={"temperature": 0.8, "top_p": 1}, finish_reason="length")
    (reason,) = reasons(first, second)
    assert reason.text == (
        "the answers differ (the second was cut at its length limit; temperature 0.0 and 0.8)"
    )
    (reason,) = reasons(side(1, PASSED, prompt="a\nb"), side(0, WRONG, prompt="a"))
    assert "line 2 is 'b' and '(nothing)'" in reason.text
    (reason,) = reasons(side(0, PASSED, message="Traceback\nNameError: List"), side(1, PASSED))
    assert reason.text == ("the log counts the same program as failed (NameError: List); judged here: passed")
