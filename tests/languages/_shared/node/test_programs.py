"""JavaScript as people write it: modules, the ends of tests, and tests that cannot judge anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from crosstune.execution import Judge
from tests.languages._shared.node.programs import assert_status, programs

MODULES, ENDINGS, REFUSED, MEANINGS = (
    programs(Path(__file__).with_name(f"{name}.txt"), "javascript")
    for name in ("modules", "endings", "refused", "meanings")
)


@pytest.mark.parametrize("name", MODULES)
def test_tests_see_what_a_candidate_declares_or_exports(judge: Judge, name: str) -> None:
    assert_status(judge, *MODULES[name])


@pytest.mark.parametrize("name", ENDINGS)
def test_tests_end_as_their_own_runner_would_end_them(judge: Judge, name: str) -> None:
    assert_status(judge, *ENDINGS[name])


@pytest.mark.parametrize("name", REFUSED)
def test_tests_that_cannot_judge_are_refused_and_no_others(judge: Judge, name: str) -> None:
    assert_status(judge, *REFUSED[name])


@pytest.mark.parametrize("name", MEANINGS)
def test_own_names_and_methods_cost_a_program_nothing(judge: Judge, name: str) -> None:
    assert_status(judge, *MEANINGS[name])
