"""`crosstune doctor`: what it prints, installs and refuses."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.test_main import _crosstune


def test_doctor_reports_the_sandbox_and_judges_a_program(tmp_path: Path) -> None:
    done = _crosstune("doctor", "python", "c", "--json", tmp_path / "health.json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "sandbox  works" in done.stdout
    assert "namespaces: " in done.stdout
    assert "control groups" in done.stdout
    health = json.loads((tmp_path / "health.json").read_text())
    assert health["sandbox"]["works"]
    assert list(health["languages"]) == ["python", "c"]
    row = health["languages"]["c"]
    assert (row["works"], row["verdict"]["status"], row["missing"]) == (True, "passed", [])
    assert row["tools"].startswith("gcc ")


@pytest.fixture
def bare_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only bubblewrap is installed."""
    (tmp_path / "bwrap").symlink_to(shutil.which("bwrap") or "/usr/bin/bwrap")
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.mark.usefixtures("bare_path")
def test_doctor_prints_the_command_for_what_is_missing() -> None:
    done = _crosstune("doctor", "go", "java")
    assert done.returncode == 3
    assert "Go lacks go\n  sudo apt-get install golang-go" in done.stdout
    assert "Java lacks javac\n  sudo apt-get install default-jdk-headless" in done.stdout
    assert "cannot be judged here: Go, Java" in done.stderr


@pytest.mark.usefixtures("bare_path")
def test_install_without_apt_prints_the_command_and_fails() -> None:
    done = _crosstune("doctor", "go", "java", "--install")
    assert done.returncode == 3
    assert "missing: go, for compiling Go (Debian package golang-go)" in done.stdout
    packages = "golang-go default-jdk-headless"
    assert f"sudo apt-get install --yes --no-install-recommends {packages}\n" in done.stdout
    assert "still missing: go, javac, java" in done.stderr


def test_install_has_nothing_to_do_where_everything_is_there() -> None:
    done = _crosstune("doctor", "python", "--install")
    assert (done.returncode, done.stdout) == (0, "installed: everything for Python\n")


def test_doctor_judges_nothing_without_a_sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    done = _crosstune("doctor", "python")
    assert done.returncode == 3
    assert "does not work" in done.stdout
    assert "sudo apt-get install bubblewrap" in done.stdout


@pytest.mark.parametrize("option", [[], ["--install"]])
def test_unknown_language_is_a_usage_error(option: list[str]) -> None:
    done = _crosstune("doctor", "pyton", *option)
    assert (done.returncode, "did you mean 'python'" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--set", "most"], "--set: expected usual, tests, all"),
        (["python", "--set", "all"], "no names of languages"),
        (["python", "--packages", "extended"], "--packages belongs to --install"),
    ],
)
def test_unknown_set_is_a_usage_error(words: list[str], message: str) -> None:
    done = _crosstune("doctor", *words)
    assert (done.returncode, message in done.stderr) == (2, True), done.stderr


@pytest.mark.usefixtures("bare_path")
@pytest.mark.parametrize(
    ("chosen", "named", "left_out"),
    [
        ("usual", ("Go", "Rust"), ("Ruby", "Kotlin")),
        ("tests", ("Go", "Ruby"), ("Kotlin",)),
        ("all", ("Go", "Ruby", "Kotlin"), ()),
    ],
)
def test_set_of_languages_is_checked(chosen: str, named: tuple[str, ...], left_out: tuple[str, ...]) -> None:
    done = _crosstune("doctor", "--set", chosen, "--install")
    assert done.returncode == 3
    tools = {"Go": "go", "Rust": "rustc", "Ruby": "ruby", "Kotlin": "kotlinc"}
    missing = done.stderr.partition("still missing: ")[2].partition(";")[0].split(", ")
    assert [tools[name] in missing for name in (*named, *left_out)] == [True] * len(named) + [False] * len(
        left_out
    )
