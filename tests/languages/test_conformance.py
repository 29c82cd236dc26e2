"""Every judged language gives the same verdicts for the same everyday programs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crosstune.execution import Judge
from crosstune.languages import LANGUAGES
from crosstune.records import Program, Status, Verdict
from tests.languages.cases import cases, judged
from tests.languages.kinds import BROKEN_TESTS, EVERYDAY
from tests.languages.skipping import skip_without_tools


@pytest.fixture(scope="module", params=judged())
def verdicts(request: pytest.FixtureRequest) -> Iterator[tuple[str, dict[str, Verdict]]]:
    """All verdicts of one language."""
    language: str = request.param
    programs = everyday_programs(language)
    skip_without_tools(language)
    with Judge(workers=2) as judge:
        yield language, {verdict.id: verdict for verdict in judge.run(programs)}


def everyday_programs(language: str) -> list[Program]:
    judging = LANGUAGES.load(language).judging
    assert judging is not None
    return [
        Program(case.name, language, case.candidate, case.tests, limits=case.kind.limits(judging.limits))
        for family in ("everyday", "tests")
        for case in cases(language).of(family)
    ]


def test_languages_are_judged() -> None:
    assert {"python", "javascript", "typescript", "c", "cpp", "java", "go", "rust"} <= set(judged())


@pytest.mark.parametrize("kind", EVERYDAY)
def test_everyday_program_gets_its_verdict(verdicts: tuple[str, dict[str, Verdict]], kind: str) -> None:
    language, by_kind = verdicts
    expected = cases(language).by_name[kind].kind.status
    assert expected == by_kind[kind].status, by_kind[kind]


@pytest.mark.parametrize("kind", BROKEN_TESTS)
def test_broken_tests_are_not_the_candidates_error(
    verdicts: tuple[str, dict[str, Verdict]], kind: str
) -> None:
    language, by_kind = verdicts
    if kind in cases(language).absent:
        pytest.skip(cases(language).absent[kind])
    assert by_kind[kind].status is Status.HARNESS_ERROR, by_kind[kind]
    assert by_kind[kind].stderr.startswith("the tests ")


def test_verdict_names_the_stage_that_failed(verdicts: tuple[str, dict[str, Verdict]]) -> None:
    _, by_kind = verdicts
    assert by_kind["compile_error"].stage == "build"
    assert by_kind["wrong_answer"].stage == "run"
    assert by_kind["compile_error"].stdout + by_kind["compile_error"].stderr


def test_verdict_keeps_output_and_cost(verdicts: tuple[str, dict[str, Verdict]]) -> None:
    _, by_kind = verdicts
    assert "hello" in by_kind["prints_too"].stdout
    assert by_kind["prints_too"].cpu_seconds > 0
    assert by_kind["prints_too"].peak_bytes > 1 << 20
    assert 0 < len(by_kind["output_flood"].stdout) <= 4096


def test_no_verdict_blames_the_harness(verdicts: tuple[str, dict[str, Verdict]]) -> None:
    _, by_kind = verdicts
    assert Status.HARNESS_ERROR not in {by_kind[kind].status for kind in EVERYDAY}
