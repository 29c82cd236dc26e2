"""Only a checkpoint that is what was written is continued."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from crosstune.tuning._checkpoints import last, mark


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """Checkpoints after 2, 4 and 10 steps."""
    for step in (2, 4, 10):
        folder = tmp_path / f"checkpoint-{step}"
        folder.mkdir()
        (folder / "model.safetensors").write_bytes(bytes(range(200)) * step)
        mark(folder, 0, "name")
    return tmp_path


def test_the_newest_is_continued(work: Path) -> None:
    assert last(work, 1, "name") == work / "checkpoint-10"


def test_a_changed_bit_is_noticed(work: Path, caplog: pytest.LogCaptureFixture) -> None:
    weights = work / "checkpoint-10" / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[77] ^= 1
    weights.write_bytes(content)
    assert last(work, 1, "name") == work / "checkpoint-4"
    assert not (work / "checkpoint-10").exists()
    assert caplog.messages[0].startswith(f"{work / 'checkpoint-10'}: damaged")


@pytest.mark.parametrize("lost", ["model.safetensors", "whole-0"])
def test_a_lost_file_is_noticed(work: Path, lost: str) -> None:
    for step in (4, 10):
        (work / f"checkpoint-{step}" / lost).unlink()
    assert last(work, 1, "name") == work / "checkpoint-2"


def test_those_of_another_training_and_of_two_processes(work: Path) -> None:
    for rank in (0, 1):
        for step in (2, 4):
            mark(work / f"checkpoint-{step}", rank, "name")
    assert last(work, 2, "name") == work / "checkpoint-4"
    (work / "checkpoint-4" / "model.safetensors").write_bytes(b"other")
    assert last(work, 2, "name") == work / "checkpoint-2"
    early = work / "checkpoint-3"  # of a version in which several processes recorded no digest
    shutil.copytree(work / "checkpoint-2", early)
    for rank in (0, 1):
        (early / f"whole-{rank}").write_text("name")
    assert last(work, 2, "name") == early
    assert last(work, 1, "other") is None
    assert list(work.iterdir()) == []
