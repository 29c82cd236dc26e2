"""A tool that vanishes or breaks is not the candidate's error; a file of its own that cannot run is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from crosstune.execution import Judge
from crosstune.languages.go import _compilation, _packages
from crosstune.records import Case, Program, Status, Verdict
from tests.languages.skipping import skip_without_tools

CANDIDATE = 'package main\n\nimport "fmt"\n\nfunc one() int { return 1 }\n'
TESTS = 'package main\nimport "testing"\nfunc TestOne(t *testing.T) { if one() != 1 { t.Fatal() } }\n'


@dataclass
class Compiler:
    """Go's compiler behind a script, which can be replaced."""

    path: Path
    real: Path
    judge: Judge
    number: int = 0

    def becomes(self, script: str) -> None:
        self.path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        self.path.chmod(0o755)

    def verdicts(self) -> list[Verdict]:
        """Of a right program with tests and of one with a case, each judged for the first time."""
        self.number += 1
        mark = f"// {self.number}\n"
        main = 'func main() { fmt.Println("x") }\n'
        programs = [
            Program("tested", "go", f"{CANDIDATE}{mark}", TESTS),
            Program("whole", "go", f"{CANDIDATE}{main}{mark}", cases=(Case("", "x"),)),
        ]
        return list(self.judge.run(programs))


@pytest.fixture
def compiler(monkeypatch: pytest.MonkeyPatch) -> Iterator[Compiler]:
    skip_without_tools("go")
    real = _packages.tool("compile")
    # Beside the compiled packages, which every sandbox of the language sees.
    path = _packages.folder() / f"compile-{os.getpid()}"
    monkeypatch.setattr(_packages, "tool", lambda name: path if name == "compile" else real.with_name(name))
    with Judge() as judge:
        compiler = Compiler(path, real, judge)
        compiler.becomes(f'exec {real} "$@"')
        yield compiler
    path.unlink(missing_ok=True)


def test_the_script_works(compiler: Compiler) -> None:
    assert [verdict.status for verdict in compiler.verdicts()] == [Status.PASSED] * 2


@pytest.mark.parametrize(
    ("script", "how"),
    [
        ("exit 127", "status 127"),
        ("kill -KILL $$", "SIGKILL"),
        ("kill -TERM $$", "SIGTERM"),
        ("kill -HUP $$", "SIGHUP"),
        ("exec /usr/bin/no-such-tool", "status 127"),
    ],
)
def test_a_tool_that_breaks_midway_is_a_harness_error(compiler: Compiler, script: str, how: str) -> None:
    assert [verdict.status for verdict in compiler.verdicts()] == [Status.PASSED] * 2
    compiler.becomes(script)
    for verdict in compiler.verdicts():
        assert (verdict.status, verdict.stage) == (Status.HARNESS_ERROR, "build")
        assert how in verdict.stderr


def test_a_tool_that_vanishes_is_a_harness_error(compiler: Compiler) -> None:
    assert [verdict.status for verdict in compiler.verdicts()] == [Status.PASSED] * 2
    compiler.path.unlink()
    for verdict in compiler.verdicts():
        assert Status.HARNESS_ERROR is verdict.status
        assert compiler.path.name in verdict.stderr
    compiler.becomes("")
    compiler.path.chmod(0o644)
    assert [verdict.status for verdict in compiler.verdicts()] == [Status.HARNESS_ERROR] * 2


@pytest.mark.parametrize("name", ["SEGV", "ABRT", "BUS", "ILL"])
def test_a_compiler_that_crashes_twice_is_the_programs_error(compiler: Compiler, name: str) -> None:
    compiler.becomes(f"kill -{name} $$")
    assert [verdict.status for verdict in compiler.verdicts()] == [Status.COMPILE_ERROR] * 2


def test_a_compiler_that_crashes_once_is_tried_again(
    compiler: Compiler, monkeypatch: pytest.MonkeyPatch
) -> None:
    crash = _compilation._script

    def crashes_first(*_: object) -> str:
        monkeypatch.setattr(_compilation, "_script", crash)
        return "kill -SEGV $$"

    monkeypatch.setattr(_compilation, "_script", crashes_first)
    assert Status.PASSED is compiler.verdicts()[0].status


@pytest.mark.parametrize(
    "script",
    [
        ": > program",  # an empty file: ENOEXEC would be run by a shell, not here
        "echo text > program; chmod 755 program",
        "echo '#!/no/such/interpreter' > program; chmod 755 program",
        "cp /bin/true program; chmod 644 program",
        "mkdir program",
        ":",
        "ln -s program program",
        "head -c 3000 /bin/true > program; chmod 755 program",
    ],
)
def test_a_file_of_the_program_that_cannot_be_executed_is_its_own_error(
    compiler: Compiler, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    monkeypatch.setattr(_compilation, "_script", lambda *_: script)
    verdict = compiler.verdicts()[0]
    assert (verdict.status, verdict.stage) == (Status.RUNTIME_ERROR, "run"), verdict
    if not verdict.signal:
        assert "the program cannot be executed: program: " in verdict.stderr
