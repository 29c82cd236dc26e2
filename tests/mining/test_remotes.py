"""Repositories by URL, from this machine's disk."""

import os
import shutil
from pathlib import Path

import pytest

from crosstune.errors import DataError
from crosstune.mining import Fetched, fetched, listed, load_profile, mine_repository
from crosstune.mining.repository._remotes import URL, _without_secret
from tests.mining.repositories import CODE, Repo, full

PROFILE = load_profile("commitpackft")


@pytest.mark.parametrize(
    ("name", "remote"),
    [
        ("https://forge.example.org/ann/shapes", True),
        ("ssh://git@forge.example.org:2222/ann/shapes.git", True),
        ("git@forge.example.org:ann/shapes.git", True),
        ("forge.example.org:ann/shapes", True),
        ("file:///home/ann/shapes", True),
        ("shapes", False),
        ("../shapes.git", False),
        ("/home/ann/a:b", False),
        ("C:\\shapes", False),
    ],
)
def test_what_is_a_url(name: str, remote: bool) -> None:
    assert bool(URL.fullmatch(name)) == remote


def test_a_clone_is_kept_and_brought_up_to_date(tmp_path: Path) -> None:
    repo = full(tmp_path / "full")
    url = f"file://{repo.path}"
    found = fetched([url], tmp_path / "cache")
    [place] = found.paths
    assert (found.failed, found.stale) == ({}, {})
    mined = mine_repository(place, PROFILE)
    assert [c.new for c in mined.commits] == [c.new for c in mine_repository(repo.path, PROFILE).commits]
    stamp = place.stat().st_ino
    repo.commit("Add the omega that all others need", {"qqomega.py": CODE + "omega = 1\n"})
    repo.git("branch", "-D", "side")
    assert fetched([url], tmp_path / "cache") == Fetched([place], {}, {})
    assert place.stat().st_ino == stamp
    paths = [commit.path for commit in mine_repository(place, PROFILE).commits]
    assert paths == [commit.path for commit in mine_repository(repo.path, PROFILE).commits]
    assert "qqomega.py" in paths
    assert [each.name for each in (tmp_path / "cache").iterdir()] == [place.name]


def test_one_that_fails_stops_no_other(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "one")
    repo.commit("Add one file to the empty tree", {"qq.py": CODE})
    gone = f"file://user:secret@{tmp_path}/gone"
    names = [gone, str(repo.path), f"file://{repo.path}", "ext::sh -c date", "rsync://a.example.org/b"]
    found = fetched(names, tmp_path / "cache")
    paths, failed = found.paths, found.failed
    assert found.stale == {}
    assert paths[0] == repo.path
    assert len(paths) == 3  # what is no URL is a path, and said to be none later
    assert set(failed) == {f"file://{tmp_path}/gone", "rsync://a.example.org/b"}
    assert "not fetched by rsync" in failed["rsync://a.example.org/b"]
    assert not list((tmp_path / "cache").glob("*.part"))
    assert "secret" not in str(failed)
    assert _without_secret("https://a:b@c.example.org/d@e") == "https://c.example.org/d@e"


def test_a_clone_that_cannot_be_brought_up_to_date_is_used_as_it_was(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "one")
    repo.commit("Add one file to the empty tree", {"qq.py": CODE})
    url = f"file://{repo.path}"
    [place] = fetched([url], tmp_path / "cache").paths
    repo.path.rename(tmp_path / "elsewhere")
    found = fetched([url], tmp_path / "cache")
    assert (found.paths, found.failed, list(found.stale)) == ([place], {}, [url])
    assert "does not" in found.stale[url]
    assert len(mine_repository(place, PROFILE).commits) == 1


def test_a_clone_that_was_killed_is_made_again(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "one")
    repo.commit("Add one file to the empty tree", {"qq.py": CODE})
    [place] = fetched([f"file://{repo.path}"], tmp_path / "cache").paths
    left = place.with_suffix(f".{os.getpid()}.part")
    shutil.copytree(place, left)
    shutil.rmtree(place)
    (left / "HEAD").unlink()
    assert fetched([f"file://{repo.path}"], tmp_path / "cache") == Fetched([place], {}, {})
    assert len(mine_repository(place, PROFILE).commits) == 1
    assert not left.exists()


def test_a_file_lists_repositories(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    file = tmp_path / "lists" / "repos.txt"
    file.write_text("# ours\none\n\n  https://forge.example.org/ann/two  \n/three\none\n")
    assert listed([f"@{file}", "four"]) == [
        str(tmp_path / "lists" / "one"),
        "https://forge.example.org/ann/two",
        "/three",
        "four",
    ]
    with pytest.raises(DataError, match=r"none\.txt: cannot be read as a list of repositories"):
        listed([f"@{tmp_path}/none.txt"])
