"""A study whose disk is full ends with what is missing, and continues when there is more space."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.study.test_kill import COMMAND

STUDY = """\
name: small
title: Small
corpora:
  raw:
    source:
      exercises: {cells: {python: [raw], javascript: [raw]}}
    size: 64
models:
  base: {corpus: raw, recipe: ./base.yaml}
evaluate:
- benchmark: exercises
  languages: [python]
  tasks: [synthesize]
  decoding: {max_new_tokens: 24}
"""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, whose size the test sets."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("cannot mount a disk of a given size here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def _run(folder: Path, files: dict[str, str]) -> subprocess.CompletedProcess[str]:
    for name, text in files.items():
        (folder / name).write_text(text)
    return subprocess.run(
        [*COMMAND, "--runs", "runs"], cwd=folder, capture_output=True, text=True, check=False, timeout=600
    )


def _kib(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) >> 10


@pytest.mark.slow
def test_full_disk_stops_and_loses_nothing(disk: Path, tmp_path: Path, small_recipes: dict[str, str]) -> None:
    given = {"study.yaml": STUDY, **small_recipes}
    whole = tmp_path / "whole"
    whole.mkdir()
    done = _run(whole, given)
    assert done.returncode == 0, done.stderr
    size = _kib(whole)
    subprocess.run(["mount", "-o", f"remount,size={size // 2}k", str(disk)], check=True)
    stopped = _run(disk, given)
    assert stopped.returncode == 4, stopped.stderr
    assert "the disk is full; free some space and run it again" in stopped.stderr
    assert "Traceback" not in stopped.stdout + stopped.stderr
    subprocess.run(["mount", "-o", f"remount,size={4 * size}k", str(disk)], check=True)
    last = _run(disk, given)
    assert last.returncode == 0, last.stderr
    results = Path("runs") / "small" / "results.json"
    assert (disk / results).read_bytes() == (whole / results).read_bytes()
