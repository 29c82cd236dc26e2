"""CRUXEval: a predicted value is compared by execution, and cannot be computed by the row's function."""

from __future__ import annotations

from pathlib import Path

import pytest

from crosstune.benchmarks import BENCHMARKS
from crosstune.languages import LANGUAGES
from crosstune.prompts import PROMPTS, asking_text
from crosstune.records import Problem, Status
from tests.benchmarks.rows import failing_solutions, problems_of, statuses, write_rows
from tests.shared import shared_data

BENCHMARK = BENCHMARKS.load("cruxeval")
ROW = {"id": "s", "code": "def f(a, b=1):\n    return [a, (b, {a})]", "input": "2", "output": "[2, (1, {2})]"}

ANSWERS = {
    "output": {
        "[ANSWER]\nassert f(2) == [2, (1, {2})]\n[/ANSWER]": True,
        "<think>[ANSWER]1[/ANSWER]</think>\nassert f(2) == [2, (1, {2})]\n[/ANSWER]": True,
        "I run it.\n```python\nassert f(2) == [2, (1, {2})]\n```\nDone.": True,
        "[2, (1, {2})]": True,
        "assert f(2) == [2, (1, {3})]": False,
        "assert f(2) == [2, [1, {2}]]": False,
        "assert f(2) == f(2)": False,
        "assert f(2) == __import__('tests').f(2)": False,
        "assert f(2) == [2, (1, {2})] or True": False,
        "a sentence": False,
        "[ANSWER]\n1\n\ndef prediction():\n    return [2, (1, {2})]\n[/ANSWER]": False,
        "[ANSWER]assert f(2) == [2, (1, {2})]; import os[/ANSWER]": False,
        "(" * 30_000: False,
        "": False,
    },
    "input": {
        "assert f(2) == [2, (1, {2})]": True,
        "[ANSWER]\nassert f(b=1, *[2]) == [2, (1, {2})]\n[/ANSWER]": True,
        "f(2, b=1)": True,
        "assert f(2, 3) == [2, (1, {2})]": False,
        "assert g(2) == [2, (1, {2})]": False,
        "2": False,
    },
}


def problem(folder: Path, task: str) -> Problem:
    write_rows(folder / "cruxeval.jsonl", ROW)
    (found,) = problems_of(BENCHMARK, folder, task=task).values()
    return found


@pytest.mark.parametrize("task", ANSWERS)
def test_answers(tmp_path: Path, task: str) -> None:
    answers = ANSWERS[task]
    found = statuses(BENCHMARK, [problem(tmp_path, task)] * len(answers), [*answers])
    assert {answer: status is Status.PASSED for answer, status in zip(answers, found, strict=True)} == answers
    assert Status.HARNESS_ERROR not in found


@pytest.mark.parametrize("task", BENCHMARK.tasks)
def test_prompts_are_the_authors(tmp_path: Path, task: str) -> None:
    found = problem(tmp_path, task)
    call, value = ("??", ROW["output"]) if task == "input" else (ROW["input"], "??")
    for name in ("chat", "completion"):
        asked = asking_text(PROMPTS.load(name), found, LANGUAGES.load("python"))
        assert asked.endswith(f"[PYTHON]\n{ROW['code']}\nassert f({call}) == {value}\n[/PYTHON]\n[ANSWER]")
        assert "\\" not in asked
    assert found.stops == ("[/ANSWER]",)


@pytest.mark.parametrize("task", BENCHMARK.tasks)
def test_right_values_pass(task: str) -> None:
    problems = list(problems_of(BENCHMARK, shared_data("cruxeval"), task=task).values())
    assert len(problems) == 800
    functions = [each for each in problems if "lambda" in each.canonical]
    assert failing_solutions(BENCHMARK, [*problems[::16], *functions]) == {}
