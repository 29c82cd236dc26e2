"""Python's tests in a process with the candidate: ``shared.txt`` has cheats and unusual right programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from crosstune.execution import Judge
from crosstune.languages import LANGUAGES
from crosstune.records import Case, Isolation, Program, Status
from tests.shared import shared_data

_ANY = """
class Any:
    def __eq__(s, o): return True
    def __ne__(s, o): return False
    __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __eq__
    def __sub__(s, o): return 0
    __rsub__ = __add__ = __mul__ = __truediv__ = __mod__ = __sub__
    def __hash__(s): return 3
    def __bool__(s): return True
"""


def _programs() -> Iterator[Program]:
    judging = LANGUAGES.load("python").judging
    assert judging is not None
    text = (Path(__file__).with_name("shared.txt")).read_text("utf-8")
    for section in text.split("=== ")[1:]:
        name, _, rest = section.partition("\n")
        candidate, _, tests = rest.partition("--- tests\n")
        yield Program(name, "python", candidate.replace("ANY\n", _ANY), tests, judging.preamble)


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge(workers=2, isolation="shared") as judge:
        yield judge


def test_cheats_do_not_pass_and_right_programs_do(judge: Judge) -> None:
    programs = list(_programs())
    unexpected = [
        f"{program.id}: {verdict.status}, {verdict.stderr[-200:]}"
        for program, verdict in zip(programs, judge.run(programs), strict=True)
        if verdict.passed is not program.id.startswith("RIGHT") or verdict.status is Status.HARNESS_ERROR
    ]
    assert unexpected == []


def test_sets_have_the_same_order_in_every_process() -> None:
    """Otherwise a verdict might vary, or depend on whether the tests run apart."""
    code = "import os\ndef words():\n    return list(set('the quick brown fox jumps over'.split()))\n"
    tests = "print(words())\nassert words() == list(set('the quick brown fox jumps over'.split()))\n"
    printed = set()
    isolations: tuple[Isolation, ...] = ("shared", "separate")
    for isolation in isolations:
        with Judge(isolation=isolation) as judge:
            tested = Program("", "python", code, tests, entry_points=("words",))
            whole = Program("", "python", f"{code}print(words())\n", cases=(Case(stdout=None),))
            for verdict in judge.run([tested, whole]):
                assert verdict.passed
                printed.add(verdict.stdout)
    assert len(printed) == 1


@pytest.mark.parametrize("name", ["right", "forged"])
def test_known_programs_end_as_expected(judge: Judge, name: str) -> None:
    lines = shared_data(f"../cases/{name}.jsonl").read_text("utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["language"] == "python"]
    programs = [
        Program(row["id"], "python", row["candidate"], row["tests"], row.get("setup", "")) for row in rows
    ]
    unexpected = [
        f"{row['id']}: {verdict.status}, {verdict.stderr[-200:]}"
        for row, verdict in zip(rows, judge.run(programs), strict=True)
        if verdict.passed is not (row["expected"] == "passed")
    ]
    assert unexpected == []
