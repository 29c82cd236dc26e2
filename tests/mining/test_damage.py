"""Histories with unusual times, pointers instead of contents, and clones that lack a part."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crosstune.mining import load_profile, to_examples
from crosstune.mining._one_repository import MinedRepository, mine_repository
from crosstune.mining.repository._log import _seconds
from crosstune.mining.rules._contents import POINTER, decode
from tests.mining.repositories import CODE, Repo

PROFILE = load_profile("commitpackft")
OLD = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12345\n"


def dated(repo: Repo, time: str, path: str) -> None:
    """Commit with any text as time, which `git commit` would refuse."""
    repo.write(path, CODE)
    repo.git("add", "--all")
    tree = repo.git("write-tree")
    head = repo.git("rev-parse", "HEAD")
    who = f"A <a@example.org>{time}"
    text = f"tree {tree}\nparent {head}\nauthor {who}\ncommitter {who}\n\nAdd one file to the small tree\n"
    made = repo.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", text=text.encode())
    repo.git("reset", "--quiet", "--soft", made)


@pytest.mark.parametrize(
    ("time", "shown"),
    [
        (" 253402300799 +0000", "9999-12-31T23:59:59+00:00"),
        (" 253402300800 +0000", "@253402300800"),
        (" 99999999999999 +0000", "@99999999999999"),
        ("", "1970-01-01T00:00:00+00:00"),
        (" x +0000", "1970-01-01T00:00:00+00:00"),
        (" 0 +0000", "1970-01-01T00:00:00+00:00"),
    ],
)
def test_any_time_is_written(tmp_path: Path, time: str, shown: str) -> None:
    repo = Repo(tmp_path / "r")
    repo.commit("Begin", {"a": "b"})
    dated(repo, time, "qq.py")
    [example] = to_examples(mine_repository(repo.path, PROFILE).commits, PROFILE)
    assert example.provenance["time"] == shown


def test_times_before_1970_and_no_times() -> None:
    assert [_seconds(each) for each in (b"-100", b"18446744073709551516", b"", b"?")] == [-100, -100, 0, 0]


@pytest.mark.parametrize(
    "data",
    [
        OLD,
        OLD.replace(b"git-lfs", b"hawser"),
        b"../../.git/annex/objects/Wx/3p/SHA256E-s12--0.bin/SHA256E-s12--0.bin",
        b"/annex/objects/SHA256E-s12345--0.bin\n",
    ],
)
def test_pointers_are_recognised(data: bytes) -> None:
    assert decode(data) == ("", POINTER)


def test_pointers_are_quarantined(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "r")
    repo.commit("Begin", {"a": "b"})
    repo.commit("Add one file to the small tree", {"qq.py": OLD + b"#" * 300})
    repo.commit("Add one more to the small tree", {"zz.py": CODE})
    mined = mine_repository(repo.path, PROFILE)
    assert [each.reason for each in mined.quarantined] == [POINTER]
    assert [each.path for each in mined.commits] == ["zz.py"]


def test_a_byte_order_mark_is_not_part_of_the_code(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "r")
    repo.commit("Begin", {"a": "b"})
    repo.commit("Add one file to the small tree", {"qq.py": "\ufeff" + CODE})
    [commit] = mine_repository(repo.path, PROFILE).commits
    assert commit.new == CODE


@pytest.fixture
def origin(tmp_path: Path) -> Repo:
    repo = Repo(tmp_path / "origin")
    repo.git("config", "uploadpack.allowFilter", "true")
    repo.commit("Begin", {"a": "b"})
    repo.commit("Add one file to the small tree", {"qq.py": CODE})
    repo.commit("Add one more to the small tree", {"zz.py": CODE + "1\n"})
    return repo


def cloned(origin: Repo, *options: str) -> MinedRepository:
    path = origin.path.with_name("clone")
    origin.git("clone", "--quiet", "--bare", *options, f"file://{origin.path}", str(path))
    return mine_repository(path, PROFILE)


@pytest.mark.parametrize("filtered", ["blob:none", "blob:limit=100", "tree:0"])
def test_a_partial_clone_is_named_as_one(origin: Repo, filtered: str) -> None:
    funnel = cloned(origin, f"--filter={filtered}").funnel
    [why] = {**funnel.incomplete, **funnel.unreadable}.values()
    assert "a partial clone (made with --filter), which lacks contents; get them: git fetch --refetch" in why


def test_a_shallow_clone_is_named_as_one(origin: Repo) -> None:
    mined = cloned(origin, "--depth=2")
    [why] = mined.funnel.incomplete.values()
    assert why == "a shallow clone, which lacks earlier commits; get them: git fetch --unshallow"
    assert json.dumps(mined.funnel.incomplete)


def test_a_whole_clone_is_complete(origin: Repo) -> None:
    assert cloned(origin).funnel.incomplete == {}
