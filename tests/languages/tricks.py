"""Candidates that return more than values, and unusual right ones, each with tests of its own.

A file ``tricks.txt`` has sections: ``=== CHEAT ISOLATION ENTRY TITLE`` is a program that must not pass,
``=== RIGHT`` one that must, in that isolation or in ``both``. The candidate comes first, then ``--- tests``
and, where there is one, ``--- declaration``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from crosstune.execution import Judge
from crosstune.records import Isolation, Program, Status


def misjudged(language: str, isolation: Isolation, least: int) -> list[str]:
    """The cheats that pass, and the right programs that do not, of at ``least`` so many programs."""
    programs = list(_programs(language, isolation))
    assert len(programs) >= least
    with Judge(isolation=isolation) as judge:
        return [
            f"{verdict.id}: {verdict.status}, {verdict.stderr[-200:]}"
            for verdict in judge.run(programs)
            if verdict.passed is not verdict.id.startswith("RIGHT") or verdict.status is Status.HARNESS_ERROR
        ]


def _programs(language: str, isolation: Isolation) -> Iterator[Program]:
    text = (Path(__file__).parent / language / "tricks.txt").read_text("utf-8")
    for section in text.split("\n=== ")[1:]:
        head, _, rest = section.partition("\n")
        kind, where, name, title = head.split(" ", 3)
        candidate, _, rest = rest.partition("--- tests\n")
        tests, _, declaration = rest.partition("--- declaration\n")
        if where in (isolation, "both"):
            yield Program(
                f"{kind} {title}", language, candidate, tests, declaration=declaration, entry_points=(name,)
            )
