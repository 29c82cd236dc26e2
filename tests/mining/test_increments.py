"""Reading only new commits gives the same as reading all."""

import dataclasses
import hashlib
import shutil
from pathlib import Path

import pytest

from crosstune.mining import MinedRepository, load_profile
from crosstune.mining._one_repository import mine_repository
from crosstune.mining._record import load
from tests.mining.oracle import oracle
from tests.mining.random_history import RandomHistory
from tests.mining.repositories import CODE, Repo, full

PROFILE = load_profile("commitpackft")


def mine(path: Path, record: Path) -> MinedRepository:
    return mine_repository(path, PROFILE, record=record)


def without_summary(mined: MinedRepository) -> MinedRepository:
    return dataclasses.replace(mined, summary="")


def mine_all(path: Path, record: Path) -> MinedRepository:
    record.unlink(missing_ok=True)
    return mine(path, record)


@pytest.mark.parametrize("seed", range(6))
def test_growing_random_history_gives_the_same(tmp_path: Path, seed: int) -> None:
    history = RandomHistory(tmp_path / "r", seed, rewrites=False)
    path, record = history.repo.path, tmp_path / "record"
    mine(path, record)
    summaries = []
    for _ in range(4):
        history.grow(12)
        mined = mine(path, record)
        summaries.append(mined.summary)
        whole = mine_all(path, tmp_path / "fresh")
        assert without_summary(mined) == without_summary(whole)
        assert record.read_bytes() == (tmp_path / "fresh").read_bytes()
    assert "12 new commits" in summaries
    assert mined.commits == oracle(path / ".git", "r", "mit")


@pytest.mark.parametrize("seed", range(6))
def test_rewritten_random_history_gives_the_same(tmp_path: Path, seed: int) -> None:
    history = RandomHistory(tmp_path / "r", seed, rewrites=True)
    path, record = history.repo.path, tmp_path / "record"
    mine(path, record)
    summaries = []
    for _ in range(6):
        history.grow(6)
        mined = mine(path, record)
        summaries.append(mined.summary)
        assert without_summary(mined) == without_summary(mine_all(path, tmp_path / "fresh"))
        assert record.read_bytes() == (tmp_path / "fresh").read_bytes()
    assert any("its history was rewritten" in each for each in summaries)


def test_new_commit_with_an_earlier_date_replaces_its_duplicate(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "r")
    repo.commit("Add the beginning that all others need", {"qq.py": CODE})
    late = repo.commit("Add the alpha that all others need", {"qqalpha.py": CODE + "a = 1\n"})
    first = mine(repo.path, tmp_path / "record")
    assert late in [each.commit for each in first.commits]
    repo.git("checkout", "--quiet", "-b", "side", "HEAD~1")
    repo.clock -= 10_000
    early = repo.commit("Add the alpha that the side needs", {"other/qq5.py": CODE + "a = 1\n"})
    mined = mine(repo.path, tmp_path / "record")
    assert mined.summary == "1 new commit"
    assert [each.commit for each in mined.commits if each.new.endswith("a = 1\n")] == [early]
    assert mined.funnel.dropped["duplicate: same contents"] == 1
    assert without_summary(mined) == without_summary(mine_all(repo.path, tmp_path / "fresh"))


def test_commits_much_older_than_their_parents_are_read_once(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "r")
    root = repo.commit("Add the beginning that all others need", {"qq.py": CODE})
    repo.clock -= 100_000
    for number in range(8):
        repo.commit(f"Add the thing with number {number} here", {"qq.py": f"{CODE}{number}\n"})
    repo.clock += 200_000
    head = repo.commit("Add the end that all others need", {"qq.py": CODE + "end = 1\n"})
    mine(repo.path, tmp_path / "record")
    repo.git("checkout", "--quiet", "-b", "side", root)
    side = repo.commit("Add the helper that the side needs", {"qq.py": CODE + "side = 1\n"})
    assert root in repo.git("rev-list", side, f"^{head}")  # git's mistake
    mined = mine(repo.path, tmp_path / "record")
    assert mined.summary == "1 new commit"
    assert without_summary(mined) == without_summary(mine_all(repo.path, tmp_path / "fresh"))


def test_summary_says_why_all_commits_are_read_again(tmp_path: Path) -> None:
    origin = full(tmp_path / "origin")
    path, record = tmp_path / "clone", tmp_path / "record"
    origin.git("clone", "--quiet", "--bare", "--depth=20", f"file://{origin.path}", str(path))
    first = mine(path, record)
    assert first.summary == f"{first.funnel.commits} commits"
    assert mine(path, record).summary == "nothing new"
    origin.git("--git-dir", str(path), "fetch", "--quiet", "--unshallow", str(origin.path))
    assert mine(path, record).summary.endswith("commits, all read again: its depth changed")
    origin.git("--git-dir", str(path), "config", "remote.origin.url", "https://forge.example.org/ann/full")
    mined = mine(path, record)
    assert mined.summary.endswith("all read again: its name was clone")
    assert {each.repository for each in mined.commits} == {"forge.example.org/ann/full"}
    assert without_summary(mined) == without_summary(mine_all(path, tmp_path / "fresh"))


def test_objects_that_were_missing_are_read_later(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "r")
    repo.commit("Add the alpha that all others need", {"qqalpha.py": CODE})
    blob = repo.git("rev-parse", "HEAD:qqalpha.py")
    file = repo.path / ".git" / "objects" / blob[:2] / blob[2:]
    shutil.move(file, tmp_path / "blob")
    mined = mine(repo.path, tmp_path / "record")
    assert mined.funnel.dropped == {"contents: missing or damaged": 1}
    shutil.move(tmp_path / "blob", file)
    mined = mine(repo.path, tmp_path / "record")
    assert mined.summary == "1 commit, all read again: objects were missing"
    assert mined.funnel.dropped == {}


def test_deleted_commits_count_as_a_rewritten_history(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "r")
    repo.commit("Add the alpha that all others need", {"qqalpha.py": CODE})
    repo.commit("Add the beta that all others need", {"qqbeta.py": CODE + "b = 1\n"})
    mine(repo.path, tmp_path / "record")
    repo.git("reset", "--quiet", "--hard", "HEAD~1")
    repo.commit("Add the gamma that all others need", {"qqgamma.py": CODE + "c = 1\n"})
    repo.git("reflog", "expire", "--expire=now", "--all")
    repo.git("gc", "--quiet", "--prune=now")
    mined = mine(repo.path, tmp_path / "record")
    assert "its history was rewritten" in mined.summary
    assert without_summary(mined) == without_summary(mine_all(repo.path, tmp_path / "fresh"))


def test_damaged_record_or_one_of_other_rules_is_not_used(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "r")
    repo.commit("Add the alpha that all others need", {"qqalpha.py": CODE})
    record = tmp_path / "record"
    whole = mine(repo.path, record)
    assert load(record, "other rules") is None
    good = record.read_bytes()
    for cut in (0, 10, len(good) // 2, len(good) - 5):
        record.write_bytes(good[:cut])
        assert mine(repo.path, record) == whole
        assert record.read_bytes() == good
    lines = good.splitlines(keepends=True)
    record.write_bytes(b"".join(lines[:-1]))  # without the commit that is kept
    assert mine(repo.path, record) == whole


def test_record_of_an_earlier_version_is_read_again_with_a_reason(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "r")
    repo.commit("Add the alpha that all others need", {"qqalpha.py": CODE})
    repo.commit("Add the bytes that nobody can read", {"qqbeta.py": b"\0" * 300})
    record = tmp_path / "record"
    mined = mine(repo.path, record)
    old = record.read_bytes()[:-64].replace(b"contents: binary", b"contents: no text")
    record.write_bytes(old + hashlib.sha256(old).hexdigest().encode())
    again = mine(repo.path, record)
    assert again.summary == "2 commits, all read again: an earlier version of crosstune mined it"
    assert without_summary(again) == without_summary(mined)
    assert mine(repo.path, record).summary == "nothing new"


def test_changed_tokenizer_changes_the_rules(tmp_path: Path) -> None:
    tokenizers = pytest.importorskip("tokenizers")
    repo = Repo(tmp_path / "r")
    repo.commit("Add the alpha that all others need", {"qqalpha.py": CODE})
    file = tmp_path / "tokenizer.json"

    def mine_with(unknown: str) -> MinedRepository:
        model = tokenizers.models.WordLevel({unknown: 0}, unk_token=unknown)
        tokenizers.Tokenizer(model).save(str(file))
        changes = {"contents": {"counter": {"tokenizer": str(file)}, "least_tokens": 1}}
        return mine_repository(repo.path, load_profile("commitpackft", changes), record=tmp_path / "record")

    assert mine_with("[A]").summary == mine_with("[B]").summary == "1 commit"
    assert mine_with("[B]").summary == "nothing new"
