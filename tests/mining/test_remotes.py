"""Repositories by URL, here from the local disk."""

import os
import shutil
import signal
import threading
import time
from pathlib import Path

import pytest

from crosstune.errors import DataError
from crosstune.files import temporary_path
from crosstune.mining import Fetched, expand_lists, fetch, load_profile
from crosstune.mining._one_repository import mine_repository
from crosstune.mining.repository._remotes import URL, without_password
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
def test_urls_are_distinguished_from_paths(name: str, remote: bool) -> None:
    assert bool(URL.fullmatch(name)) == remote


def test_clone_is_kept_and_updated(tmp_path: Path) -> None:
    repo = full(tmp_path / "full")
    url = f"file://{repo.path}"
    fetched = fetch([url], tmp_path / "cache")
    [clone] = fetched.paths
    assert (fetched.failed, fetched.stale) == ({}, {})
    mined = mine_repository(clone, PROFILE)
    assert [c.new for c in mined.commits] == [c.new for c in mine_repository(repo.path, PROFILE).commits]
    inode = clone.stat().st_ino
    repo.commit("Add the omega that all others need", {"qqomega.py": CODE + "omega = 1\n"})
    repo.git("branch", "-D", "side")
    assert fetch([url], tmp_path / "cache") == Fetched([clone], {}, {})
    assert clone.stat().st_ino == inode
    paths = [commit.path for commit in mine_repository(clone, PROFILE).commits]
    assert paths == [commit.path for commit in mine_repository(repo.path, PROFILE).commits]
    assert "qqomega.py" in paths
    assert [each.name for each in (tmp_path / "cache").iterdir()] == [clone.name]


def test_failed_fetch_does_not_stop_others(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "one")
    repo.commit("Add one file to the empty tree", {"qq.py": CODE})
    gone = f"file://user:secret@{tmp_path}/gone"
    names = [gone, str(repo.path), f"file://{repo.path}", "ext::sh -c date", "rsync://a.example.org/b"]
    fetched = fetch(names, tmp_path / "cache")
    paths, failed = fetched.paths, fetched.failed
    assert fetched.stale == {}
    assert paths[0] == repo.path
    assert len(paths) == 3  # what is not a URL counts as a path, which mining reports later
    assert set(failed) == {f"file://{tmp_path}/gone", "rsync://a.example.org/b"}
    assert "rsync is not supported" in failed["rsync://a.example.org/b"]
    assert not list((tmp_path / "cache").glob("*.part"))
    assert "secret" not in str(failed)
    assert without_password("https://a:b@c.example.org/d@e") == "https://c.example.org/d@e"


def test_clone_that_cannot_be_updated_is_used_as_it_was(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "one")
    repo.commit("Add one file to the empty tree", {"qq.py": CODE})
    url = f"file://{repo.path}"
    [clone] = fetch([url], tmp_path / "cache").paths
    repo.path.rename(tmp_path / "elsewhere")
    fetched = fetch([url], tmp_path / "cache")
    assert (fetched.paths, fetched.failed, list(fetched.stale)) == ([clone], {}, [url])
    assert "does not" in fetched.stale[url]
    assert len(mine_repository(clone, PROFILE).commits) == 1


def test_clone_that_was_killed_is_made_again(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "one")
    repo.commit("Add one file to the empty tree", {"qq.py": CODE})
    [clone] = fetch([f"file://{repo.path}"], tmp_path / "cache").paths
    left = temporary_path(clone)
    shutil.copytree(clone, left)
    shutil.rmtree(clone)
    (left / "HEAD").unlink()
    assert fetch([f"file://{repo.path}"], tmp_path / "cache") == Fetched([clone], {}, {})
    assert len(mine_repository(clone, PROFILE).commits) == 1
    assert not left.exists()


def test_file_lists_repositories(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    file = tmp_path / "lists" / "repos.txt"
    file.write_text("# ours\none\n\n  https://forge.example.org/ann/two  \n/three\none\n")
    assert expand_lists([f"@{file}", "four"]) == [
        str(tmp_path / "lists" / "one"),
        "https://forge.example.org/ann/two",
        "/three",
        "four",
    ]
    with pytest.raises(DataError, match=r"none\.txt: cannot be read as a list of repositories"):
        expand_lists([f"@{tmp_path}/none.txt"])


class _Stop(BaseException):
    pass


def test_a_stopped_fetch_starts_no_further_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its first git ends well in spite of the signal, so that the next command would follow."""
    programs, started, cache = tmp_path / "bin", tmp_path / "started", tmp_path / "cache"
    programs.mkdir()
    script = f'#!/bin/sh\nmkdir -p "$5"; trap "exit 0" TERM; echo "$1" >> {started}; sleep 99 & wait\n'
    (programs / "git").write_text(script)
    (programs / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)

    def stop() -> None:
        while not started.exists() or "init" not in started.read_text():
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGUSR1)

    def handle(*_: object) -> None:
        raise _Stop

    before = signal.signal(signal.SIGUSR1, handle)
    try:
        threading.Thread(target=stop).start()
        with pytest.raises(_Stop):
            fetch(["http://forge.example.org/a.git"], cache)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert started.read_text() == "init\n"
    assert list(cache.iterdir()) == []
