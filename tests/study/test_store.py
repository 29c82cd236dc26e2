from __future__ import annotations

import json
import multiprocessing
from pathlib import Path

import pytest

from crosstune.errors import CorruptArtifact, Incomplete
from crosstune.study import Store
from crosstune.study._store import tree_digest, write_json

KEY = "ab" * 32
FACTS = {"version": 1, "settings": {}, "inputs": {}, "metrics": {}, "seconds": 1.0}


def _make(store: Store, text: str = "hello") -> Path:
    with store.claim("corpus", "corpus/raw", KEY) as (out, _):
        (out / "deep").mkdir()
        (out / "deep" / "file").write_text(text)
        return store.commit("corpus", "corpus/raw", KEY, FACTS).folder


def test_a_step_stands_under_a_readable_name(tmp_path: Path) -> None:
    folder = _make(Store(tmp_path))
    assert folder == tmp_path / "corpus" / f"corpus-raw-{KEY[:12]}"
    assert not (tmp_path / ".partial" / f"corpus-{KEY[:12]}").exists()


def test_what_is_not_committed_is_not_there_but_its_work_is(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with store.claim("corpus", "raw", KEY) as (out, work):
        (out / "half").touch()
        (work / "journal").touch()
    assert store.find("corpus", KEY) is None
    with store.claim("corpus", "raw", KEY) as (out, work):
        assert not list(out.iterdir())
        assert (work / "journal").exists()


def test_two_processes_do_not_do_the_same_step(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with store.claim("corpus", "raw", KEY):
        context = multiprocessing.get_context("spawn")
        with context.Pool(1) as pool, pytest.raises(Incomplete, match="another process is at this step"):
            pool.apply(_claim, (tmp_path,))


def _claim(root: Path) -> None:
    with Store(root).claim("corpus", "raw", KEY):
        pass


@pytest.mark.parametrize("damage", ["change", "remove"])
def test_damage_is_found(tmp_path: Path, damage: str) -> None:
    store = Store(tmp_path)
    path = _make(store) / "deep" / "file"
    path.write_text("other") if damage == "change" else path.unlink()
    found = store.find("corpus", KEY)
    assert found is not None
    with pytest.raises(CorruptArtifact, match="deep/file: corrupt: expected sha256 2cf24dba5fb0"):
        found.verify()


def test_a_damaged_manifest_is_an_error(tmp_path: Path) -> None:
    store = Store(tmp_path)
    (_make(store) / "manifest.json").write_text("{")
    with pytest.raises(CorruptArtifact, match="not a manifest. Remove the folder"):
        store.find("corpus", KEY)


def test_a_folders_digest_is_of_names_and_contents(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x").write_text("1")
    assert tree_digest(tmp_path / "a") == tree_digest(tmp_path / "b")
    (tmp_path / "b" / "x").rename(tmp_path / "b" / "y")
    assert tree_digest(tmp_path / "a") != tree_digest(tmp_path / "b")
    with pytest.raises(FileNotFoundError):
        tree_digest(tmp_path / "c")


def test_json_is_replaced_whole(tmp_path: Path) -> None:
    write_json(tmp_path / "x.json", {"a": 1})
    write_json(tmp_path / "x.json", {"a": 2})
    assert json.loads((tmp_path / "x.json").read_text()) == {"a": 2}
    assert [path.name for path in tmp_path.iterdir()] == ["x.json"]
