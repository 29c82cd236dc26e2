"""Explanations agree with mining on every commit."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from crosstune.errors import DataError
from crosstune.mining import Profile, explain, load_profile
from crosstune.mining._explain import KEPT
from crosstune.mining._one_repository import mine_repository
from crosstune.mining.repository._git import open_repository
from crosstune.mining.repository._log import log_entries
from crosstune.mining.stages._contents import read_contents
from crosstune.mining.stages._duplicates import drop_duplicates
from crosstune.mining.stages._files import compare_files
from crosstune.mining.stages._messages import entry_judge
from tests.mining.random_history import SUBJECTS, RandomHistory
from tests.mining.repositories import Repo, full

PROFILE = load_profile("commitpackft")
VARIED = (
    *SUBJECTS,
    "[core] Return early for a square of nothing",
    "Update qq1.py",
    "Remove the wip marker from number {} here",
    "Use what qq2 has in number {} too",
    "Merge branch of number {} into this",
    "Größe {} überall ändern im ganzen Baum",
)


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    return full(tmp_path_factory.mktemp("git") / "full")


def mining_reasons(path: Path, profile: Profile) -> dict[str, str]:
    """Mining's reason to drop each commit; empty for one that it keeps."""
    with open_repository(path) as repository:
        judge = entry_judge(repository, profile)
        entries = log_entries(repository, authors=bool(profile.authors.opted_out))
        judged = {entry[0].decode(): judge(entry) for entry in entries}
        passed = [each for each in judged.values() if not isinstance(each, str)]
        candidates, by_files = compare_files(repository, profile, passed)
        earliest, duplicates = drop_duplicates(candidates)
        kept, by_contents = read_contents(repository, profile, earliest)
    reasons = {commit: each for commit, each in judged.items() if isinstance(each, str)}
    reasons |= {each.commit: reason for reason, each in (*by_files, *duplicates, *by_contents)}
    return reasons | {each.commit: "" for each in kept}


def check_explanations(path: Path, profile: Profile) -> None:
    """Each commit's explanation has mining's reason, and its last rule gives it."""
    reasons, funnel = mining_reasons(path, profile), mine_repository(path, profile).funnel
    assert len(reasons) == funnel.commits
    assert Counter(filter(None, reasons.values())) == funnel.dropped
    for commit, reason in reasons.items():
        [explanation] = explain([path], profile, commit)
        assert explanation.commit == commit
        assert explanation.reason == (reason or KEPT), explanation
        assert explanation.kept == (not reason)
        *before, last = explanation.outcomes
        assert not any(outcome.drops for outcome in before)
        assert last.drops == (not explanation.kept)
        assert explanation.kept or last.rule == reason


def test_explanations_agree_on_each_kind_of_commit(repo: Repo) -> None:
    check_explanations(repo.path, PROFILE)


@pytest.mark.parametrize(
    ("seed", "changes"),
    [
        (1, {}),
        (2, {"subject": {"verbs": None, "no_hash_sign": False}, "licence": {"allowed": ["isc"]}}),
        (3, {"sample": {"of": "hunk"}, "contents": {"least_tokens": 5}, "file": {"extensions": "linguist"}}),
        (4, {"subject": {"clean": False}, "authors": {"opted_out": ["b@example.org"]}, "additions": False}),
        (5, {"sample": {"of": "definition"}, "subject": {"capital": False}, "contents": {"most_bytes": 295}}),
    ],
)
def test_explanations_agree_on_random_histories(tmp_path: Path, seed: int, changes: dict[str, Any]) -> None:
    history = RandomHistory(tmp_path / "r", seed, rewrites=False, subjects=VARIED)
    history.grow(40)
    check_explanations(history.repo.path, load_profile("commitpackft", changes))


def test_explanation_gives_values_and_thresholds(repo: Repo) -> None:
    commit = repo.git("log", "--format=%H", "--grep=^Fix it up", "main")
    [explanation] = explain([repo.path], PROFILE, commit[:10])
    last = explanation.outcomes[-1]
    assert (explanation.subject, last.rule) == ("Fix it up", "subject: length")
    assert last.value == "9 characters, 3 words: Fix it up"
    assert "subject.more_words_than = 4" in last.thresholds
    copy = repo.git("log", "--format=%H", "--grep=^Add a copy", "main")
    [explanation] = explain([repo.path], PROFILE, copy)
    assert "qq13.py" in explanation.outcomes[-1].value
    refusing = load_profile("commitpackft", {"licence": {"allowed": ["isc"]}})
    licensed = repo.git("log", "--format=%H", "--grep=^Drop what nobody", "main")
    [explanation] = explain([repo.path], refusing, licensed)
    assert (explanation.reason, explanation.outcomes[-1].value) == ("licence not allowed", "mit")


def test_path_without_an_ending_is_explained(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "r")
    commit = repo.commit("Build it all with one command", {"Makefile": "all:\n\techo " + "x" * 300 + "\n"})
    profile = load_profile(
        "commitpackft", {"file": {"extension_needed": False, "not_named_in_subject": True}}
    )
    [explanation] = explain([repo.path], profile, commit)
    assert "'', subject 'Build it all" in " ".join(outcome.value for outcome in explanation.outcomes)


def test_unknown_commit_is_an_error(repo: Repo, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no commit abcdef12 in any .*no such folder"):
        explain([repo.path, tmp_path / "none"], PROFILE, "abcdef12")
