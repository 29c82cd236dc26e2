"""Candidates that do no work, with tests of several forms: ``cheats.txt``, in both isolations."""

from __future__ import annotations

from pathlib import Path

import pytest

from crosstune.execution import Judge
from crosstune.records import Isolation, Program, Status

_TEXT = Path(__file__).with_name("cheats.txt").read_text("utf-8")
_TESTS = (
    "assert f([3, 1, 2]) == [1, 2, 3]\n",
    "assert abs(f([3, 1, 2]) - 7.25) < 1e-6\n",
    """
def check(candidate):
    for got, want in ((candidate("ab"), "AB"), (candidate("c"), "C")):
        assert got == want

check(f)
""",
)


@pytest.mark.parametrize("isolation", ["separate", "shared"])
def test_no_cheat_passes(isolation: Isolation) -> None:
    sections = [section.partition("\n") for section in _TEXT.split("\n=== ")[1:]]
    assert len(sections) > 70
    programs = [
        Program(f"{name}, {tests.splitlines()[0]}", "python", candidate, tests, entry_points=("f",))
        for name, _, candidate in sections
        for tests in _TESTS
    ]
    with Judge(workers=2, isolation=isolation) as judge:
        wrong = [
            f"{verdict.id}: {verdict.status}, {verdict.stderr[-200:]}"
            for verdict in judge.run(programs)
            if verdict.passed or verdict.status is Status.HARNESS_ERROR
        ]
    assert wrong == []
