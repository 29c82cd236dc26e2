"""A study that is killed at any moment and run again gives the results of an undisturbed run."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crosstune import files
from tests.cli.in_process import run

STUDY = """\
name: small
title: Small
seeds: [0, 1]
corpora:
  raw:
    source:
      exercises: {cells: {python: [raw], javascript: [raw]}}
    size: 64
  python:
    source:
      exercises: {cells: {python: [synthesize]}}
    size: 64
models:
  base: {corpus: raw, recipe: ./base.yaml}
  python: {base: base, corpus: python, recipe: ./tune.yaml}
evaluate:
- benchmark: exercises
  languages: [python]
  tasks: [synthesize]
  decoding: {max_new_tokens: 24}
"""
COMMAND = [str(Path(sys.executable).with_name("crosstune")), "study", "run", "study.yaml"]


def _run(folder: Path, runs: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*COMMAND, "--runs", runs],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def _workers(parent: int) -> list[int]:
    """The child processes of ``parent``, from /proc."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(stat.parent.name))
    return found


def test_two_runs_of_one_study(tmp_path: Path, small_recipes: dict[str, str]) -> None:
    (tmp_path / "study.yaml").write_text(STUDY)
    for name, text in small_recipes.items():
        (tmp_path / name).write_text(text)
    with files.locked(tmp_path / "runs" / "small" / ".lock"):
        second = run("study", "run", tmp_path / "study.yaml", "--runs", tmp_path / "runs")
    assert second.status == 4, second.output
    assert f"{tmp_path / 'runs' / 'small'}: this study is being run by another process" in second.output
    assert not (tmp_path / "runs" / "store").exists()


@pytest.mark.slow
def test_five_kills_change_no_result(tmp_path: Path, small_recipes: dict[str, str]) -> None:
    (tmp_path / "study.yaml").write_text(STUDY)
    for name, text in small_recipes.items():
        (tmp_path / name).write_text(text)

    began = time.monotonic()
    whole = _run(tmp_path, "whole")
    printed, _ = whole.communicate(timeout=300)
    assert whole.returncode == 0, printed.decode()
    took = time.monotonic() - began

    moments = random.Random(1)
    for _ in range(5):
        killed = _run(tmp_path, "killed")
        time.sleep(moments.uniform(0.1, 0.9) * took)
        workers = _workers(killed.pid)
        os.kill(killed.pid, signal.SIGKILL)
        killed.communicate(timeout=60)
        _wait_until_gone(workers)
    last = _run(tmp_path, "killed")
    printed, _ = last.communicate(timeout=300)
    assert last.returncode == 0, printed.decode()

    assert (tmp_path / "whole" / "small" / "results.json").read_bytes() == (
        tmp_path / "killed" / "small" / "results.json"
    ).read_bytes()


def _wait_until_gone(workers: list[int]) -> None:
    """The kernel ends them with their parent, in much less than this minute."""
    for _ in range(600):
        if not any(Path(f"/proc/{worker}").exists() for worker in workers):
            return
        time.sleep(0.1)
    raise AssertionError(f"workers survived their parent: {workers}")
