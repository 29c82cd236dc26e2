"""Several repositories, and the source that a study uses."""

import dataclasses
import shutil
from pathlib import Path
from typing import Any

import pydantic
import pytest

from crosstune.errors import DataError, SettingsError
from crosstune.mining import Mined, join, load_profile, mine_each, mine_repository, record_name, state
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


def quiet(done: int, total: int) -> None:
    assert 0 <= done <= total


def contents(mined: list[Mined]) -> list[list[tuple[str, str]]]:
    return [[(commit.repository, commit.path) for commit in each.commits] for each in mined]


def test_a_sample_in_several_repositories_is_one_and_names_them_all(tmp_path: Path) -> None:
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


def test_processes_give_what_one_gives_and_faults_stop_nothing(tmp_path: Path) -> None:
    repos = [small(tmp_path / name, name, "common").path for name in ("one", "two", "three")]
    paths = [repos[0], tmp_path / "nothing", *repos[1:]]
    alone = mine_each(paths, PROFILE, tmp_path / "w1", 1, quiet)
    told: list[tuple[int, int]] = []
    together = mine_each(paths, PROFILE, tmp_path / "w2", 2, lambda *each: told.append(each))
    assert contents(together) == contents(alone)
    assert told[-1] == (4, 4)
    _, funnel = join(together, PROFILE)
    assert funnel.unreadable == {str(tmp_path / "nothing"): "no such folder"}
    assert (funnel.repositories, funnel.kept) == (4, 4)


def test_a_tokenizer_that_is_not_there_is_said_before_any_work(tmp_path: Path) -> None:
    paths = [small(tmp_path / name, name).path for name in ("one", "two")]
    profile = load_profile("commitpackft", {"contents": {"counter": {"tokenizer": "./nothing.json"}}})
    with pytest.raises(DataError, match="nothing.json: no such tokenizer"):
        mine_each(paths, profile, tmp_path / "work", 2, quiet)
    assert not (tmp_path / "work").exists()


def test_work_is_kept_and_trusted_only_for_the_same_rules(tmp_path: Path) -> None:
    repo = small(tmp_path / "one", "alpha")
    work = tmp_path / "work"
    [first] = mine_each([repo.path], PROFILE, work, 1, quiet)
    [file] = work.iterdir()
    assert file.name == record_name(repo.path)
    stamp = file.stat().st_mtime_ns
    [again] = mine_each([repo.path], PROFILE, work, 1, quiet)
    assert again == dataclasses.replace(first, how="nothing new")
    assert file.stat().st_mtime_ns == stamp
    other = load_profile("commitpackft", {"subject": {"verbs": None}})
    assert state(repo.path, other) != state(repo.path, PROFILE) == first.state
    [found] = mine_each([repo.path], other, work, 1, quiet)
    assert found.how == "1 commit"
    repo.commit("Add the omega that all others need", {"qqomega.py": CODE + "omega = 1\n"})
    [found] = mine_each([repo.path], other, work, 1, quiet)
    assert contents([found]) == [[("one", "qqalpha.py"), ("one", "qqomega.py")]]
    assert found.how == "1 new commit"


def examples(settings: Any, work: Path) -> list[Example]:
    return list(SOURCES.load("git").examples(settings, work, quiet))


def test_the_source_gives_examples_with_their_provenance(tmp_path: Path) -> None:
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


def test_settings_speak_of_the_references_and_rules_not_of_places(tmp_path: Path) -> None:
    repo = small(tmp_path / "one", "alpha")
    kind = SOURCES.load("git").settings

    def dumped(**changes: Any) -> dict[str, Any]:
        return kind.model_validate({"repositories": [str(repo.path)], **changes}).model_dump(mode="json")

    first = dumped()
    assert str(tmp_path) not in str(first)
    assert dumped(overrides={"additions": False})["meaning"] != first["meaning"]
    repo.commit("Add the omega that all others need", {"qqomega.py": CODE})
    assert dumped()["repositories"] != first["repositories"]
    with pytest.raises(pydantic.ValidationError, match="found out, not given"):
        dumped(meaning="x")
    with pytest.raises(pydantic.ValidationError, match="found out, not given"):
        kind.model_validate({"repositories": [{"path": str(repo.path), "tips": "x"}]})


def test_a_settings_file_may_name_its_own_profile(tmp_path: Path) -> None:
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
