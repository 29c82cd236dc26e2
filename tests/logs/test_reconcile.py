"""`crosstune reconcile` names every planted cause in logs that real harnesses wrote."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from crosstune.cli._main import app
from crosstune.errors import DataError, UnknownName, UsageError
from tests.logs.harnesses import toys
from tests.logs.harnesses.with_evalplus import problem as evalplus_problem


@pytest.fixture(autouse=True)
def _needs_python() -> None:
    from crosstune.execution import requirements

    if lacking := [each.what for each in requirements("python") if not each.met]:
        pytest.skip(f"cannot judge Python here: {', '.join(lacking)}")


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["reconcile", *map(str, words)], env={"COLUMNS": "160"})


def found(tmp_path: Path, *words: object) -> dict[str, Any]:
    path = tmp_path / "why.json"
    result = run(*words, "--json", path, "--cache", tmp_path / "verdicts.sqlite")
    assert result.exit_code == 0, result.output or result.exception
    (one,) = json.loads(path.read_text())["reconciliations"]
    return dict(one)


def causes(one: dict[str, Any]) -> dict[str, str]:
    return {each["problem"]: each["cause"] for each in one["differences"]}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("lm_eval/a", "lm_eval/b"),
        ("inspect_ai/a-eval", "inspect_ai/b-eval"),
        ("lm_eval/a", "inspect_ai/b-json"),
    ],
)
def test_every_planted_cause_is_named(written: Path, tmp_path: Path, first: str, second: str) -> None:
    one = found(tmp_path, written / first, written / second)
    assert one["compared"] == len(toys.PROBLEMS)
    expected = dict(toys.CAUSES)
    if "inspect" in second and "lm_eval" in first:
        # inspect_ai's log has a system message, so all prompts differ from those of the other harness.
        expected |= {"Toy/4": "prompt", "Toy/7": "prompt"}
    assert causes(one) == expected
    assert one["not_judged"] == {}
    sides = {each["problem"]: each["reasons"][0]["log"] for each in one["differences"]}
    after_the_answer = ("extraction", "time-out", "verdict")
    assert {sides[name] for name, cause in expected.items() if cause in after_the_answer} == {"second"}


def test_what_it_prints_and_the_page(written: Path, tmp_path: Path) -> None:
    page = tmp_path / "why.html"
    result = run(written / "inspect_ai/a-eval", written / "inspect_ai/b-eval", "--page", page)
    assert result.exit_code == 0, result.output or result.exception
    assert re.search(r"Toy/2 +0 +1 +0 +extraction", result.stdout)
    assert (
        "7 of 9 answers differ: sampling 2, verdict 2, prompt 1, extraction 1, time-out 1." in result.stdout
    )
    text = " ".join(result.stdout.split())
    assert "temperature 0.0 and 0.8" in text
    assert "the second was cut at its length limit" in text
    html = page.read_text()
    assert html.count("<details>") == 7
    assert "Difference of the prompts" in html
    assert "-user: Complete this function:" in html
    assert "<script" not in html


def test_answers_are_escaped_on_the_page(written: Path, tmp_path: Path) -> None:
    logs = []
    for folder in ("a", "b"):
        text = (written / "nemo_gym" / folder / "rollouts.jsonl").read_text()
        logs.append(tmp_path / f"{folder}.jsonl")
        logs[-1].write_text(text.replace("Here it is:", "<script>alert(1)</script>"))
    page = tmp_path / "why.html"
    assert run(*logs, "--page", page, "--common").exit_code == 0
    assert "&lt;script&gt;alert(1)" in page.read_text()
    assert "<script" not in page.read_text()


def test_nemo_gym(written: Path, tmp_path: Path) -> None:
    one = found(tmp_path, *(written / "nemo_gym" / run / "rollouts.jsonl" for run in "ab"))
    assert {(each["problem"], each["sample"]): each["cause"] for each in one["differences"]} == {
        ("1", 0): "sampling",
        ("2", 0): "time-out",
        ("3", 0): "sampling",
        ("3", 1): "harness",
    }


def test_bigcode_by_the_references_that_it_saved(written: Path, tmp_path: Path) -> None:
    one = found(tmp_path, written / "bigcode/a", written / "bigcode/b")
    assert one["compared"] == 14
    differing = {(each["problem"], each["sample"]): each for each in one["differences"]}
    # Its logs have no answers before its own extraction, so what was extracted otherwise is another answer.
    assert {key: each["cause"] for key, each in differing.items()} == {
        (str(number), 0): "sampling" for number in (1, 2, 3, 6)
    }
    assert "a log does not have the prompt" in differing["1", 0]["reasons"][0]["text"]


def test_multipl_e_programs_run_as_they_are(written: Path, tmp_path: Path) -> None:
    one = found(tmp_path, written / "multipl_e/a", written / "multipl_e/b")
    assert causes(one)["HumanEval_3_is_even"] == "sampling"
    by_name = {each["problem"]: each for each in one["differences"]}
    endless = by_name["HumanEval_0_double"]
    assert endless["logs"][1]["outcome"] == "time-out"
    assert endless["logs"][1]["code_here"]["status"] == "timeout"
    assert endless["cause"] == "sampling"


def evalplus_form(tmp_path: Path) -> Path:
    """The problems of `with_evalplus`, with all tests, as a benchmark of one's own."""
    rows = []
    for number in range(164):
        one = evalplus_problem(number)
        inputs = [*one["base_input"], *one["plus_input"]]  # type: ignore[misc]
        checks = [f"assert {one['entry_point']}({value}) == {value + number}" for (value,) in inputs]
        row = {"id": one["task_id"], "prompt": one["prompt"], "name": one["entry_point"]}
        rows.append({**row, "tests": "\n".join(checks)})
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    form = tmp_path / "plus.yaml"
    form.write_text(
        'name: toy-plus\ndata: rows.jsonl\nlanguages: [python]\nid: "{id}"\ninstruction: Complete it.\n'
        'declaration: "{prompt}"\nentry_point: "{name}"\ntests: "{tests}\\n"\n'
    )
    return form


def test_evalplus_with_the_tests_of_a_benchmark(written: Path, tmp_path: Path) -> None:
    logs = [written / "evalplus" / f"run-{run}_eval_results.json.gz" for run in "ab"]
    one = found(tmp_path, *logs, "--benchmark", evalplus_form(tmp_path))
    assert causes(one) == {"HumanEval/1": "sampling", "HumanEval/3": "time-out", "HumanEval/4": "extraction"}
    (slow,) = [each for each in one["differences"] if each["problem"] == "HumanEval/3"]
    assert "evalplus" not in slow["reasons"][0]["text"]  # both logs are of this format
    assert slow["logs"][1]["answer_here"]["status"] == "passed"


def test_without_tests_the_logs_alone_are_used(written: Path, tmp_path: Path) -> None:
    logs = [written / "evalplus" / f"run-{run}_eval_results.json.gz" for run in "ab"]
    one = found(tmp_path, *logs)
    assert causes(one) == {"HumanEval/1": "sampling", "HumanEval/3": "verdict", "HumanEval/4": "extraction"}
    assert "not judged here" in one["differences"][1]["reasons"][0]["text"]


def test_a_second_run_judges_nothing(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    logs = [written / "nemo_gym" / run / "rollouts.jsonl" for run in "ab"]
    first = found(tmp_path, *logs)
    from crosstune.execution import Judge

    def refuse(*_: object) -> None:
        raise AssertionError("it was judged again")

    monkeypatch.setattr(Judge, "_judged", refuse)
    assert found(tmp_path, *logs) == first


def test_options_that_do_not_fit(written: Path) -> None:
    logs = (written / "lm_eval/a", written / "lm_eval/b")
    result = run(*logs, "--language", "python")
    assert isinstance(result.exception, UsageError)
    assert "--language belongs to --benchmark" in str(result.exception)
    result = run(*logs, "--benchmark-set", "compare=statement")
    assert "--benchmark-set belongs to --benchmark" in str(result.exception)
    result = run(*logs, "--benchmark", "humaneval", "--data", written, "--benchmark-set", "compare=statement")
    assert "humaneval has no such setting" in str(result.exception)
    result = run(*logs, "--metric", "exact_match")
    assert isinstance(result.exception, UnknownName)
    assert "known: pass@1" in str(result.exception)


def test_a_benchmark_that_lacks_a_problem(written: Path, tmp_path: Path) -> None:
    form = evalplus_form(tmp_path)
    rows = (tmp_path / "rows.jsonl").read_text().splitlines()[:100]
    (tmp_path / "rows.jsonl").write_text("\n".join(rows) + "\n")
    logs = [written / "evalplus" / f"run-{run}_eval_results.json.gz" for run in "ab"]
    result = run(*logs, "--benchmark", form)
    assert isinstance(result.exception, DataError)
    assert "has no problem 'HumanEval/100' (64 of the log's 164 are missing" in str(result.exception)
