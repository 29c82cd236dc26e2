"""Read programs and their verdicts from a file of sections.

``=== NAME: STATUS`` opens a program, ``--- tests`` its tests. The status ``failed`` is any but ``passed`` and
``harness_error``. ``«BOM»`` is a byte order mark, ``«CR»`` a carriage return.
"""

from __future__ import annotations

import re
from pathlib import Path

from crosstune.execution import Judge
from crosstune.records import Program
from tests.languages.skipping import skip_without_tools

_SECTION = re.compile(r"^=== (\w+): (\w+)\n(.*?)^--- tests\n(.*?)(?=^=== |\Z)", re.MULTILINE | re.DOTALL)


def programs(file: Path, language: str) -> dict[str, tuple[Program, str]]:
    """By name: the program and the expected status."""
    text = file.read_text("utf-8").replace("«BOM»", "\ufeff").replace("«CR»", "\r")
    found = {
        name: (Program(name, language, candidate, tests.strip("\n")), status)
        for name, status, candidate, tests in _SECTION.findall(text)
    }
    assert len(found) == len(re.findall("^=== ", text, re.MULTILINE))
    return found


def assert_status(judge: Judge, program: Program, expected: str) -> None:
    skip_without_tools(program.language)
    (verdict,) = judge.run([program])
    status = str(verdict.status)
    if expected == "failed" and status not in ("passed", "harness_error"):
        return
    assert expected == status, verdict
