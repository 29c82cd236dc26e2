"""The judge step extracts an answer with the declaration that the model was asked with."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crosstune.benchmarks.humanevalpack import BENCHMARK
from crosstune.records import Completion, Problem
from crosstune.study.steps import judge
from tests.shared import shared_data


def _problem(language: str, task: str) -> Problem:
    settings = BENCHMARK.settings(data=shared_data("humanevalpack"))  # type: ignore[call-arg]
    return BENCHMARK.problems(settings, language, task)[0]


def _candidate(problem: Problem, text: str) -> str:
    answer = Completion(problem.id, problem.benchmark, problem.language, problem.task, 0, "", text, "stop")
    program = judge._program(problem, answer)
    assert program is not None
    return program.candidate.strip()


@pytest.mark.parametrize("language", BENCHMARK.languages)
def test_explain_answer_that_continues_the_second_declaration_is_complete(language: str) -> None:
    problem = _problem(language, "explain")
    assert problem.declaration == ""
    continued = _candidate(problem, problem.extra["solution"])
    same = replace(problem, declaration=problem.extra["continuation"])
    assert continued == _candidate(same, problem.extra["solution"])
    assert problem.extra["continuation"].strip().splitlines()[-1] in continued


@pytest.mark.parametrize("task", ["synthesize", "fix", "fixdocs"])
def test_other_tasks_are_extracted_with_their_own_declaration(task: str) -> None:
    problem = _problem("python", task)
    assert BENCHMARK.last_question(problem) is problem
    assert (
        _candidate(problem, problem.extra["solution"])
        == (problem.declaration + problem.extra["solution"]).strip()
    )
