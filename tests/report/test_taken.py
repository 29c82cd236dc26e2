"""Which lines of an answer the page marks as taken, computed by node as on the page."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from crosstune.report._script import asset

CODE = """
import { takenLines } from "./taken.js";
import { readFileSync } from "node:fs";
const pairs = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(pairs.map(([text, program]) => takenLines(text, program))));
"""


def taken(pairs: list[tuple[str, str]], folder: Path) -> list[str]:
    """For each answer and program a text with ``+`` for each line that was taken and ``-`` for each other."""
    node = shutil.which("node")
    if not node:
        pytest.skip("node is not installed")
    (folder / "package.json").write_text('{"type": "module"}')
    for name in ("taken.js", "dom.js"):
        (folder / name).write_text(asset(name), "utf-8")
    (folder / "run.js").write_text(CODE)
    done = subprocess.run(
        [node, "run.js"], input=json.dumps(pairs), capture_output=True, text=True, cwd=folder, check=True
    )
    return ["".join("+" if each else "-" for each in lines) for lines in json.loads(done.stdout)]


CASES = [
    ("Text:\n```\na = 1\n\nb = 2\n```\n", "a = 1\nb = 2\n", "--+++--"),
    ("def f():\n    return 0\ndef f():\n    return 1\n", "def f():\n    return 1\n", "--++-"),
    ("b = 2\na = 1", "a = 1\nb = 2", "++"),
    ("> x = 1\n> y = 2", "x = 1\ny = 2", "++"),
    ("/**\n * Adds.\n */\nint add;", "/**\n * Adds.\n */\nint add;", "++++"),
    ("void main() {\n}\none();", "one();\n}\n", "--+"),
    ("    return 1\n\nprint(1)", "def f():\n    return 1\n", "+--"),
    ("", "x", "-"),
    ("x", "", "-"),
]


def test_lines_of_the_program_are_taken(tmp_path: Path) -> None:
    found = taken([(answer, program) for answer, program, _ in CASES], tmp_path)
    assert found == [expected for _, _, expected in CASES]


def test_repeated_lines_take_little_time(tmp_path: Path) -> None:
    lines = "x = 1\ny = 2\n" * 2000
    began = time.monotonic()
    taken([(lines, lines), (lines, lines[7:] + "z\n"), ("{\n" * 4000, "{\n" * 4000)], tmp_path)
    assert time.monotonic() - began < 30
