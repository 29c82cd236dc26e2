"""What is said of a language whose tools are there but do not work."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.test_main import _crosstune

SAID = "node: error while loading shared libraries"


@pytest.fixture
def broken_node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    node = tmp_path / "tools" / "node"
    node.parent.mkdir()
    node.write_text(f"#!/bin/sh\necho '{SAID}' >&2\nexit 127\n", "utf-8")
    node.chmod(0o755)
    monkeypatch.setenv("PATH", f"{node.parent}{os.pathsep}{os.environ['PATH']}")
    return node


def test_doctor_tells_what_the_tool_said(broken_node: Path) -> None:
    found = _crosstune("doctor", "javascript")
    assert found.returncode == 3, found.stderr
    assert "no: it could not be prepared" in found.stdout
    assert f"{broken_node} --version failed with status 127: {SAID}" in found.stdout


def test_nothing_is_judged_with_it(broken_node: Path, tmp_path: Path) -> None:
    programs = tmp_path / "programs.jsonl"
    programs.write_text('{"id": "a", "language": "javascript", "candidate": "", "tests": ""}\n', "utf-8")
    found = _crosstune("judge", programs, "-o", tmp_path / "verdicts.jsonl")
    assert found.returncode == 3, found.stderr
    assert f"{broken_node} --version failed with status 127: {SAID}" in found.stderr
    assert (tmp_path / "verdicts.jsonl").read_bytes() == b""


def test_a_tool_that_is_no_program_is_told(broken_node: Path) -> None:
    broken_node.write_bytes(b"\x7fELF, but not really")
    found = _crosstune("doctor", "javascript")
    assert found.returncode == 3, found.stderr
    assert "a tool of javascript cannot be run" in found.stdout
