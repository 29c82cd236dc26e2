"""Prepared states are made once and completely, in the environment or the cache folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from crosstune.errors import PrerequisiteError
from crosstune.languages._shared import prepared_state


@pytest.fixture(autouse=True)
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "environment"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "environment/share/crosstune", tmp_path / "cache/crosstune"


def make(path: Path) -> None:
    (path / "made").write_text("whole", "utf-8")


def fail(path: Path) -> None:
    (path / "made").write_text("half", "utf-8")
    raise subprocess.CalledProcessError(1, ["cc"], stderr="no such header")


def test_state_is_made_once_when_many_ask(homes: tuple[Path, Path]) -> None:
    made = []

    def counted(path: Path) -> None:
        made.append(path)
        make(path)

    threads = [threading.Thread(target=prepared_state.folder, args=("c", "key", counted)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert (homes[0] / "c/key/made").read_text("utf-8") == "whole"


def test_failed_state_leaves_nothing_and_can_be_made_later(homes: tuple[Path, Path]) -> None:
    with pytest.raises(PrerequisiteError, match=r"key: could not be prepared: no such header"):
        prepared_state.folder("c", "key", fail)
    assert [path.name for path in (homes[0] / "c").iterdir()] == []
    assert prepared_state.folder("c", "key", make) == homes[0] / "c/key"


def test_cache_folder_is_used_where_the_environment_is_read_only(homes: tuple[Path, Path]) -> None:
    homes[0].parent.parent.mkdir()
    homes[0].parent.write_text("a file is in the way", "utf-8")
    assert prepared_state.folder("c", "key", make) == homes[1] / "c/key"
    homes[1].rename(homes[1].with_name("away"))
    homes[1].write_text("here, too", "utf-8")
    with pytest.raises(PrerequisiteError, match="XDG_CACHE_HOME"):
        prepared_state.folder("c", "key", make)


def test_unused_state_is_removed_in_the_end(homes: tuple[Path, Path]) -> None:
    old, cut_off = (homes[0] / "c" / name for name in ("old", "older.removed"))
    for path in (old, cut_off):
        path.mkdir(parents=True)
        make(path)
        os.utime(path, (0, 0))
    prepared_state.folder("c", "new", make)
    assert [path.name for path in (homes[0] / "c").iterdir()] == ["new"]


def test_state_in_use_is_not_removed_however_old() -> None:
    old = prepared_state.folder("c", "old", make)
    os.utime(old, (0, 0))
    prepared_state._tidied.clear()
    prepared_state.folder("c", "new", make)
    assert (old / "made").exists()


def test_thousands_of_states_need_no_descriptor_each() -> None:
    paths = [prepared_state.folder("tests", str(number), make, keep=False) for number in range(9)]
    opened = {os.path.realpath(each) for each in Path("/proc/self/fd").iterdir()}
    assert not opened & set(map(str, paths))
    os.utime(paths[0], (0, 0))
    assert prepared_state.folder("tests", "0", make, keep=False) == paths[0]  # which marks it as used
    prepared_state._tidied.clear()
    prepared_state.folder("tests", "new", make, keep=False)
    assert (paths[0] / "made").exists()


def test_folder_that_goes_while_old_ones_are_looked_for_is_no_error(
    homes: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another thread's temporary folder is there when the parent is listed, and then renamed."""
    passing = homes[0] / "c" / "tmp1"
    passing.mkdir(parents=True)
    is_dir = Path.is_dir

    def then_gone(path: Path) -> bool:
        there = is_dir(path)
        if path == passing and there:
            passing.rmdir()
        return there

    monkeypatch.setattr(Path, "is_dir", then_gone)
    assert prepared_state.folder("c", "key", make) == homes[0] / "c/key"
    assert not passing.exists()


def test_state_that_was_removed_is_made_again() -> None:
    path = prepared_state.folder("c", "key", make)
    shutil.rmtree(path)
    assert (prepared_state.folder("c", "key", make) / "made").exists()


def test_folder_that_others_can_write_is_not_used(homes: tuple[Path, Path]) -> None:
    foreign = homes[0] / "c/key"
    foreign.mkdir(parents=True)
    (foreign / "made").write_text("by another user", "utf-8")
    foreign.chmod(0o777)
    with pytest.raises(PrerequisiteError, match="could not be prepared"):
        prepared_state.folder("c", "key", make)
