"""The store holds finished steps, whole or not at all."""

from __future__ import annotations

import multiprocessing
import shutil
from pathlib import Path

import pytest

from crosstune import files
from crosstune.errors import CorruptArtifact, Incomplete
from crosstune.study import Store

KEY = "ab" * 32
FACTS = {"version": 1, "settings": {}, "inputs": {}, "metrics": {}, "seconds": 1.0}


def _make(store: Store, text: str = "hello") -> Path:
    with store.claim("corpus", "corpus/raw", KEY) as (out, _):
        (out / "deep").mkdir()
        (out / "deep" / "file").write_text(text)
        return store.commit("corpus", "corpus/raw", KEY, FACTS).folder


def test_finished_step_has_a_readable_folder_name(tmp_path: Path) -> None:
    folder = _make(Store(tmp_path))
    assert folder == tmp_path / "corpus" / f"corpus-raw-{KEY[:12]}"
    assert not (tmp_path / ".partial" / f"corpus-{KEY[:12]}").exists()


def test_uncommitted_step_keeps_only_its_work_folder(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with store.claim("corpus", "raw", KEY) as (out, work):
        (out / "half").touch()
        (work / "journal").touch()
    assert store.find("corpus", KEY) is None
    with store.claim("corpus", "raw", KEY) as (out, work):
        assert not list(out.iterdir())
        assert (work / "journal").exists()


def test_step_is_claimed_by_one_process(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with store.claim("corpus", "raw", KEY):
        context = multiprocessing.get_context("spawn")
        with context.Pool(1) as pool, pytest.raises(Incomplete, match="another process is running this step"):
            pool.apply(_claim, (tmp_path,))


def test_a_claim_while_another_process_commits_the_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commit removes the folder after its lock file was opened here: it is made again."""
    lock, locked = files.lock, list[Path]()

    def late(descriptor: int, path: Path) -> None:
        if not locked:
            shutil.rmtree(path.parent)
        locked.append(path)
        lock(descriptor, path)

    monkeypatch.setattr(files, "lock", late)
    with Store(tmp_path).claim("corpus", "raw", KEY) as (out, work):
        assert (out.is_dir(), work.is_dir(), len(locked)) == (True, True, 2)


def _claim(root: Path) -> None:
    with Store(root).claim("corpus", "raw", KEY):
        pass


@pytest.mark.parametrize("damage", ["change", "remove"])
def test_damaged_file_is_reported(tmp_path: Path, damage: str) -> None:
    store = Store(tmp_path)
    path = _make(store) / "deep" / "file"
    path.write_text("other") if damage == "change" else path.unlink()
    found = store.find("corpus", KEY)
    assert found is not None
    with pytest.raises(CorruptArtifact, match="deep/file: corrupt: expected sha256 2cf24dba5fb0"):
        found.verify()


def test_damaged_manifest_is_reported(tmp_path: Path) -> None:
    store = Store(tmp_path)
    (_make(store) / "manifest.json").write_text("{")
    with pytest.raises(CorruptArtifact, match="not a manifest. Remove the folder"):
        store.find("corpus", KEY)
