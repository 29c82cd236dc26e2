"""MBXP and multilingual HumanEval: the rows' own solutions pass, and Python's tests are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from crosstune.benchmarks import BENCHMARKS, WRONG_SOLUTION
from crosstune.execution import requirements
from crosstune.records import Status
from tests.benchmarks.rows import failing_solutions, problems_of, statuses, write_rows
from tests.shared import shared_data

MBXP, HUMANEVAL = BENCHMARKS.load("mbxp"), BENCHMARKS.load("multilingual-humaneval")
COUNTS = {
    "cpp": (848, 773),
    "go": (939, 0),
    "java": (966, 874),
    "javascript": (966, 938),
    "python": (974, 974),
    "typescript": (968, 967),
}


def test_pythons_tests_are_called(tmp_path: Path) -> None:
    row = {
        "task_id": "MBPP/1",
        "prompt": "def double(n):\n",
        "canonical_solution": "    return 2 * n\n",
        "entry_point": "double",
        "test": "def check(candidate):\n    assert candidate(3) == 6\n",
        "description": "Double it.",
    }
    write_rows(tmp_path / "mbpp_release_v1.jsonl", row)
    (found,) = problems_of(MBXP, tmp_path).values()
    answers = ["    return n + n\n", "    return n * n\n"]
    assert statuses(MBXP, [found, found], answers) == [Status.PASSED, Status.WRONG_ANSWER]


@pytest.mark.parametrize("language", COUNTS)
def test_rows_and_solutions(language: str) -> None:
    if not all(each.met for each in requirements(language)):
        pytest.skip(f"{language} cannot be run here")
    problems = list(problems_of(MBXP, shared_data("mxeval/mbxp"), language).values())
    assert (len(problems), sum(bool(each.canonical) for each in problems)) == COUNTS[language]
    solved = [each for each in problems if each.canonical and not each.defect]
    sound = [each for each in solved if WRONG_SOLUTION not in each.extra][::200]
    wrong = [each for each in solved if WRONG_SOLUTION in each.extra][::100]
    assert [*failing_solutions(MBXP, [*sound, *wrong])] == [each.id for each in wrong]


def test_multilingual_humaneval() -> None:
    data = shared_data("mxeval/multilingual_humaneval")
    counts = {language: len(problems_of(HUMANEVAL, data, language)) for language in HUMANEVAL.languages}
    expected = {"go": 160, "java": 161, "javascript": 161, "python": 164, "typescript": 161}
    assert expected.items() <= counts.items()
    python = list(problems_of(HUMANEVAL, data).values())
    assert failing_solutions(HUMANEVAL, python[::20]) == {}
