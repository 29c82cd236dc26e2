from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CROSSTUNE = Path(sys.executable).with_name("crosstune")
SCREEN = ("DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION", "BROWSER")


def _view(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    plain = {name: value for name, value in os.environ.items() if name not in SCREEN}
    return subprocess.run(
        [CROSSTUNE, "view", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        check=False,
        timeout=60,
        env={**plain, **environment},
    )


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    page = tmp_path / "runs" / "demo" / "report" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("<!doctype html><title>demo</title>")
    (tmp_path / "runs" / "begun").mkdir()
    (tmp_path / "runs" / "begun" / "plan.json").write_text("{}")
    (tmp_path / "runs" / "store").mkdir()
    return tmp_path


@pytest.mark.parametrize("name", ["runs/demo", "demo", "./runs/demo/"])
def test_a_run_is_found_by_folder_and_by_name(runs: Path, name: str) -> None:
    result = _view(name, "--no-browser", cwd=runs)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == f"{runs / 'runs/demo/report/index.html'}\n"


def test_the_browser_gets_the_pages_address(runs: Path) -> None:
    """A browser that writes down what it was asked for."""
    browser = runs / "browser"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > {runs}/asked\n')
    browser.chmod(0o755)
    result = _view("demo", cwd=runs, DISPLAY=":0", BROWSER=f"{browser} %s")
    assert (result.returncode, result.stderr) == (0, "")
    assert (runs / "asked").read_text() == (runs / "runs/demo/report/index.html").as_uri()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a screen needs no variable")
@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({}, "This machine has no screen."),
        ({"SSH_CONNECTION": "a 1 b 22"}, "This connection has no screen."),
    ],
)
def test_without_a_screen_the_pages_path_is_printed(
    runs: Path, environment: dict[str, str], reason: str
) -> None:
    result = _view("demo", cwd=runs, **environment)
    assert result.returncode == 0
    assert result.stderr.startswith(reason)
    assert (runs / "runs/demo/report/index.html").as_uri() in result.stderr


def test_missing_runs_and_pages_are_named(runs: Path) -> None:
    nothing = _view("dmeo", cwd=runs)
    assert nothing.returncode == 2
    assert nothing.stderr == (
        "crosstune: dmeo: this is not a run's folder. In runs: known: begun, demo; did you mean 'demo'?\n"
    )
    unfinished = _view("begun", cwd=runs)
    assert unfinished.returncode == 2
    assert "this run has no page yet" in unfinished.stderr
    assert "crosstune study report STUDY" in unfinished.stderr
    nowhere = _view("demo", "--runs", "elsewhere", cwd=runs)
    assert nowhere.returncode == 2
    assert "elsewhere contains no run either" in nowhere.stderr
