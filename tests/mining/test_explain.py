"""Each reason that the funnel counts, for one commit that it counts so."""

from pathlib import Path

import pytest

from crosstune.errors import DataError
from crosstune.mining import explain, load_profile, mine_repository
from crosstune.mining._explain import KEPT
from tests.mining.repositories import Repo, full

PROFILE = load_profile("commitpackft")


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    return full(tmp_path_factory.mktemp("git") / "full")


def test_all_commits_together_are_the_funnel(repo: Repo) -> None:
    mined = mine_repository(repo.path, PROFILE)
    kept = {commit.commit for commit in mined.commits}
    counts: dict[str, int] = {}
    for commit in repo.git("rev-list", "--branches", "--tags").split():
        [found] = explain([repo.path], PROFILE, commit)
        assert found.commit == commit
        assert found.kept == (commit in kept) == (found.reason == KEPT)
        assert [step.drops for step in found.steps[:-1]] == [False] * (len(found.steps) - 1)
        if not found.kept:
            counts[found.reason] = counts.get(found.reason, 0) + 1
            assert found.steps[-1].drops
            assert found.steps[-1].rule == found.reason
    assert counts == mined.funnel.dropped


def test_values_and_thresholds_are_said(repo: Repo) -> None:
    commit = repo.git("log", "--format=%H", "--grep=^Fix it up", "main")
    [found] = explain([repo.path], PROFILE, commit[:10])
    last = found.steps[-1]
    assert (found.subject, last.rule) == ("Fix it up", "subject: length")
    assert last.value == "9 characters, 3 words: Fix it up"
    assert "subject.more_words_than = 4" in last.thresholds
    copied = repo.git("log", "--format=%H", "--grep=^Add a copy", "main")
    [found] = explain([repo.path], PROFILE, copied)
    assert "qq13.py" in found.steps[-1].value
    refused = load_profile("commitpackft", {"licence": {"allowed": ["isc"]}})
    kept = repo.git("log", "--format=%H", "--grep=^Drop what nobody", "main")
    [found] = explain([repo.path], refused, kept)
    assert (found.reason, found.steps[-1].value) == ("licence not allowed", "mit")


def test_a_commit_that_is_nowhere_is_said(repo: Repo, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no commit abcdef12 in any .*no such folder"):
        explain([repo.path, tmp_path / "none"], PROFILE, "abcdef12")
