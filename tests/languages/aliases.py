"""Read the files of tests in C and C++ that look at more than values, or seem to."""

from __future__ import annotations

import re
from pathlib import Path

from crosstune.records import Program


def programs(path: Path, language: str) -> dict[str, Program]:
    """By ``shared`` or ``separate`` and their names."""
    found = dict[str, Program]()
    for block in re.split(r"^=== ", path.read_text("utf-8"), flags=re.MULTILINE)[1:]:
        head, _, body = block.partition("\n")
        name, _, entry_points = head.partition(":")
        declaration, candidate, tests = re.split(r"^---\n", body, flags=re.MULTILINE)
        found[name] = Program(
            name,
            language,
            candidate,
            tests,
            declaration=declaration,
            entry_points=tuple(each.strip() for each in entry_points.split(",")),
        )
    return found
