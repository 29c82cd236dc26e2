"""Several repositories, `mine`, and the git source of a study."""

import dataclasses
import shutil
from pathlib import Path
from typing import Any

import pydantic
import pytest

from crosstune.errors import DataError, SettingsError, UnknownName
from crosstune.mining import MinedRepository, load_profile, mine, record_name, repository_state
from crosstune.mining._join import join
from crosstune.mining._one_repository import mine_repository
from crosstune.mining._repositories import mine_each
from crosstune.records import Example
from crosstune.settings import Document
from crosstune.sources import SOURCES
from tests.mining.repositories import CODE, Repo

PROFILE = load_profile("commitpackft")


def small(path: Path, *names: str) -> Repo:
    repo = Repo(path)
    for name in names:
        repo.commit(f"Add the {name} that all others need", {f"qq{name}.py": f"{CODE}{name} = 1\n"})
    return repo


def check_progress(done: int, total: int) -> None:
    assert 0 <= done <= total


def contents(mined: list[MinedRepository]) -> list[list[tuple[str, str]]]:
    return [[(commit.repository, commit.path) for commit in each.commits] for each in mined]


def test_commit_in_several_repositories_is_kept_once_and_names_them(tmp_path: Path) -> None:
    one = small(tmp_path / "one", "alpha", "beta")
    two = small(tmp_path / "two", "beta", "gamma")
    two.git("config", "remote.origin.url", "https://forge.example.org/ann/two.git")
    mined = [mine_repository(each.path, PROFILE) for each in (one, two)]
    commits, funnel = join(mined, PROFILE)
    assert [(commit.path, commit.repository) for commit in commits] == [
        ("qqalpha.py", "one"),
        ("qqbeta.py", "forge.example.org/ann/two, one"),
        ("qqgamma.py", "forge.example.org/ann/two"),
    ]
    assert (funnel.repositories, funnel.commits, funnel.kept) == (2, 4, 3)
    assert funnel.dropped == {"duplicate: in another repository": 1}
    opted = load_profile("commitpackft", {"owners": {"opted_out": ["ann"]}})
    commits, funnel = join(mined, opted)
    assert [commit.path for commit in commits] == ["qqalpha.py", "qqbeta.py"]
    assert funnel.dropped == {"duplicate: in another repository": 1, "owner opted out": 1}


def test_several_processes_give_the_same_and_errors_stop_no_others(tmp_path: Path) -> None:
    repos = [small(tmp_path / name, name, "common").path for name in ("one", "two", "three")]
    paths = [repos[0], tmp_path / "nothing", *repos[1:]]
    alone = mine_each(paths, PROFILE, tmp_path / "w1", 1, check_progress)
    progress: list[tuple[int, int]] = []
    together = mine_each(paths, PROFILE, tmp_path / "w2", 2, lambda *each: progress.append(each))
    assert contents(together) == contents(alone)
    assert progress[-1] == (4, 4)
    _, funnel = join(together, PROFILE)
    assert funnel.unreadable == {str(tmp_path / "nothing"): "no such folder"}
    assert (funnel.repositories, funnel.kept) == (4, 4)


def test_missing_tokenizer_is_reported_before_any_work(tmp_path: Path) -> None:
    paths = [small(tmp_path / name, name).path for name in ("one", "two")]
    profile = load_profile("commitpackft", {"contents": {"counter": {"tokenizer": "./nothing.json"}}})
    with pytest.raises(DataError, match="nothing.json: no such tokenizer"):
        mine_each(paths, profile, tmp_path / "work", 2, check_progress)
    assert not (tmp_path / "work").exists()


def test_records_are_used_only_with_the_same_rules(tmp_path: Path) -> None:
    repo = small(tmp_path / "one", "alpha")
    work = tmp_path / "work"
    [first] = mine_each([repo.path], PROFILE, work, 1, check_progress)
    [file] = work.iterdir()
    assert file.name == record_name(repo.path)
    written = file.stat().st_mtime_ns
    [again] = mine_each([repo.path], PROFILE, work, 1, check_progress)
    assert again == dataclasses.replace(first, summary="nothing new")
    assert file.stat().st_mtime_ns == written
    other = load_profile("commitpackft", {"subject": {"verbs": None}})
    assert repository_state(repo.path, other) != repository_state(repo.path, PROFILE) == first.state
    [mined] = mine_each([repo.path], other, work, 1, check_progress)
    assert mined.summary == "1 commit"
    repo.commit("Add the omega that all others need", {"qqomega.py": CODE + "omega = 1\n"})
    [mined] = mine_each([repo.path], other, work, 1, check_progress)
    assert contents([mined]) == [[("one", "qqalpha.py"), ("one", "qqomega.py")]]
    assert mined.summary == "1 new commit"


def test_mine_takes_paths_urls_and_lists(tmp_path: Path) -> None:
    repo, other = small(tmp_path / "one", "alpha"), small(tmp_path / "two", "beta")
    (tmp_path / "repos.txt").write_text("two\nthree\n")
    mined = mine([f"file://{repo.path}", f"@{tmp_path}/repos.txt"], cache=tmp_path / "cache")
    assert [commit.path for commit in mined.commits] == ["qqalpha.py", "qqbeta.py"]
    assert [each.completion for each in mined.examples()] == [commit.new for commit in mined.commits]
    assert mined.funnel.unreadable == {str(tmp_path / "three"): "no such folder"}
    loose = mine([other.path], load_profile("commitpackft", {"contents": {"most_tokens": 1}}))
    assert (loose.commits, loose.funnel.dropped) == ([], {"contents: token window": 1})
    with pytest.raises(UnknownName, match="did you mean 'commitpackft'"):
        mine([other.path], "commitpakft")


def examples(settings: Any, work: Path) -> list[Example]:
    return list(SOURCES.load("git").examples(settings, work, check_progress))


def test_git_source_gives_examples_with_provenance(tmp_path: Path) -> None:
    repo = small(tmp_path / "one", "alpha")
    source = SOURCES.load("git")
    settings = source.settings.model_validate({"repositories": [str(repo.path)]})
    [example] = examples(settings, tmp_path / "work")
    commit = repo.git("rev-parse", "HEAD")
    assert (example.id, example.language, example.task, example.source) == (commit, "python", "commit", "git")
    assert example.prompt == "Add the alpha that all others need\n"
    assert example.completion == CODE + "alpha = 1\n"
    assert dict(example.provenance) == {
        "repository": "one",
        "commit": commit,
        "time": "2023-11-14T22:14:20+00:00",
        "path": "qqalpha.py",
        "old_blob": "",
        "new_blob": repo.git("rev-parse", "HEAD:qqalpha.py"),
        "licence": "unknown",
        "message": "Add the alpha that all others need",
        "subject": "Add the alpha that all others need",
        "body": "",
        "granularity": "file",
        "old_line": "1",
        "new_line": "1",
        "opt_out": "no list given",
        "rules": f"commitpackft-{settings.model_dump()['meaning']}",
    }
    assert all(each.met for each in source.requirements(settings))
    shutil.rmtree(repo.path)
    assert [each.met for each in source.requirements(settings)] == [True, False]


def test_git_settings_identify_references_and_rules_not_paths(tmp_path: Path) -> None:
    repo = small(tmp_path / "one", "alpha")
    kind = SOURCES.load("git").settings

    def dumped(**changes: Any) -> dict[str, Any]:
        return kind.model_validate({"repositories": [str(repo.path)], **changes}).model_dump(mode="json")

    first = dumped()
    assert str(tmp_path) not in str(first)
    assert dumped(overrides={"additions": False})["meaning"] != first["meaning"]
    repo.commit("Add the omega that all others need", {"qqomega.py": CODE})
    assert dumped()["repositories"] != first["repositories"]
    with pytest.raises(pydantic.ValidationError, match="computed; it cannot be given"):
        dumped(meaning="x")
    with pytest.raises(pydantic.ValidationError, match="computed; it cannot be given"):
        kind.model_validate({"repositories": [{"path": str(repo.path), "tips": "x"}]})


def test_settings_file_can_name_its_own_profile(tmp_path: Path) -> None:
    small(tmp_path / "one", "alpha")
    (tmp_path / "mine.yaml").write_text("name: mine\ncontents: {least_tokens: 5}\n")
    (tmp_path / "study.yaml").write_text("repositories: [one]\nprofile: mine.yaml\n")
    settings = Document(tmp_path / "study.yaml").parse(SOURCES.load("git").settings)
    [example] = examples(settings, tmp_path / "work")
    assert example.provenance["rules"].startswith("mine-")
    (tmp_path / "study.yaml").write_text("repositories: [one]\nprofile: commitpakft\n")
    with pytest.raises(Exception, match="did you mean 'commitpackft'"):
        Document(tmp_path / "study.yaml").parse(SOURCES.load("git").settings)
    (tmp_path / "study.yaml").write_text("repositories: []\n")
    with pytest.raises(SettingsError, match="study.yaml:1: repositories: .*at least 1"):
        Document(tmp_path / "study.yaml").parse(SOURCES.load("git").settings)
