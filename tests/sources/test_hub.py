"""Datasets of the Hugging Face Hub: folders, the cache, errors, and OctoCoder's mixture."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crosstune.errors import DataError, ServiceError
from crosstune.records import Example
from crosstune.settings import Document
from crosstune.sources import SOURCES, _hub


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test contacts the Hub, and each has its own cache."""
    import datasets
    import huggingface_hub

    monkeypatch.chdir(tmp_path)  # the quarantine goes into the working folder
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    monkeypatch.setenv("HF_DATASETS_CACHE", str(tmp_path / "cache"))
    _hub.unreachable.cache_clear()


def load(name: str, **settings: Any) -> list[Example]:
    source = SOURCES.load(name)
    parsed = source.settings.model_validate(settings)
    return list(source.examples(parsed, Path(), lambda *_: None))


def lines(path: Path, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


ROWS = [{"q": f"Q{n}", "a": f"A{n}", "lang": "Python"} for n in range(3)]
COLUMNS = {"prompt": "q", "completion": "a", "language": "lang"}


def test_a_folder_is_loaded_as_a_dataset(tmp_path: Path) -> None:
    lines(tmp_path / "set" / "train.jsonl", ROWS)
    lines(tmp_path / "set" / "test.jsonl", ROWS[:1])
    examples = load("hub", dataset=str(tmp_path / "set"), columns=COLUMNS, label="mine")
    assert [(each.id, each.prompt, each.completion) for each in examples] == [
        ("mine:0", "Q0", "A0"),
        ("mine:1", "Q1", "A1"),
        ("mine:2", "Q2", "A2"),
    ]
    assert {each.language for each in examples} == {"python"}
    assert len(load("hub", dataset=str(tmp_path / "set"), split="test", columns=COLUMNS)) == 1
    by_file = load("hub", dataset=str(tmp_path / "set"), files=["test.jsonl", "train.jsonl"], columns=COLUMNS)
    assert [each.prompt for each in by_file] == ["Q0", "Q0", "Q1", "Q2"]


def test_errors_of_a_dataset_are_named(tmp_path: Path) -> None:
    lines(tmp_path / "set" / "train.jsonl", ROWS)
    here = str(tmp_path / "set")
    with pytest.raises(DataError, match="set: train row 0: no column 'completion'; known: a, lang, q"):
        load("hub", dataset=here)
    with pytest.raises(DataError, match="cannot be loaded: Unknown split"):
        load("hub", dataset=here, split="nothing", columns=COLUMNS)
    with pytest.raises(DataError, match="cannot be loaded"):
        load("hub", dataset=here, config="nothing", columns=COLUMNS)
    with pytest.raises(DataError, match="no such file"):
        load("hub", dataset=here, files=["nothing.jsonl"], columns=COLUMNS)
    with pytest.raises(DataError, match="cannot be loaded"):
        load("hub", dataset=str(tmp_path / "nothing"), columns=COLUMNS)


def test_a_dataset_neither_cached_nor_reachable_fails_at_once() -> None:
    with pytest.raises(ServiceError, match="ann/set is not in the cache, and HF_HUB_OFFLINE is set"):
        load("hub", dataset="ann/set")
    with pytest.raises(ServiceError, match=r"a.jsonl of the dataset ann/set is not in the cache"):
        load("hub", dataset="ann/set", files=["a.jsonl"])


def test_a_bug_is_not_reported_as_a_network_error(monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub

    def broken() -> None:
        raise TypeError("a bug in this program")

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(huggingface_hub, "get_session", broken)
    with pytest.raises(TypeError, match="a bug in this program"):
        _hub.unreachable()


def requirements(name: str, **settings: Any) -> list[tuple[bool, str]]:
    source = SOURCES.load(name)
    return [(each.met, each.how) for each in source.requirements(source.settings.model_validate(settings))]


def test_requirements_check_folders_and_caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines(tmp_path / "set" / "train.jsonl", ROWS)
    here = str(tmp_path / "set")
    assert requirements("hub", dataset=here) == [(True, "put it there, or correct the path")]
    assert requirements("hub", dataset=here, files=["train.jsonl", "x.jsonl"]) == [
        (False, "it lacks x.jsonl")
    ]
    assert requirements("hub", dataset=str(tmp_path / "nothing"))[0][0] is False
    [(met, how)] = requirements("hub", dataset="ann/set")
    assert not met
    assert how == "HF_HUB_OFFLINE is set; download it elsewhere and give its folder"
    (tmp_path / "cache" / "ann___set").mkdir(parents=True)
    assert requirements("hub", dataset="ann/set") == [(True, "")]
    _hub.unreachable.cache_clear()
    import huggingface_hub

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", "http://127.0.0.1:9")
    [(met, how)] = requirements("hub", dataset="ann/other")
    assert not met
    assert "the Hub cannot be reached" in how
    _hub.unreachable.cache_clear()


def test_a_folder_is_relative_to_the_settings_file(tmp_path: Path) -> None:
    lines(tmp_path / "set" / "train.jsonl", ROWS)
    (tmp_path / "study.yaml").write_text("dataset: ./set\n")
    settings: Any = Document(tmp_path / "study.yaml").parse(SOURCES.load("hub").settings)
    assert settings.dataset == tmp_path / "set"


@pytest.fixture
def octocoder(tmp_path: Path) -> dict[str, Any]:
    for language, title in {
        "python": "Python",
        "javascript": "JavaScript",
        "java": "Java",
        "go": "Go",
        "c++": "C++",
        "rust": "Rust",
    }.items():
        commits = [
            {
                "commit": f"{language}{n}",
                "subject": f"Change {n}",
                "old_contents": "old",
                "new_contents": f"new {n}",
                "lang": title,
            }
            for n in range(10)
        ]
        lines(tmp_path / "ft" / "data" / language / "data.jsonl", commits)
    talk = [
        {"role": "prompter", "text": "Q"},
        {"role": "assistant", "text": "A"},
        {"role": "prompter", "text": "-"},
    ]
    lines(tmp_path / "oasst" / "oasst_octopack.jsonl", [{"conversations": talk, "lang": "en"}] * 4)
    return {"commitpackft": str(tmp_path / "ft"), "oasst": str(tmp_path / "oasst")}


def test_octocoder_samples_commits_and_uses_all_conversations(octocoder: dict[str, Any]) -> None:
    examples = load("octocoder", **octocoder, commits=20)
    drawn = [each for each in examples if each.source == "commitpackft"]
    assert len(drawn) == 20
    assert len({each.language for each in drawn}) > 3
    assert drawn[0].prompt.endswith("\nold")
    assert [(each.prompt, each.completion) for each in examples if each.source == "oasst"] == [("Q", "A")] * 4
    assert examples == load("octocoder", **octocoder, commits=20)
    other = load("octocoder", **octocoder, commits=20, seed=1)
    assert {each.id for each in other} != {each.id for each in examples}
    assert [met for met, _ in requirements("octocoder", **octocoder)] == [True, True]
    with pytest.raises(DataError, match="61 commits are required, but only 60 are available"):
        load("octocoder", **octocoder, commits=61)


def test_octocoder_s_defaults_are_the_published_mixture() -> None:
    settings: Any = SOURCES.load("octocoder").settings()
    assert (settings.commits, settings.commitpackft, settings.oasst) == (
        5000,
        "bigcode/commitpackft",
        "bigcode/oasst-octopack",
    )
    assert [met for met, _ in requirements("octocoder")] == [False, False]
