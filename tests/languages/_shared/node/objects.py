"""Read programs whose tests use objects of the candidate from a file of sections.

``=== NAME: ENTRY POINTS`` opens a candidate, ``--- declaration`` what the benchmark gives (if it is not the
candidate), ``--- tests`` its tests, ``--- wrong`` a change ``TEXT -> TEXT`` that breaks the candidate.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from crosstune.records import Program

_SECTION = re.compile(
    r"^=== ([^:\n]+): ([^\n]*)\n(.*?)(?:^--- declaration\n(.*?))?^--- tests\n(.*?)"
    r"^--- wrong\n([^\n]*?) ->([^\n]*)\n",
    re.MULTILINE | re.DOTALL,
)


def programs(file: Path, language: str, *, declared: bool) -> dict[str, tuple[Program, Program]]:
    """By name: a right program and a wrong one. ``declared``: they have a declaration."""
    text = file.read_text("utf-8")
    found = {}
    for name, entry_points, candidate, declaration, tests, old, new in _SECTION.findall(text):
        right = Program(
            name,
            language,
            candidate,
            f"const assert = require('assert');\n{tests}",
            entry_points=tuple(entry_points.split()),
            declaration=(declaration or candidate) if declared else "",
        )
        assert old in candidate, name
        found[name] = right, replace(right, candidate=candidate.replace(old, new.strip()))
    assert len(found) == len(re.findall("^=== ", text, re.MULTILINE))
    return found
