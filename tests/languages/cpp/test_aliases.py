"""Tests that look at more than the values of results and arguments, and those that do not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crosstune.execution import Judge
from crosstune.records import Status
from tests.languages import aliases
from tests.languages.skipping import skip_without_tools

PROGRAMS = aliases.programs(Path(__file__).with_name("aliases.txt"), "cpp")


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    skip_without_tools("cpp")
    with Judge(workers=2) as judge:
        yield judge


@pytest.mark.parametrize("name", PROGRAMS)
def test_that_a_right_candidate_passes_the_way_that_its_tests_need(judge: Judge, name: str) -> None:
    (verdict,) = judge.run([PROGRAMS[name]])
    assert (verdict.status, verdict.isolation) == (Status.PASSED, name.partition(" ")[0]), verdict.stderr


def test_that_an_earlier_result_has_its_own_storage(judge: Judge) -> None:
    candidate = "#include <cstdio>\n"
    candidate += 'const char *label(int n) { static char b[20]; sprintf(b, "%d", n); return b; }'
    (verdict,) = judge.run([replace(PROGRAMS["shared earlier text"], candidate=candidate)])
    assert verdict.status is Status.WRONG_ANSWER
