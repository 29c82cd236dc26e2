"""Programs that a policy might try, and unusual right ones, judged in each way.

A file ``cheats.txt`` has sections. ``=== TASK NAME ENTRY,…`` is a declaration and, after ``--- tests``, its
tests. ``=== CHEAT NAME [TASK] [WAY …]`` is a candidate that must not pass, ``=== RIGHT`` one that must. The
first task is the usual one. Ways are ``separate``, ``shared`` and ``undeclared`` (sharing a process, without
a declaration); without any, a candidate is judged in all three.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from crosstune.execution import Judge
from crosstune.languages import LANGUAGES
from crosstune.records import Program, Status

WAYS = ("separate", "shared", "undeclared")


def misjudged(language: str, way: str) -> list[str]:
    """The cheats that pass, and the right programs that do not."""
    programs = list(_programs(language, way))
    with Judge(workers=2, isolation="separate" if way == "separate" else "shared") as judge:
        verdicts = list(judge.run(programs))
    return [
        f"{program.id}: {verdict.status} {verdict.stderr[-300:]}"
        for program, verdict in zip(programs, verdicts, strict=True)
        if verdict.passed is not program.id.startswith("RIGHT") or verdict.status is Status.HARNESS_ERROR
    ]


def _programs(language: str, way: str) -> Iterator[Program]:
    judging = LANGUAGES.load(language).judging
    assert judging is not None
    text = (Path(__file__).parent / language / "cheats.txt").read_text("utf-8")
    tasks: dict[str, Program] = {}
    for section in re.split(r"^=== ", text, flags=re.MULTILINE)[1:]:
        head, _, body = section.partition("\n")
        kind, name, *words = head.split()
        if kind == "TASK":
            declaration, _, tests = body.partition("--- tests\n")
            points = tuple(words[0].split(","))
            tasks[name] = Program(
                name, language, "", tests, judging.preamble, declaration=declaration, entry_points=points
            )
            continue
        ways = [word for word in words if word in WAYS]
        task = next((tasks[word] for word in words if word in tasks), next(iter(tasks.values())))
        if not ways or way in ways:
            given = ("", ()) if way == "undeclared" else (task.declaration, task.entry_points)
            yield replace(
                task, id=f"{kind} {name}", candidate=body, declaration=given[0], entry_points=given[1]
            )
