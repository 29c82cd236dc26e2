"""Stopped trainings resume."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.shared import ROOT
from tests.tuning import small

KILLED = """
import os, signal, sys
from pathlib import Path
from tests.tuning import small

def progress(done, total):
    if done == {step}:
        os.kill(os.getpid(), signal.SIGKILL)

recipe = small.RECIPE.model_copy(update={{"save_steps": 3}})
small.train(Path(sys.argv[1]), recipe, progress=progress)
"""


@pytest.mark.slow
def test_killed_run_resumes_with_the_same_losses_and_weights(trained: Path, tmp_path: Path) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", KILLED.format(step=8), str(tmp_path)],
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert {"checkpoint-3", "checkpoint-6"} == {folder.name for folder in (tmp_path / "work").glob("check*")}
    seen: list[int] = []

    small.train(
        tmp_path,
        small.RECIPE.model_copy(update={"save_steps": 3}),
        progress=lambda done, _total: seen.append(done),
    )

    assert seen == [7, 8, 9, 10, 11, 12]
    assert small.losses(trained) == small.losses(tmp_path)
    assert small.weights(trained) == small.weights(tmp_path)


class Stopped(Exception):
    pass


def test_incomplete_and_foreign_checkpoints_are_not_used(trained: Path, tmp_path: Path) -> None:
    def stop(done: int, _total: int) -> None:
        if done == 8:
            raise Stopped

    recipe = small.RECIPE.model_copy(update={"save_steps": 3})
    with pytest.raises(Stopped):
        small.train(tmp_path / "half", recipe, progress=stop)
    shutil.copytree(tmp_path / "half", tmp_path / "other")
    (tmp_path / "half" / "work" / "checkpoint-6" / "whole-0").unlink()
    seen: dict[str, list[int]] = {"half": [], "other": []}

    def train(name: str, **given: Any) -> None:
        small.train(tmp_path / name, recipe, progress=lambda done, _total: seen[name].append(done), **given)

    train("half")
    train("other", seed=5)

    assert list(range(4, 13)) == seen["half"]
    assert small.weights(trained) == small.weights(tmp_path / "half")
    assert list(range(1, 13)) == seen["other"]


def test_run_killed_after_its_last_checkpoint_only_saves(trained: Path, tmp_path: Path) -> None:
    recipe = small.RECIPE.model_copy(update={"save_steps": 3})
    small.train(tmp_path, recipe)
    shutil.rmtree(tmp_path / "out")
    seen: list[int] = []

    small.train(tmp_path, recipe, progress=lambda done, _total: seen.append(done))

    assert seen == []
    assert small.weights(trained) == small.weights(tmp_path)
    assert small.losses(trained) == small.losses(tmp_path)
