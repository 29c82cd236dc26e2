"""An evaluated sample says whether its answer only repeats the question."""

from __future__ import annotations

import pytest

from crosstune.benchmarks.humanevalpack import BENCHMARK
from crosstune.records import Completion, Problem
from crosstune.scoring import evaluated, program_of
from tests.shared import shared_data

UNCLEAR = {"CPP/94", "Go/51", "Go/65"}
"""Their declaration or body is written in two ways in one row."""


def _repeats(problem: Problem, text: str) -> bool:
    answer = Completion(problem.id, problem.benchmark, problem.language, problem.task, 0, "", text, "stop")
    return evaluated(problem, answer, program_of(BENCHMARK, problem, answer), None).repeats


@pytest.mark.parametrize("language", BENCHMARK.languages)
@pytest.mark.parametrize("task", ["fix", "fixdocs"])
def test_answer_that_repairs_nothing_is_seen(language: str, task: str) -> None:
    settings = BENCHMARK.settings(data=shared_data("humanevalpack"))  # type: ignore[call-arg]
    for problem in BENCHMARK.problems(settings, language, task):
        given = problem.declaration + problem.buggy.removeprefix(problem.extra["continuation"])
        assert problem.id in UNCLEAR or _repeats(problem, f"Here it is:\n```\n{given}\n```\nNow it is right.")
        assert not _repeats(problem, f"```\n{problem.canonical}\n```")
        assert not _repeats(problem, f"```\n{problem.declaration}\n```\nIt has no bugs.")


def test_what_is_added_to_a_body_is_a_change() -> None:
    settings = BENCHMARK.settings(data=shared_data("humanevalpack"))  # type: ignore[call-arg]
    problem = BENCHMARK.problems(settings, "python", "fix")[2]
    assert problem.buggy.rstrip().endswith("return number % 1.0 + 1.0")
    assert _repeats(problem, problem.buggy)
    assert _repeats(problem, f"import math\n\n{problem.buggy}\n\nprint(truncate_number(1.5))\n")
    assert not _repeats(problem, f"{problem.buggy.rstrip()}\n    # nothing follows\n    return number\n")
    assert not _repeats(problem, problem.buggy.replace("    return", "    number += 1\n    return"))


def test_new_function_repeats_nothing() -> None:
    settings = BENCHMARK.settings(data=shared_data("humanevalpack"))  # type: ignore[call-arg]
    for problem in BENCHMARK.problems(settings, "python", "synthesize")[:40]:
        assert not _repeats(problem, f"```\n{problem.canonical}\n```")
