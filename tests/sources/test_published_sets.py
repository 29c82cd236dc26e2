"""The published datasets, from files in their formats."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from crosstune.errors import DataError
from crosstune.records import Example
from crosstune.sources import SOURCES
from crosstune.sources.oasst import unwanted
from crosstune.sources.xp3x import published_counts
from tests.shared import shared_data
from tests.sources.test_hub import lines


def load(name: str, work: Path, **settings: Any) -> list[Example]:
    source = SOURCES.load(name)
    return list(source.examples(source.settings.model_validate(settings), work, lambda *_: None))


def quarantined(work: Path) -> list[str]:
    return [json.loads(line)["reason"] for line in (work / "quarantine.jsonl").read_text().splitlines()]


COMMIT: dict[str, Any] = {
    "commit": "c1",
    "old_file": "a.cc",
    "new_file": "a.cc",
    "old_contents": "int a;\n",
    "new_contents": "int b;\n",
    "subject": "Rename a",
    "message": "Rename a\n\nIt is a b.",
    "lang": "C++",
    "license": "mit",
    "repos": "x/y",
}


def test_commitpackft(tmp_path: Path) -> None:
    bad: list[Any] = [
        {**COMMIT, "commit": "c2", "new_contents": ""},
        COMMIT,
        {**COMMIT, "commit": "c3", "lang": 3},
    ]
    lines(tmp_path / "ft" / "data" / "c++" / "data.jsonl", [COMMIT, *bad])
    lines(tmp_path / "ft" / "data" / "go" / "data.jsonl", [{**COMMIT, "commit": f"g{n}"} for n in range(9)])
    here = {"dataset": str(tmp_path / "ft")}
    [example] = load("commitpackft", tmp_path / "work", languages=["c++"], **here)
    assert (example.id, example.prompt, example.completion) == (
        "commitpackft:c1",
        "Rename a\nint a;\n",
        "int b;\n",
    )
    assert (example.language, example.task) == ("cpp", "commit")
    assert example.provenance["licence"] == "mit"
    assert example.provenance["repository"] == "x/y"
    assert example.provenance["old_blob"] == hashlib.sha1(b"blob 7\0int a;\n").hexdigest()
    assert quarantined(tmp_path / "work") == ["empty", "duplicate id", "wrong type"]
    four = load("commitpackft", tmp_path, languages=["c++", "go"], count=4, **here)
    assert len(four) == 4
    six = load("commitpackft", tmp_path, languages=["c++", "go"], count=6, **here)
    assert {each.id for each in four} < {each.id for each in six}
    with pytest.raises(DataError, match="11 commits are required, but only 10 are available"):
        load("commitpackft", tmp_path, languages=["c++", "go"], count=11, **here)


TALKS: list[Any] = [
    {"text": "### Human: Sort it.### Assistant: sorted(it)### Human: Thanks### Assistant: I cannot hear."},
    {"text": "### Human: Add them.\n### Assistant: a + b"},
    {"messages": [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "A"}]},
    {"conversations": [{"role": "prompter", "text": "Q2"}, {"role": "assistant", "text": "A2"}]},
    {"text": "### Human: alone"},
    {"text": 3},
]


def test_oasst_in_its_three_formats(tmp_path: Path) -> None:
    lines(tmp_path / "set" / "t.jsonl", TALKS)
    settings = {"dataset": str(tmp_path / "set"), "file": "t.jsonl"}
    examples = load("oasst", tmp_path / "work", **settings)
    assert [(each.id, each.prompt, each.completion) for each in examples] == [
        ("oasst:1", "Add them.", "a + b"),
        ("oasst:2", "Q", "A"),
        ("oasst:3", "Q2", "A2"),
    ]
    assert quarantined(tmp_path / "work") == ["no answer", "missing column"]
    every = load("oasst", tmp_path / "work", filtered=False, **settings)
    assert [each.prompt for each in every] == ["Sort it.", "Add them.", "Q", "Q2"]


def test_octopack_s_filter() -> None:
    assert unwanted("As an AI, I do not know.") == "as an ai"
    assert unwanted("Use a hash map.") == ""
    assert unwanted("the ESG score") == " esg "


def test_the_filter_drops_no_row_of_the_published_filtered_set() -> None:
    file = shared_data("commitpackft") / "oasst-commitpackft-manual.jsonl.gz"
    examples = load("octogeex", Path(), path=str(file))
    texts = [f"{each.prompt} {each.completion}" for each in examples if each.source == "oasst"]
    assert [phrase for text in texts if (phrase := unwanted(text))] == []
    assert len(texts) == 725


def test_xp3x_samples_octopack_s_counts(tmp_path: Path) -> None:
    assert (len(published_counts()), sum(published_counts().values())) == (95, 5000)
    names = {
        "xp3_Muennighoff_mbpp_sanitized_test_function_solution.jsonl": 3,
        "xp3_codeparrot_xlcost_text_to_code_Csharp_program_level_test_solcsharp.jsonl": 2,
        "xp3_great_code_None_test_bug_detection.jsonl": 1,
    }
    for number, name in enumerate(names):
        rows: list[Any] = [
            {"inputs": f"Add {n}. Here is a solution in Python:", "targets": f"x + {n}"} for n in range(6)
        ]
        rows += [["x"], {"inputs": "x", "targets": ""}]
        lines(tmp_path / "xp3x" / "data" / str(number) / name, rows)
    settings = {"dataset": str(tmp_path / "xp3x"), "files": names}
    examples = load("xp3x", tmp_path / "work", **settings)
    assert Counter(each.language for each in examples) == {"python": 4, "csharp": 2}
    assert all(each.prompt.endswith("Write a solution in Python.") for each in examples[:3])
    assert all(each.prompt.endswith("Here is a solution in Python:") for each in examples[3:])
    assert examples == load("xp3x", tmp_path / "work", **settings)
    assert examples != load("xp3x", tmp_path / "work", seed=1, **settings)
    assert Counter(quarantined(tmp_path / "work")) == {"wrong type": 3, "empty": 3}
    requirements = SOURCES.load("xp3x").requirements(SOURCES.load("xp3x").settings.model_validate(settings))
    assert [each.met for each in requirements] == [True]
    with pytest.raises(DataError, match="bug_detection.jsonl: 7 rows are required, but only 6 are available"):
        load("xp3x", tmp_path / "work", **{**settings, "files": {list(names)[2]: 7}})


def test_self_instruct(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import datasets

    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    row = {"instruction": "Add 1.", "output": "x + 1", "most_similar": "", "avg_similarity_score": 0.1}
    lines(tmp_path / "set" / "raw.jsonl", [row, row, {**row, "output": ""}])
    (tmp_path / "set" / "README.md").write_text(
        "---\nconfigs:\n- config_name: default\n  data_files:\n  - {split: raw, path: raw.jsonl}\n---\n"
    )
    examples = load("self-instruct", tmp_path / "work", dataset=str(tmp_path / "set"))
    assert [(each.prompt, each.completion) for each in examples] == [("Add 1.", "x + 1")] * 2
    assert {each.language for each in examples} == {"python"}
    assert quarantined(tmp_path / "work") == ["empty"]


def test_code_alpaca(tmp_path: Path) -> None:
    rows = [
        {"instruction": "Add two numbers in Python.", "input": "1, 2", "output": "print(1 + 2)"},
        {"instruction": "Sort a list.", "input": "< noinput >", "output": "def f(x):\n    return sorted(x)"},
        {"instruction": "Write a Java class.", "input": "", "output": "class A {}"},
        {"instruction": "Empty.", "input": "", "output": " "},
    ]
    (tmp_path / "a.json.gz").write_bytes(gzip.compress(json.dumps(rows).encode()))
    examples = load("code-alpaca", tmp_path / "work", path=str(tmp_path / "a.json.gz"))
    assert [(each.id, each.prompt) for each in examples] == [
        ("code-alpaca:0", "Add two numbers in Python.\n1, 2"),
        ("code-alpaca:1", "Sort a list."),
    ]
    assert quarantined(tmp_path / "work") == ["empty"]
    every = load("code-alpaca", tmp_path / "work", path=str(tmp_path / "a.json.gz"), select="all")
    assert [each.language for each in every] == ["python", "python", ""]


def test_real_code_alpaca(tmp_path: Path) -> None:
    file = shared_data("codealpaca") / "code_alpaca_2k.json.gz"
    assert len(load("code-alpaca", tmp_path, path=str(file))) == 797
    assert len(load("code-alpaca", tmp_path, path=str(file), select="all")) == 2015
    assert quarantined(tmp_path) == ["empty", "empty"]
