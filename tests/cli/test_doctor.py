from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.test_main import _crosstune


def test_it_tells_what_holds_and_judges_a_program(tmp_path: Path) -> None:
    found = _crosstune("doctor", "python", "c", "--json", tmp_path / "health.json")
    assert found.returncode == 0, found.stdout + found.stderr
    assert "sandbox  works" in found.stdout
    assert "namespaces: " in found.stdout
    assert "control groups" in found.stdout
    health = json.loads((tmp_path / "health.json").read_text())
    assert health["sandbox"]["works"]
    assert list(health["languages"]) == ["python", "c"]
    row = health["languages"]["c"]
    assert (row["well"], row["verdict"]["label"], row["missing"]) == (True, "passed", [])
    assert row["tools"].startswith("gcc ")


def test_what_is_missing_comes_with_its_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bwrap").symlink_to(shutil.which("bwrap") or "/usr/bin/bwrap")
    monkeypatch.setenv("PATH", str(tmp_path))
    found = _crosstune("doctor", "go", "java")
    assert found.returncode == 3
    assert "Go lacks go\n  sudo apt-get install golang-go" in found.stdout
    assert "Java lacks javac\n  sudo apt-get install default-jdk-headless" in found.stdout
    assert "cannot be judged here: Go, Java" in found.stderr


def test_without_a_sandbox_nothing_is_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = _crosstune("doctor", "python")
    assert found.returncode == 3
    assert "does not work" in found.stdout
    assert "sudo apt-get install bubblewrap" in found.stdout


@pytest.mark.parametrize(
    ("name", "message"), [("pyton", "did you mean 'python'"), ("html", "HTML is learned from, never run")]
)
def test_a_wrong_name_is_said(name: str, message: str) -> None:
    found = _crosstune("doctor", name)
    assert (found.returncode, message in found.stderr) == (2, True)
