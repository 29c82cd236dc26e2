"""Mining compared with the oracle on every kind of repository."""

import dataclasses
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crosstune.mining import MinedRepository, load_profile
from crosstune.mining._one_repository import mine_repository
from crosstune.records import Commit
from tests.mining.oracle import git_output, oracle
from tests.mining.repositories import CODE, MIT, Repo, full


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """One commit of each kind; tests must not change it."""
    return full(tmp_path_factory.mktemp("git") / "full")


@pytest.fixture(scope="module")
def expected(repo: Repo) -> list[Commit]:
    return oracle(repo.path / ".git", "full", "mit")


def mine(path: Path, **changes: Any) -> MinedRepository:
    return mine_repository(path, load_profile("commitpackft", changes))


def clone(repo: Repo, to: Path, *options: str) -> Path:
    repo.git("clone", "--quiet", *options, f"file://{repo.path}", str(to))
    return to


def copy(repo: Repo, to: Path) -> Path:
    shutil.copytree(repo.path, to, symlinks=True)
    return to


def test_mining_keeps_what_the_oracle_keeps(repo: Repo, expected: list[Commit]) -> None:
    mined = mine(repo.path)
    assert mined.commits == expected
    assert len(expected) == 21
    subjects = [commit.subject for commit in expected]
    assert "Return early for a square of nothing" in subjects
    assert "Drop what nobody ever calls here" in subjects
    assert [c.old for c in expected if c.subject == "Add a first version of the area"] == [""]
    [ends] = [c for c in expected if c.path == "qq12.py"]
    assert "\r\n" in ends.new
    assert {c.language for c in expected} == {"python", "text", "cpp"}


@pytest.mark.slow
def test_mining_keeps_what_the_oracle_keeps_of_a_real_clone(tmp_path: Path) -> None:
    """All but licences; three minutes for 12,000 commits."""
    if "CROSSTUNE_CLONE" not in os.environ:
        pytest.skip("CROSSTUNE_CLONE is not set")
    origin, bare = Path(os.environ["CROSSTUNE_CLONE"]).resolve(), tmp_path / "clone.git"
    command = ["git", "clone", "--quiet", "--bare", f"file://{origin}", str(bare)]
    subprocess.run(command, check=True, capture_output=True)
    mined = mine(bare)
    expected = oracle(bare, "clone", "")
    assert [dataclasses.replace(commit, licence="") for commit in mined.commits] == expected
    assert mined.funnel.commits > len(expected) > 0


def test_funnel_counts_every_commit_under_one_reason(repo: Repo) -> None:
    funnel = mine(repo.path).funnel
    assert funnel.commits == int(repo.git("rev-list", "--count", "--branches", "--tags"))
    assert funnel.dropped == {
        "merge commit": 1,
        "subject: no capital": 3,
        "message is not UTF-8": 1,
        "subject: no verb": 6,
        "subject: #": 1,
        "subject: length": 2,
        "subject: a commit's hash": 1,
        "subject: thinned": 34,
        "subject: talk, issue or link": 5,
        "changes no file": 1,
        "rename": 1,
        "several files": 1,
        "submodule": 2,
        "symbolic link": 1,
        "deletion": 1,
        "file: language not known": 2,
        "file: ending not typical": 2,
        "file: named in the subject": 1,
        "duplicate: same path and contents": 1,
        "duplicate: same contents": 1,
        "contents: too large": 2,
        "contents: new empty": 1,
        "contents: token window": 2,
        "contents: binary": 1,
        "contents: not UTF-8": 1,
        "contents: unchanged": 1,
    }
    assert funnel.rows()[-1][2] == funnel.kept == 21
    assert funnel.additions == 9


def test_bare_mirrored_and_linked_repositories_give_the_same_commits(
    repo: Repo, expected: list[Commit], tmp_path: Path
) -> None:
    def contents(commits: list[Commit]) -> list[tuple[str, str, str]]:
        return [(commit.commit, commit.subject, commit.new) for commit in commits]

    mirror = clone(repo, tmp_path / "mirror.git", "--mirror")
    assert contents(mine(mirror).commits) == contents(expected)
    assert mine(mirror).repository == "mirror"
    bare = clone(repo, tmp_path / "bare.git", "--bare")
    (tmp_path / "bare.git" / "config").unlink()
    assert contents(mine(bare).commits) == contents(expected)
    subprocess.run(
        ["git", f"--git-dir={mirror}", "worktree", "add", "-q", str(tmp_path / "tree"), "main"], check=True
    )
    assert contents(mine(tmp_path / "tree").commits) == contents(expected)


def test_repository_is_named_after_its_remote(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "r")
    repo.commit("Add one file to the empty tree", {"qq.py": CODE})
    for url, name in {
        "https://user:secret@forge.example.org/ann/shapes.git": "forge.example.org/ann/shapes",
        "git@forge.example.org:ann/shapes.git": "forge.example.org/ann/shapes",
        "ssh://git@forge.example.org:2222/ann/shapes": "forge.example.org/ann/shapes",
        str(tmp_path / "elsewhere"): "r",
    }.items():
        repo.git("config", "remote.origin.url", url)
        assert [commit.repository for commit in mine(repo.path).commits] == [name]
    assert mine(repo.path / ".git").repository == "r"


def test_shallow_clone_gives_the_commits_it_has(repo: Repo, tmp_path: Path) -> None:
    path = clone(repo, tmp_path / "shallow", "--depth=30", "--no-single-branch")
    mined = mine(path)
    assert mined.funnel.dropped["cut off by a shallow clone"] >= 1
    assert mined.commits == oracle(path / ".git", "shallow", "mit")
    assert 0 < len(mined.commits) < 21


def test_partial_clone_is_read_without_fetching(repo: Repo, tmp_path: Path) -> None:
    repo.git("config", "uploadpack.allowFilter", "true")
    path = clone(repo, tmp_path / "partial", "--filter=blob:none", "--no-checkout")
    mined = mine(path)
    assert [commit.path for commit in mined.commits] == ["tagged.py"]  # a tag names its blob
    assert mined.funnel.dropped["contents: missing or damaged"] > 20
    assert mined.funnel.commits == 97


def test_sha256_repository_is_read(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "r", "--object-format=sha256")
    repo.commit("Add one file to the empty tree", {"qq.py": CODE})
    [commit] = mine(repo.path).commits
    assert len(commit.commit) == len(commit.new_blob) == 64
    assert [commit] == oracle(repo.path / ".git", "r", "unknown")


def test_hostile_repository_starts_no_program(repo: Repo, expected: list[Commit], tmp_path: Path) -> None:
    path, mark = copy(repo, tmp_path / "full"), tmp_path / "started"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {mark}\n")
    program.chmod(0o755)
    hostile = "\n".join(
        [
            f"[core]\n fsmonitor = {program}\n pager = {program}\n editor = {program}",
            f" sshCommand = {program}",
            f" hooksPath = {tmp_path}\n alternateRefsCommand = {program}\n gitProxy = {program}",
            f"[diff]\n external = {program}\n renames = copies\n orderFile = /nowhere",
            f'[diff "x"]\n textconv = {program}\n command = {program}',
            f'[filter "x"]\n smudge = {program}\n clean = {program}\n process = {program}',
            f"[gpg]\n program = {program}\n[log]\n showSignature = true\n follow = true\n date = relative",
            f"[include]\n path = {tmp_path / 'more'}\n[i18n]\n logOutputEncoding = UTF-16",
            f'[alias]\n log = !{program}\n[credential]\n helper = !{program}\n[remote "o"]\n promisor = true',
        ]
    )
    with (path / ".git" / "config").open("a") as config:
        config.write(hostile + "\n")
    (tmp_path / "more").write_text(f"[core]\n fsmonitor = {program}\n")
    (path / ".git" / "hooks").mkdir(exist_ok=True)
    for hook in ("post-checkout", "reference-transaction", "pre-commit", "post-index-change"):
        shutil.copy(program, path / ".git" / "hooks" / hook)
    (path / ".gitattributes").write_text("* diff=x filter=x\n")
    repo_head, other = repo.git("rev-parse", "HEAD"), repo.git("rev-parse", "HEAD~5")
    (path / ".git" / "refs" / "replace").mkdir(parents=True)
    (path / ".git" / "refs" / "replace" / repo_head).write_text(other + "\n")
    assert mine(path).commits == expected
    assert not mark.exists()


def test_repository_of_another_user_is_read(repo: Repo, expected: list[Commit], tmp_path: Path) -> None:
    path = copy(repo, tmp_path / "full")
    try:
        for each in [path, *path.rglob("*")]:
            os.chown(each, 65534, 65534, follow_symlinks=False)
    except PermissionError:
        pytest.skip("only root can change the owner of files")
    assert mine(path).commits == expected


def object_file(path: Path, *arguments: str) -> Path:
    """The writable file of a loose object in the repository at ``path``."""
    name = subprocess.run(
        ["git", "-C", str(path), "rev-parse", *arguments], capture_output=True, text=True, check=True
    ).stdout.strip()
    file = path / ".git" / "objects" / name[:2] / name[2:]
    file.chmod(0o644)
    return file


def no_commit(path: Path) -> None:
    object_file(path, "HEAD~10").write_bytes(b"garbage")


def no_head(path: Path) -> None:
    (path / ".git" / "HEAD").write_text("nonsense")


def no_objects(path: Path) -> None:
    shutil.rmtree(path / ".git" / "objects")


def test_damaged_tree_drops_only_its_commits(repo: Repo, expected: list[Commit], tmp_path: Path) -> None:
    path = copy(repo, tmp_path / "full")
    lost = repo.git("log", "-1", "--format=%H", "main", "--", "qq10.cpp")
    object_file(path, f"{lost}^{{tree}}").unlink()
    mined = mine(path)
    gone = {lost, *children(repo, lost)}  # the commit after it cannot be compared either
    assert mined.commits == [commit for commit in expected if commit.commit not in gone]
    assert mined.funnel.dropped["tree missing or damaged"] >= 1


def children(repo: Repo, commit: str) -> set[str]:
    lines = repo.git("rev-list", "--all", "--children").splitlines()
    return {child for line in lines if line.startswith(commit) for child in line.split()[1:]}


@pytest.mark.parametrize("damage", [no_commit, no_head, no_objects])
def test_damaged_history_is_reported_and_gives_no_commits(
    repo: Repo, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    path = copy(repo, tmp_path / "full")
    damage(path)
    mined = mine(path)
    assert mined.commits == []
    assert list(mined.funnel.unreadable) == [str(path)]
    assert mined.funnel.commits == mined.funnel.kept == 0


def test_damaged_and_missing_blobs_drop_only_their_commits(
    repo: Repo, expected: list[Commit], tmp_path: Path
) -> None:
    path = copy(repo, tmp_path / "full")
    object_file(path, "HEAD:qq10.cpp").write_bytes(b"garbage")
    object_file(path, "HEAD:old/qq18.txt").unlink()
    whole = object_file(path, "HEAD:qq12.py")
    whole.write_bytes(whole.read_bytes()[:-30])
    mined = mine(path)
    lost = {"qq10.cpp", "old/qq18.txt", "qq12.py"}
    assert mined.commits == [commit for commit in expected if commit.path not in lost]
    assert mined.funnel.dropped["contents: missing or damaged"] == 3


def test_folder_that_is_not_a_repository_is_reported(tmp_path: Path) -> None:
    Repo(tmp_path / "empty")
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "pointer").mkdir()
    (tmp_path / "pointer" / ".git").write_text("gitdir: /nowhere/at/all\n")
    for name, why in {
        "empty": "it has no commits",
        "folder": "not a git repository",
        "file": "no such folder",
        "nothing": "no such folder",
        "pointer": "not a git repository: '/nowhere/at/all'",
    }.items():
        assert mine(tmp_path / name).funnel.unreadable == {str(tmp_path / name): why}


def test_unborn_head_does_not_hide_the_branches(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "r")
    repo.commit("Add one file to the empty tree", {"qq.py": CODE})
    (repo.path / ".git" / "HEAD").write_text("ref: refs/heads/nowhere\n")
    assert len(mine(repo.path).commits) == 1


def test_licences_are_recorded_and_can_be_restricted(repo: Repo, tmp_path: Path) -> None:
    other = Repo(tmp_path / "r")
    other.commit("Add one file to the empty tree", {"qq.py": CODE})
    assert mine(other.path).commits[0].licence == "unknown"
    refused = mine(repo.path, licence={"allowed": ["isc", "apache-2.0"]})
    assert refused.commits == []
    assert refused.funnel.dropped == mine(repo.path).funnel.dropped | {"licence not allowed": 21}
    assert len(mine(repo.path, licence={"allowed": ["mit"]}).commits) == 21
    other.commit("Say twice what may be done here", {"LICENSE-MIT": MIT, "COPYING": "All rights reserved."})
    other.commit("Add another file to the licensed tree", {"zz.py": CODE + "z = 1\n"})
    assert [commit.licence for commit in mine(other.path).commits] == ["unknown", "mit"]
    allowed = mine(other.path, licence={"allowed": ["mit"]}).commits
    assert [commit.path for commit in allowed] == ["zz.py"]


NO_SUBJECT_RULES: dict[str, Any] = {
    "capital": False, "verbs": None, "thinned": [], "no_hash_sign": False, "nowhere_then": [],
    "more_words_than": 0, "more_characters_than": 0, "fewer_characters_than": 10**6, "least_words_then": 0,
    "nowhere": [], "not_containing": [], "not_matching": [], "not_exactly": [],
}  # fmt: skip


def commits_of(repo: Repo) -> list[str]:
    return git_output(repo.path / ".git", "rev-list", "--branches", "--tags", "--no-merges").decode().split()


def test_rules_can_be_changed(repo: Repo) -> None:
    def adds_one_file(commit: str) -> bool:
        shown = git_output(repo.path / ".git", "diff-tree", "--root", "-r", "--no-commit-id", commit).decode()
        return shown.startswith(":000000 100") and shown.count("\n") == 1

    changed = mine(repo.path, additions=False).funnel
    all_messages = mine(repo.path, additions=False, message={}, subject=NO_SUBJECT_RULES).funnel
    additions = sum(map(adds_one_file, commits_of(repo)))
    assert all_messages.dropped["addition"] == additions - 1  # one message is not UTF-8
    assert changed.dropped["addition"] < all_messages.dropped["addition"]
    assert changed.additions == 0
    all_kept = mine(repo.path, subject={"thinned_keep": 1.0}).funnel
    assert "subject: thinned" not in all_kept.dropped
    none_kept = mine(repo.path, subject={"thinned_keep": 0.0}).funnel
    assert none_kept.dropped["subject: thinned"] == 40
    other = mine(repo.path, subject={"thinned_seed": 1})
    bumps = {c.commit for c in other.commits if c.subject.startswith("Bump")}
    assert 0 < len(bumps) < 40
    assert bumps != {c.commit for c in mine(repo.path).commits if c.subject.startswith("Bump")}


def test_tokenizer_counts_if_the_profile_names_one(repo: Repo, tmp_path: Path) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers

    words = Tokenizer(models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    words.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    words.save(str(tmp_path / "tokenizer.json"))
    window = {"least_tokens": 10, "most_tokens": 30, "counter": {"tokenizer": str(tmp_path)}}
    mined = mine(repo.path, contents=window)
    assert mined.funnel.tokens == f"counted by the tokenizer {tmp_path}"
    assert mined.commits
    assert all(10 <= len(c.old.split()) + len(c.new.split()) + 1 <= 30 for c in mined.commits)
    assert mined.funnel.dropped["contents: token window"] > 0
