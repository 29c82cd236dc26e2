"""Answers as models write them: what is extracted from a right one passes in every judged language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crosstune.execution import Judge
from crosstune.extraction import extract
from crosstune.languages import LANGUAGES
from crosstune.records import Problem, Program, Verdict
from tests.languages.cases import Case, Cases, cases, judged
from tests.languages.kinds import ANSWERS
from tests.languages.skipping import skip_without_tools


@pytest.fixture(scope="module", params=judged())
def verdicts(request: pytest.FixtureRequest) -> Iterator[tuple[Cases, dict[str, tuple[str, Verdict]]]]:
    """For each answer of one language the extracted candidate and its verdict."""
    language: str = request.param
    of_language = cases(language)
    skip_without_tools(language)
    programs = {case.name: program(of_language, case) for case in of_language.of("answers")}
    with Judge(workers=2) as judge:
        yield (
            of_language,
            {
                verdict.id: (programs[verdict.id].candidate, verdict)
                for verdict in judge.run(programs.values())
            },
        )


def program(of_language: Cases, case: Case) -> Program:
    problem = Problem(
        id="add",
        benchmark="cases",
        task="complete",
        language=of_language.language,
        instruction="Write a function that returns the sum of two whole numbers.",
        declaration=of_language.declaration,
        entry_point="add",
        tests=case.tests,
    )
    candidate = extract(LANGUAGES.load(of_language.language), problem, case.candidate).candidate
    return Program(case.name, of_language.language, candidate, case.tests)


@pytest.mark.parametrize("kind", ANSWERS)
def test_answer_gets_its_verdict(verdicts: tuple[Cases, dict[str, tuple[str, Verdict]]], kind: str) -> None:
    of_language, judged_answers = verdicts
    expected = of_language.by_name[kind].kind
    candidate, verdict = judged_answers[kind]
    assert (expected.status, expected.stage) == (verdict.status, verdict.stage), f"{candidate}\n{verdict}"
