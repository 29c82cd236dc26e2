"""The built-in exercises as a benchmark: canonical solutions pass, buggy ones do not."""

from __future__ import annotations

import pytest

from crosstune.benchmarks import BENCHMARKS
from crosstune.execution import Judge
from crosstune.records import Problem, Status
from tests.languages.skipping import skip_without_tools

BENCHMARK = BENCHMARKS.load("exercises")
SETTINGS = BENCHMARK.settings()


def of_every_other_family(language: str, task: str) -> list[Problem]:
    return list(BENCHMARK.problems(SETTINGS, language, task))[::4]


@pytest.mark.parametrize("task", BENCHMARK.tasks)
@pytest.mark.parametrize("language", BENCHMARK.languages)
def test_sixty_different_problems_per_language_and_task(language: str, task: str) -> None:
    problems = BENCHMARK.problems(SETTINGS, language, task)
    assert len(problems) == len({each.instruction for each in problems}) == 60
    assert {(each.language, each.task) for each in problems} == {(language, task)}
    assert all(each.canonical.startswith(each.declaration) for each in problems)
    assert problems == BENCHMARK.problems(SETTINGS, language, task)


@pytest.mark.parametrize("language", BENCHMARK.languages)
def test_canonical_passes_and_buggy_fails(language: str) -> None:
    skip_without_tools(language)
    problems = of_every_other_family(language, "fix")
    programs = [BENCHMARK.program(each, each.canonical) for each in problems]
    mistaken = [BENCHMARK.program(each, each.buggy) for each in problems]
    with Judge() as judge:
        right = [verdict.status for verdict in judge.run(programs)]
        wrong = [verdict.status for verdict in judge.run(mistaken)]
    assert right == [Status.PASSED] * 15
    assert Status.PASSED not in wrong
    assert Status.HARNESS_ERROR not in wrong
