"""Answers and programs as somebody wrote them who had not seen how the judge works.

A file ``<language>/outside.txt`` has sections: ``=== DECLARATION NAME`` and ``=== TESTS`` are the task, whose
function is ``NAME``; ``=== answer STATUS TITLE`` is a model's whole answer, ``=== program STATUS TITLE`` a
candidate. ``STATUS`` may name several (``a|b``); ``not_passed`` is any of the candidate's own failures. A
line ``--- tests`` is followed by tests of a section's own; ``%CRLF`` as its first line ends all lines so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from crosstune.execution import Judge
from crosstune.extraction import extract
from crosstune.languages import LANGUAGES
from crosstune.records import Problem, Program, Status

FOLDER = Path(__file__).parent


def misjudged(language: str) -> list[str]:
    """What does not end as its section says: status, what was expected, and what the program said."""
    programs = list(_programs(language))
    assert len(programs) >= 3
    expected = {program.id: status for status, program in programs}
    with Judge(workers=2) as judge:
        return [
            f"{verdict.id}: {verdict.status}, not {expected[verdict.id]}: {verdict.stderr[-300:]}"
            for verdict in judge.run(program for _, program in programs)
            if not _is_expected(expected[verdict.id], verdict.status)
        ]


def _is_expected(expected: str, status: Status) -> bool:
    if expected == "not_passed":
        return status not in (Status.PASSED, Status.HARNESS_ERROR)
    return str(status) in expected.split("|")


def _programs(language: str) -> Iterator[tuple[str, Program]]:
    text = (FOLDER / language / "outside.txt").read_text("utf-8")
    declaration, name, tests = "", "", ""
    for section in re.split(r"^=== ", text, flags=re.MULTILINE)[1:]:
        head, _, body = section.partition("\n")
        kind, _, rest = head.partition(" ")
        if kind == "DECLARATION":
            declaration, name = body.rstrip() + "\n", rest
        elif kind == "TESTS":
            tests = body
        else:
            status, _, title = rest.partition(" ")
            code, _, own = f"\n{body}".partition("\n--- tests\n")
            code = _with_line_ends(code.removeprefix("\n"))
            if kind == "answer":
                code = _extracted(language, declaration, name, code)
            yield status, Program(f"{kind} {title}", language, code, own or tests)


def _with_line_ends(code: str) -> str:
    return code.removeprefix("%CRLF\n").replace("\n", "\r\n") if code.startswith("%CRLF\n") else code


def _extracted(language: str, declaration: str, name: str, answer: str) -> str:
    problem = Problem(
        id=name,
        benchmark="outside",
        task="complete",
        language=language,
        instruction="",
        declaration=declaration,
        entry_point=name,
        tests="",
    )
    return extract(LANGUAGES.load(language), problem, answer).candidate
