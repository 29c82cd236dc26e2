"""One corpus is made of shards without holding their commits in memory."""

from __future__ import annotations

import gzip
import resource
import tracemalloc
from pathlib import Path

import pytest

from crosstune.corpus import _mine_shard, _store
from crosstune.corpus._mine_shard import MINED, merge_mined
from crosstune.errors import CorruptArtifact, Incomplete
from crosstune.mining import Funnel, MinedName, MinedRepository, join_named, load_profile
from crosstune.records import Commit

PROFILE = load_profile("commitpackft")


def commit(repository: str, text: str) -> Commit:
    return Commit(
        commit=f"{hash(text) & (1 << 63):040x}",
        repository=repository,
        time=0,
        message="Do it",
        subject="Do it",
        body="",
        path="a.py",
        language="python",
        licence="mit",
        old="",
        new=text,
        old_blob="",
        new_blob="",
    )


def entry(name: str, *texts: str) -> MinedName:
    commits = [commit(name, text) for text in texts]
    funnel = Funnel("commitpackft", "", repositories=1, commits=len(texts))
    return MinedName(name, MinedRepository(name, commits, funnel, state=name))


def shards(folder: Path, *entries: list[MinedName]) -> list[Path]:
    folders = [folder / f"shard-{number}" for number in range(len(entries))]
    for each, own in zip(folders, entries, strict=True):
        each.mkdir(parents=True)
        _mine_shard._write(each / MINED, PROFILE, iter(own))
    return folders


def test_shards_of_different_lengths_are_read_in_turns(tmp_path: Path) -> None:
    first = [entry("o/a", "1", "2"), entry("o/c"), entry("o/e", "3", "1")]
    second = [entry("o/b", "2", "4")]
    mining = merge_mined(shards(tmp_path, first, second), tmp_path / "out")
    rows = [(each.completion, each.provenance["repository"]) for each in _store.read(tmp_path / "out")]
    assert rows == [("1", "o/a, o/e"), ("2", "o/a, o/b"), ("4", "o/b"), ("3", "o/e")]
    in_memory = join_named([first[0], second[0], *first[1:]], PROFILE)
    assert mining.funnel == in_memory.funnel
    assert (mining.funnel.kept, mining.funnel.additions, mining.licences) == (4, 4, {"mit": 4})


def test_more_commits_take_no_more_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_store, "GROUP_ROWS", 10)

    def peak(name: str, repositories: int) -> int:
        texts = [f"{name} {number} " * 5_000 for number in range(repositories)]
        folders = shards(tmp_path / name, [entry(f"o/{text[:9]}", text) for text in texts])
        del texts
        tracemalloc.start()
        try:
            merge_mined(folders, tmp_path / name / "out")
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak("first", 1)  # imports what is needed
    few, many = peak("few", 40), peak("many", 400)
    assert many < 2 * few


@pytest.mark.parametrize("kept", [10, -20])
def test_damaged_shard_is_named(tmp_path: Path, kept: int) -> None:
    folders = shards(tmp_path, [entry("o/a", "1")], [entry("o/b", "2")])
    whole = (folders[1] / MINED).read_bytes()
    (folders[1] / MINED).write_bytes(whole[:kept])
    with pytest.raises(CorruptArtifact, match=r"shard-1/mined.jsonl.gz: damaged \(.*run its shard again"):
        merge_mined(folders, tmp_path / "out")
    with gzip.open(folders[1] / MINED, "wb") as file:
        file.write(b'{"name": "commitpackft"}\n{}\n')
    with pytest.raises(CorruptArtifact, match="shard-1"):
        merge_mined(folders, tmp_path / "out")


def test_more_shards_than_open_files_are_usually_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    limits: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1024, 4096))
    monkeypatch.setattr(resource, "setrlimit", lambda _, new: limits.append(new))
    _mine_shard._allow_open_files(100)
    _mine_shard._allow_open_files(2000)
    assert limits == [(2512, 4096)]
    with pytest.raises(Incomplete, match="4000 shards need 4512 open files, and 4096 are allowed"):
        _mine_shard._allow_open_files(4000)
