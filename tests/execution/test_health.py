"""Languages whose tools are installed but do not work."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from crosstune.execution._languages import judging_of
from tests.cli.test_main import _crosstune

MESSAGE = "node: error while loading shared libraries"


@pytest.fixture
def broken_node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    node = tmp_path / "tools" / "node"
    node.parent.mkdir()
    node.write_text(f"#!/bin/sh\necho '{MESSAGE}' >&2\nexit 127\n", "utf-8")
    node.chmod(0o755)
    monkeypatch.setenv("PATH", f"{node.parent}{os.pathsep}{os.environ['PATH']}")
    return node


def _row(language: str) -> dict[str, str]:
    candidate, tests = judging_of(language).smoke_test
    return {"id": language, "language": language, "candidate": candidate, "tests": tests}


def test_doctor_prints_the_message_of_a_broken_tool(broken_node: Path) -> None:
    done = _crosstune("doctor", "javascript")
    assert done.returncode == 3, done.stderr
    assert "no: it could not be prepared" in done.stdout
    assert f"{broken_node} --version failed with status 127: {MESSAGE}" in done.stdout


def test_other_languages_are_judged_despite_a_broken_tool(broken_node: Path, tmp_path: Path) -> None:
    programs, out = tmp_path / "programs.jsonl", tmp_path / "verdicts.jsonl"
    rows = [_row(name) for name in ("javascript", "python")]
    programs.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    done = _crosstune("judge", programs, "-o", out)
    assert done.returncode == 3, done.stderr
    message = f"{broken_node} --version failed with status 127: {MESSAGE}"
    assert f"javascript: {message}" in done.stderr
    first, second = map(json.loads, out.read_text("utf-8").splitlines())
    assert (first["verdict"], first["stderr"]) == ("harness_error", message)
    assert second["verdict"] == "passed"
    broken_node.unlink()
    assert _crosstune("judge", programs, "-o", out).returncode == 0
    assert [json.loads(line)["verdict"] for line in out.read_text("utf-8").splitlines()] == ["passed"] * 2


def test_a_tool_that_fails_only_in_use_does_not_stop_other_languages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    compiler = shutil.which("g++")
    version = f'case $* in *version*|*-dump*) exec {compiler} "$@";; esac'
    script = f"#!/bin/sh\n{version}\necho '{MESSAGE}' >&2\nexit 1\n"
    (tools / "g++").write_text(script, "utf-8")
    (tools / "g++").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    programs, out = tmp_path / "programs.jsonl", tmp_path / "verdicts.jsonl"
    rows = [_row(name) for name in ("cpp", "python")]
    programs.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    done = _crosstune("judge", programs, "-o", out)
    assert done.returncode == 3, done.stderr
    verdicts = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [verdict["verdict"] for verdict in verdicts] == ["harness_error", "passed"]
    assert MESSAGE in verdicts[0]["stderr"]


def test_a_tool_that_is_not_executable_is_reported(broken_node: Path) -> None:
    broken_node.write_bytes(b"\x7fELF, but not really")
    done = _crosstune("doctor", "javascript")
    assert done.returncode == 3, done.stderr
    assert "a tool of javascript cannot be run" in done.stdout
