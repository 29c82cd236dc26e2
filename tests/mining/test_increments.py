"""Reading only what is new gives what reading all of it gives."""

import dataclasses
import shutil
from pathlib import Path

import pytest

from crosstune.mining import Mined, load_profile, mine_repository
from crosstune.mining._record import load
from tests.mining.oracle import oracle
from tests.mining.random_history import RandomHistory
from tests.mining.repositories import CODE, Repo, full

PROFILE = load_profile("commitpackft")


def again(path: Path, record: Path) -> Mined:
    return mine_repository(path, PROFILE, record=record)


def without_how(mined: Mined) -> Mined:
    return dataclasses.replace(mined, how="")


def anew(path: Path, record: Path) -> Mined:
    record.unlink(missing_ok=True)
    return again(path, record)


@pytest.mark.parametrize("seed", range(6))
def test_random_histories_that_only_grow(tmp_path: Path, seed: int) -> None:
    history = RandomHistory(tmp_path / "r", seed, rewrites=False)
    path, kept = history.repo.path, tmp_path / "kept"
    again(path, kept)
    how = []
    for _ in range(4):
        history.grow(12)
        found = again(path, kept)
        how.append(found.how)
        whole = anew(path, tmp_path / "fresh")
        assert without_how(found) == without_how(whole)
        assert kept.read_bytes() == (tmp_path / "fresh").read_bytes()
    assert "12 new commits" in how
    assert found.commits == oracle(path / ".git", "r", "mit")


@pytest.mark.parametrize("seed", range(6))
def test_random_histories_that_are_rewritten(tmp_path: Path, seed: int) -> None:
    history = RandomHistory(tmp_path / "r", seed, rewrites=True)
    path, kept = history.repo.path, tmp_path / "kept"
    again(path, kept)
    how = []
    for _ in range(6):
        history.grow(6)
        found = again(path, kept)
        how.append(found.how)
        assert without_how(found) == without_how(anew(path, tmp_path / "fresh"))
        assert kept.read_bytes() == (tmp_path / "fresh").read_bytes()
    assert any("its history was rewritten" in each for each in how)


def test_a_new_commit_of_an_earlier_date_takes_the_place_of_its_double(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "r")
    repo.commit("Add the beginning that all others need", {"qq.py": CODE})
    late = repo.commit("Add the alpha that all others need", {"qqalpha.py": CODE + "a = 1\n"})
    first = again(repo.path, tmp_path / "kept")
    assert late in [each.commit for each in first.commits]
    repo.git("checkout", "--quiet", "-b", "side", "HEAD~1")
    repo.clock -= 10_000
    early = repo.commit("Add the alpha that the side needs", {"other/qq5.py": CODE + "a = 1\n"})
    found = again(repo.path, tmp_path / "kept")
    assert found.how == "1 new commit"
    assert [each.commit for each in found.commits if each.new.endswith("a = 1\n")] == [early]
    assert found.funnel.dropped["duplicate: same contents"] == 1
    assert without_how(found) == without_how(anew(repo.path, tmp_path / "fresh"))


def test_commits_much_older_than_their_parents_are_not_read_twice(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "r")
    root = repo.commit("Add the beginning that all others need", {"qq.py": CODE})
    repo.clock -= 100_000
    for number in range(8):
        repo.commit(f"Add the thing with number {number} here", {"qq.py": f"{CODE}{number}\n"})
    repo.clock += 200_000
    head = repo.commit("Add the end that all others need", {"qq.py": CODE + "end = 1\n"})
    again(repo.path, tmp_path / "kept")
    repo.git("checkout", "--quiet", "-b", "side", root)
    side = repo.commit("Add the helper that the side needs", {"qq.py": CODE + "side = 1\n"})
    assert root in repo.git("rev-list", side, f"^{head}")  # which is git's mistake
    found = again(repo.path, tmp_path / "kept")
    assert found.how == "1 new commit"
    assert without_how(found) == without_how(anew(repo.path, tmp_path / "fresh"))


def test_what_no_increment_can_tell_is_mined_anew_and_says_why(tmp_path: Path) -> None:
    origin = full(tmp_path / "origin")
    path, kept = tmp_path / "clone", tmp_path / "kept"
    origin.git("clone", "--quiet", "--bare", "--depth=20", f"file://{origin.path}", str(path))
    first = again(path, kept)
    assert first.how == f"{first.funnel.commits} commits"
    assert again(path, kept).how == "nothing new"
    origin.git("--git-dir", str(path), "fetch", "--quiet", "--unshallow", str(origin.path))
    assert again(path, kept).how.endswith("commits, all anew: its depth changed")
    origin.git("--git-dir", str(path), "config", "remote.origin.url", "https://forge.example.org/ann/full")
    found = again(path, kept)
    assert found.how.endswith("all anew: it was clone before")
    assert {each.repository for each in found.commits} == {"forge.example.org/ann/full"}
    assert without_how(found) == without_how(anew(path, tmp_path / "fresh"))


def test_missing_objects_may_come_later(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "r")
    repo.commit("Add the alpha that all others need", {"qqalpha.py": CODE})
    blob = repo.git("rev-parse", "HEAD:qqalpha.py")
    file = repo.path / ".git" / "objects" / blob[:2] / blob[2:]
    shutil.move(file, tmp_path / "blob")
    found = again(repo.path, tmp_path / "kept")
    assert found.funnel.dropped == {"contents: missing or damaged": 1}
    shutil.move(tmp_path / "blob", file)
    found = again(repo.path, tmp_path / "kept")
    assert found.how == "1 commit, all anew: objects were missing before"
    assert found.funnel.dropped == {}


def test_old_commits_that_are_gone_altogether(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "r")
    repo.commit("Add the alpha that all others need", {"qqalpha.py": CODE})
    repo.commit("Add the beta that all others need", {"qqbeta.py": CODE + "b = 1\n"})
    again(repo.path, tmp_path / "kept")
    repo.git("reset", "--quiet", "--hard", "HEAD~1")
    repo.commit("Add the gamma that all others need", {"qqgamma.py": CODE + "c = 1\n"})
    repo.git("reflog", "expire", "--expire=now", "--all")
    repo.git("gc", "--quiet", "--prune=now")
    found = again(repo.path, tmp_path / "kept")
    assert "its history was rewritten" in found.how
    assert without_how(found) == without_how(anew(repo.path, tmp_path / "fresh"))


def test_a_record_of_other_rules_or_a_damaged_one_is_not_used(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "r")
    repo.commit("Add the alpha that all others need", {"qqalpha.py": CODE})
    kept = tmp_path / "kept"
    whole = again(repo.path, kept)
    assert load(kept, "other rules") is None
    good = kept.read_bytes()
    for cut in (0, 10, len(good) // 2, len(good) - 5):
        kept.write_bytes(good[:cut])
        assert again(repo.path, kept) == whole
        assert kept.read_bytes() == good
    lines = good.splitlines(keepends=True)
    kept.write_bytes(b"".join(lines[:-1]))  # without its sample
    assert again(repo.path, kept) == whole


def test_a_tokenizer_that_changed_is_another_rule(tmp_path: Path) -> None:
    tokenizers = pytest.importorskip("tokenizers")
    repo = Repo(tmp_path / "r")
    repo.commit("Add the alpha that all others need", {"qqalpha.py": CODE})
    file = tmp_path / "tokenizer.json"

    def mined(unknown: str) -> Mined:
        model = tokenizers.models.WordLevel({unknown: 0}, unk_token=unknown)
        tokenizers.Tokenizer(model).save(str(file))
        changes = {"contents": {"counter": {"tokenizer": str(file)}, "least_tokens": 1}}
        return mine_repository(repo.path, load_profile("commitpackft", changes), record=tmp_path / "kept")

    assert mined("[A]").how == mined("[B]").how == "1 commit"
    assert mined("[B]").how == "nothing new"
