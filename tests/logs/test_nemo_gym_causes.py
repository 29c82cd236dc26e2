"""`crosstune reconcile` names the causes planted in rollouts that NeMo Gym itself wrote.

Its rollouts have no tests: both answers are judged by those in its file of inputs. Each planted row has the
fields that its verifier ``code_gen`` writes in that case.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.logs.test_reconcile import found

Row = dict[str, Any]
WRONG_ANSWER = (-2, "Wrong Answer")
TIME_LIMIT = (-3, "Time Limit Exceeded")


def failed(row: Row, code: int, message: str) -> None:
    row.update(reward=0.0, result=[True, code], metadata={"error_code": code, "error_message": message})


def answered(row: Row, code: str) -> None:
    """Another answer, which the verifier ran as it is."""
    text = f"```python\n{code}\n```\n"
    row["response"]["output"][0]["content"][0]["text"] = text
    row.update(extracted_model_output=text, extracted_model_code=code)


def prompt(row: Row) -> None:
    asked = row["responses_create_params"]["input"][0]
    asked["content"] = f"{asked['content']} Use one line."
    answered(row, "print(int(input()) + 2)")
    failed(row, *WRONG_ANSWER)


def sampling(row: Row) -> None:
    answered(row, "n = int(input())\nprint(n + 2)")
    failed(row, *WRONG_ANSWER)


def extraction(row: Row) -> None:
    """The whole answer became the program."""
    row["extracted_model_code"] = row["extracted_model_output"]
    failed(row, -1, "Compilation Error")


def verdict(row: Row) -> None:
    failed(row, *WRONG_ANSWER)


def time_out(row: Row) -> None:
    failed(row, *TIME_LIMIT)


def believed(row: Row) -> None:
    """A wrong answer counted as right."""
    answered(row, "import os\nprint(4)\nos._exit(0)")


PLANTED: dict[tuple[str, int], tuple[Callable[[Row], None], str, str | None]] = {
    ("0", 0): (prompt, "prompt", None),
    ("0", 1): (believed, "verdict", "second"),
    ("1", 0): (extraction, "extraction", "second"),
    ("2", 0): (time_out, "time-out", "second"),
    ("2", 1): (sampling, "sampling", None),
    ("3", 0): (verdict, "verdict", "second"),
}
"""What is planted into the second log, by problem and sample; the cause, and the log that it is found in."""


@pytest.fixture
def logs(written: Path, tmp_path: Path) -> list[Path]:
    """Twice what NeMo Gym wrote, with the causes in the second; the verifier's failure is one more."""
    made = []
    for name in ("first", "second"):
        shutil.copytree(written / "nemo_gym_real" / "a", tmp_path / name)
        made.append(tmp_path / name / "rollouts.jsonl")
    rows = [json.loads(line) for line in made[1].read_text().splitlines()]
    assert not any("verifier_metadata" in row for row in rows)
    for row in rows:
        plant, _, _ = PLANTED.get((str(row["_ng_task_index"]), row["_ng_rollout_index"]), (None, "", None))
        if plant:
            plant(row)
    made[1].write_text("".join(f"{json.dumps(row)}\n" for row in reversed(rows)))
    wrong_before(made[0])
    return made


def wrong_before(log: Path) -> None:
    """The first log has the believed answer as well, and counts it as wrong."""
    rows = [json.loads(line) for line in log.read_text().splitlines()]
    for row in rows:
        if (row["_ng_task_index"], row["_ng_rollout_index"]) == (0, 1):
            believed(row)
            failed(row, *WRONG_ANSWER)
    log.write_text("".join(f"{json.dumps(row)}\n" for row in rows))


def test_every_planted_cause_is_named(logs: list[Path], tmp_path: Path) -> None:
    one = found(tmp_path, *logs)
    assert (one["compared"], one["not_judged"]) == (8, {})
    differences = {(each["problem"], each["sample"]): each for each in one["differences"]}
    assert {key: (each["cause"], each["reasons"][0]["log"]) for key, each in differences.items()} == {
        key: (cause, log) for key, (_, cause, log) in PLANTED.items()
    }
    judged = {
        key: [log["answer_here"]["status"] for log in each["logs"]] for key, each in differences.items()
    }
    assert judged["0", 1] == ["wrong_answer", "wrong_answer"]
    assert judged["1", 0] == judged["2", 0] == judged["3", 0] == ["passed", "passed"]
    assert judged["0", 0] == judged["2", 1] == ["passed", "wrong_answer"]


def test_without_the_file_of_inputs_the_logs_alone_are_used(logs: list[Path], tmp_path: Path) -> None:
    for log in logs:
        log.with_name("rollouts_materialized_inputs.jsonl").unlink()
    one = found(tmp_path, *logs)
    assert {each["logs"][0]["answer_here"] for each in one["differences"]} == {None}
    assert all("not judged here" in each["reasons"][0]["text"] for each in one["differences"])


def test_answers_that_no_verifier_has_judged(logs: list[Path], tmp_path: Path) -> None:
    """NeMo Gym writes them into a file of failures instead."""
    lines = logs[1].read_text().splitlines()
    lost = next(line for line in lines if json.loads(line)["_ng_task_index"] == 1)
    logs[1].write_text("".join(f"{line}\n" for line in lines if line != lost))
    row = {key: value for key, value in json.loads(lost).items() if key.startswith(("_ng", "responses"))}
    failure = {**row, "_ng_failure_class": "verifier_error"}
    logs[1].with_name("rollouts_failures.jsonl").write_text(json.dumps(failure) + "\n")
    one = found(tmp_path, *logs)
    by_key = {(each["problem"], each["sample"]): each for each in one["differences"]}
    (reason,) = by_key["1", row["_ng_rollout_index"]]["reasons"]
    assert (reason["cause"], reason["log"]) == ("harness", "second")
    assert "verifier_error" in reason["text"]
