"""crosstune's fast ways to build and run a program give the same verdicts as the plain ones."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crosstune.benchmarks import BENCHMARKS
from crosstune.execution import Judge
from crosstune.records import Program
from tests.languages.cases import cases
from tests.languages.plain_way import PlainStatus, assert_both_ways_say, languages_with_plain_way, plain_way
from tests.shared import shared_data

ROW = 111  # with maps and strings


def by_speed() -> list[object]:
    slow = [name for name in languages_with_plain_way() if plain_way(name).slow]
    fast = [name for name in languages_with_plain_way() if name not in slow]
    return [*fast, *(pytest.param(name, marks=pytest.mark.slow) for name in slow)]


def test_languages_with_a_plain_way_are_found() -> None:
    assert {"c", "cpp", "go", "javascript", "python", "rust", "typescript"} <= set(languages_with_plain_way())


@pytest.mark.parametrize("language", by_speed())
@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("right_answer", "passed"),
        ("wrong_answer", "failed"),
        ("compile_error", "compile_error"),
        ("crash", "failed"),
    ],
)
def test_everyday_program_is_judged_alike(
    judge: Judge, language: str, kind: str, expected: PlainStatus
) -> None:
    case = cases(language).by_name[kind]
    assert_both_ways_say(expected, judge, Program(kind, language, case.candidate, case.tests))


@pytest.mark.slow
@pytest.mark.parametrize("language", ["cpp", "go", "rust"])
def test_published_program_is_judged_alike(judge: Judge, language: str) -> None:
    benchmark = BENCHMARKS.load("humanevalpack")
    settings = benchmark.settings(data=shared_data("humanevalpack"))  # type: ignore[call-arg]
    problem = benchmark.problems(settings, language, "fix")[ROW]
    assert benchmark.libraries
    if missing := [each.what for each in benchmark.libraries(language) if not each.met]:
        pytest.skip(f"{missing[0]} is missing")
    right = benchmark.program(problem, problem.canonical)
    assert_both_ways_say("passed", judge, right)
    assert_both_ways_say("failed", judge, benchmark.program(problem, problem.buggy))
    broken = replace(right, candidate=right.candidate.replace("}", "", 1))
    assert_both_ways_say("compile_error", judge, broken)
