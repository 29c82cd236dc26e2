"""The judge's `main` in C: what a program can reach of it, and what it reports."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from crosstune.languages._shared.started import OBJECT, Start

NONCE = "0123456789abcdef"
START = """
extern int program(void);
void crosstune_test_failed(int assertion) { crosstune_panicked(assertion); }
void CROSSTUNE_EXIT(int status) { crosstune_exit(status); }
static int run(int count, char **words) { return program(); }
"""

pytestmark = pytest.mark.skipif(not shutil.which("gcc"), reason="gcc is missing")


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Start:
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "environment"))
    source = tmp_path / "start.c"
    source.write_text(START)
    return Start("test", source, (), "1", called=("crosstune_test_failed",))


def reported(start: Start, folder: Path, program: str) -> str:
    """What the program reports; why it cannot be linked."""
    (folder / "program.c").write_text(program)
    command = ("gcc", "-w", "program.c", str(start.folder() / OBJECT), "-o", "program")
    linked = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if linked.returncode:
        return linked.stderr
    (folder / "nonce").write_text(NONCE)
    subprocess.run(("sh", "-c", "./program 3<nonce 4>report"), cwd=folder, timeout=60, check=False)
    return (folder / "report").read_text()


@pytest.mark.parametrize(
    ("program", "report"),
    [
        ("int program(void) { return 0; }", f"passed {NONCE}"),
        ("int program(void) { return 1; }", "failed wrong_answer"),
        ("int program(void) { _exit(0); }", ""),
        ("int program(void) { crosstune_test_failed(1); }", "failed wrong_answer"),
        ("int program(void) { crosstune_test_failed(0); }", "failed runtime_error"),
        ("int main(int, char **); int program(void) { return main(0, 0); }", "failed runtime_error"),
    ],
    ids=["ends", "fails", "leaves", "assertion", "error", "main again"],
)
def test_only_the_end_of_the_tests_passes(start: Start, tmp_path: Path, program: str, report: str) -> None:
    assert reported(start, tmp_path, program) == report


def test_tests_end_themselves_by_a_name_that_is_not_known_before(start: Start, tmp_path: Path) -> None:
    name = start.exit_name()
    assert name not in (tmp_path / "start.c").read_text()
    assert reported(start, tmp_path, f"int program(void) {{ {name}(0); }}") == f"passed {NONCE}"
    assert reported(start, tmp_path, f"int program(void) {{ {name}(1); }}") == "failed wrong_answer"


@pytest.mark.parametrize(
    "name",
    [
        "crosstune_exit",
        "crosstune_begin",
        "crosstune_main",
        "crosstune_panicked",
        "report",
        "__wrap_main",
        "run",
    ],
)
def test_nothing_else_of_the_judge_can_be_called(start: Start, tmp_path: Path, name: str) -> None:
    assert "undefined reference" in reported(start, tmp_path, f"int program(void) {{ return {name}(0); }}")
