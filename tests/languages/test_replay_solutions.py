"""Reference solutions of HumanEval by replay, in languages that have only some: they pass, mutants do not."""

from __future__ import annotations

import re

import pytest

from crosstune.benchmarks import BENCHMARKS
from crosstune.execution import Judge
from crosstune.records import Problem, Status
from tests.languages.skipping import skip_without_tools
from tests.shared import shared_data

BENCHMARK = BENCHMARKS.load("humaneval-replay")
SAMPLED = ("erlang", "commonlisp")
_MUTATIONS = (
    *((r" \+ ", " - "), (r" - ", " + "), (r" \* ", " + "), (r"\(\+ ", "(- "), (r"\(- ", "(+ ")),
    *((r" < ", " >= "), (r" > ", " <= "), (r"\(< ", "(>= "), (r"\(> ", "(<= ")),
    *((r" == ", " != "), (r" =:= ", " =/= "), (r"\bmax\b", "min"), (r"\bMax\b", "Min"), (r"\bmin\b", "max")),
    *((r"\bevenp\b", "oddp"), (r"\bzerop\b", "plusp"), (r"\bdiv 2\b", "div 3"), (r"\b21\b", "22")),
    *((r"\b0, 0, 2, 0\b", "0, 0, 2, 1"), (r"\b0 0 2 0\b", "0 0 2 1")),
)


def _mutant(problem: Problem) -> str:
    """The solution with one operator or constant changed; empty if it has none of them."""
    head = len(problem.declaration)
    for pattern, new in _MUTATIONS:
        body, count = re.subn(pattern, new, problem.canonical[head:], count=1)
        if count:
            return problem.canonical[:head] + body
    return ""


@pytest.mark.parametrize("language", SAMPLED)
def test_solutions_pass_and_mutants_fail(language: str) -> None:
    skip_without_tools(language)
    settings = BENCHMARK.settings.model_validate({"data": str(shared_data("humaneval"))})
    every = BENCHMARK.problems(settings, language, "synthesize")
    problems = [each for each in every if each.canonical]
    assert len(problems) >= 20
    mutants = {each.id: mutant for each in problems if (mutant := _mutant(each))}
    right = [BENCHMARK.program(each, each.canonical) for each in problems]
    wrong = [BENCHMARK.program(each, mutants[each.id]) for each in problems if each.id in mutants]
    with Judge() as judge:
        assert [verdict for verdict in judge.run(right) if not verdict.passed] == []
        found = [verdict.status for verdict in judge.run(wrong)]
    run = [status for status in found if status is not Status.COMPILE_ERROR]
    assert len(run) >= 10
    assert Status.HARNESS_ERROR not in run
    # Some mutants compute the same.
    assert sum(status is not Status.PASSED for status in run) >= 0.85 * len(run)
