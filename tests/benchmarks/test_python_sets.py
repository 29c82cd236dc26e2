"""HumanEval, MBPP, EvalPlus' sets and McEval: columns, prompts and verdicts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crosstune.benchmarks import BENCHMARKS
from crosstune.execution import requirements
from crosstune.languages import LANGUAGES
from crosstune.prompts import PROMPTS, asking_text
from crosstune.records import Status
from tests.benchmarks.rows import failing_solutions, problems_of, statuses, write_rows
from tests.shared import shared_data

PYTHON = LANGUAGES.load("python")
HUMANEVAL: dict[str, Any] = {
    "task_id": "HumanEval/0",
    "prompt": '\n\ndef double(n):\n    """ Twice n. """\n',
    "canonical_solution": "    return n + n\n",
    "entry_point": "double",
    "test": "def check(candidate):\n    assert candidate(2) == 4\n",
}
MBPP: dict[str, Any] = {
    "task_id": 11,
    "text": "Write a function to double.",
    "prompt": "Write a function to double.",
    "code": "def double(n):\n    return n + n",
    "test_list": ["assert double(2) == 4", "assert double(3) == 6"],
    "test_setup_code": "import math",
    "test_imports": ["import math"],
    "test": "for n in range(9):\n    assert double(n) == 2 * n and math.pi\n",
}
SETS: dict[str, tuple[str, dict[str, Any]]] = {
    "humaneval": ("HumanEval.jsonl", HUMANEVAL),
    "humaneval-plus": ("HumanEvalPlus-v0.1.10.jsonl", HUMANEVAL),
    "mbpp": ("mbpp.jsonl", MBPP),
    "mbpp-sanitized": ("sanitized-mbpp.json", MBPP),
    "mbpp-plus": ("MbppPlus.jsonl", MBPP),
}
EVALPLUS = (
    "Please provide a self-contained Python script that solves the following problem "
    "in a markdown code block:"
)
MESSAGES = {
    "humaneval": f'{EVALPLUS}\n```\ndef double(n):\n    """ Twice n. """\n```',
    "humaneval-plus": f'{EVALPLUS}\n```\ndef double(n):\n    """ Twice n. """\n```',
    "mbpp": "You are an expert Python programmer, and here is your task: Write a function to double. Your "
    "code should pass these tests:\n\nassert double(2) == 4\nassert double(3) == 6",
    "mbpp-sanitized": "You are an expert Python programmer, and here is your task: Write a function to "
    "double. Your code should pass these tests:\n\nassert double(2) == 4\nassert double(3) == 6",
    "mbpp-plus": f'{EVALPLUS}\n```\n"""\nWrite a function to double.\nassert double(2) == 4\n"""\n```',
}
CONTINUED = {
    "humaneval": 'def double(n):\n    """ Twice n. """',
    "humaneval-plus": 'def double(n):\n    """ Twice n. """',
    "mbpp": '"""\nWrite a function to double.\nassert double(2) == 4\n"""',
    "mbpp-sanitized": '"""\nWrite a function to double.\nassert double(2) == 4\n"""',
    "mbpp-plus": '"""\nWrite a function to double.\nassert double(2) == 4\n"""',
}


@pytest.mark.parametrize("name", SETS)
def test_row_is_judged_and_asked_as_published(tmp_path: Path, name: str) -> None:
    file, row = SETS[name]
    write_rows(tmp_path / file, row)
    benchmark = BENCHMARKS.load(name)
    (found,) = problems_of(benchmark, tmp_path).values()
    assert found.entry_point == "double"
    answers = ["def double(n):\n    return 2 * n", "def double(n):\n    return n ** 3"]
    assert statuses(benchmark, [found] * 2, answers) == [Status.PASSED, Status.WRONG_ANSWER]
    assert failing_solutions(benchmark, [found]) == {}
    assert asking_text(PROMPTS.load("chat"), found, PYTHON) == MESSAGES[name]
    assert asking_text(PROMPTS.load("completion"), found, PYTHON) == CONTINUED[name]


@pytest.mark.parametrize("name", ["mbpp", "mbpp-sanitized"])
def test_the_test_set_of_mbpp_is_judged(name: str, tmp_path: Path) -> None:
    file, row = SETS[name]
    rows = [{**row, "task_id": number} for number in (1, 10, 11, 510, 511, 974)]
    if file.endswith(".json"):  # one list, as published
        (tmp_path / file).write_text(json.dumps(rows))
    else:
        write_rows(tmp_path / file, *rows)
    assert list(problems_of(BENCHMARKS.load(name), tmp_path)) == ["11", "510"]


def test_humaneval() -> None:
    benchmark = BENCHMARKS.load("humaneval")
    problems = list(problems_of(benchmark, shared_data("humaneval")).values())
    assert len(problems) == 164
    assert failing_solutions(benchmark, problems[::8]) == {}


@pytest.mark.parametrize("language", BENCHMARKS.load("mceval").languages)
def test_mceval(language: str) -> None:
    tools = LANGUAGES.load(language).tools
    if not all(each.met for each in requirements(language)) or not all(each.installed for each in tools):
        pytest.skip(f"{language} cannot be run here, or not all programs in it")
    benchmark = BENCHMARKS.load("mceval")
    problems = list(problems_of(benchmark, shared_data("mceval"), language).values())
    assert len(problems) in (50, 53)
    assert failing_solutions(benchmark, [each for each in problems[::16] if not each.defect]) == {}
    first = problems[0]
    assert asking_text(PROMPTS.load("chat"), first, PYTHON) == first.instruction.rstrip()
    stub = f"```\n{first.declaration}\n```"
    assert Status.PASSED not in statuses(benchmark, [first], [stub])
