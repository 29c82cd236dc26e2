"""What tests do with objects, functions, iterators and errors across processes: ``apart.txt``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crosstune.execution import Judge
from crosstune.records import Program, Status

_TEXT = Path(__file__).with_name("apart.txt").read_text("utf-8")


def _programs(kind: str) -> Iterator[tuple[str, Program]]:
    """The programs of a kind, each with the isolation in which it is judged."""
    for section in _TEXT.split("=== ")[1:]:
        head, _, rest = section.partition("\n")
        found, isolation, names, title = head.split(" ", 3)
        candidate, _, tests = rest.partition("--- tests\n")
        if found == kind:
            program = Program(title, "python", candidate, tests, entry_points=tuple(names.split(",")))
            yield isolation, program


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge(workers=2) as judge:
        yield judge


@pytest.mark.parametrize(("kind", "count"), [("RIGHT", 145), ("CHEAT", 40)])
def test_right_programs_pass_and_cheats_do_not(judge: Judge, kind: str, count: int) -> None:
    expected = list(_programs(kind))
    assert len({program.id for _, program in expected}) == len(expected) >= count
    wrong = [
        f"{verdict.id}: {verdict.status} ({verdict.isolation}), {verdict.stderr[-200:]}"
        for (isolation, _), verdict in zip(
            expected, judge.run([program for _, program in expected]), strict=True
        )
        if verdict.passed is not (kind == "RIGHT")
        or verdict.status is Status.HARNESS_ERROR
        or verdict.isolation != isolation
    ]
    assert wrong == []
