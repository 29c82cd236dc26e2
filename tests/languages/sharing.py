"""Programs whose tests share a process with the candidate.

A file ``shared.txt`` has sections that begin with ``=== CHEAT`` or ``=== RIGHT`` and a name: a candidate and,
after ``--- tests``, its tests. ``ANY`` is a class that equals everything.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from crosstune.execution import Judge
from crosstune.languages import LANGUAGES
from crosstune.records import Program, Status
from tests.shared import shared_data


def judge_with_sections(judge: Judge, language: str, equals_everything: str) -> list[str]:
    """The cheats of a language that have passed, and the right programs that have not."""
    programs = list(_sections(language, equals_everything))
    return _unexpected(judge, programs, [program.id.startswith("RIGHT") for program in programs])


def judge_known(judge: Judge, language: str, name: str) -> list[str]:
    """The programs of the file ``name`` of the reference data that did not end as expected."""
    lines = shared_data(f"../cases/{name}.jsonl").read_text("utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["language"] == language]
    programs = [
        Program(row["id"], language, row["candidate"], row["tests"], row.get("setup", "")) for row in rows
    ]
    return _unexpected(judge, programs, [row["expected"] == "passed" for row in rows])


def _sections(language: str, equals_everything: str) -> Iterator[Program]:
    judging = LANGUAGES.load(language).judging
    assert judging is not None
    text = (Path(__file__).parent / language / "shared.txt").read_text("utf-8")
    for section in text.split("=== ")[1:]:
        name, _, rest = section.partition("\n")
        candidate, _, tests = rest.partition("--- tests\n")
        candidate = candidate.replace("ANY\n", equals_everything)
        yield Program(name, language, candidate, tests, judging.preamble)


def _unexpected(judge: Judge, programs: list[Program], passes: Iterable[bool]) -> list[str]:
    return [
        f"{program.id}: {verdict.status}, {verdict.stderr[-200:]}"
        for program, verdict, wanted in zip(programs, judge.run(programs), passes, strict=True)
        if verdict.passed is not wanted or verdict.status is Status.HARNESS_ERROR
    ]
