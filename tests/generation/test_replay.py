"""Answers are read from a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crosstune.errors import DataError
from crosstune.generation import BACK_ENDS, Decoding
from crosstune.settings import Settings
from tests.generation.parts import Script, completions, problem, run

PROBLEMS = [problem(number, language) for language in ("python", "javascript") for number in (1, 2)]
SAMPLES = Decoding(samples=2, temperature=1)


def options(file: Path) -> Settings:
    return BACK_ENDS.load("replay").settings.model_validate({"file": file})


def replayed(folder: Path, file: Path, **given: Any) -> dict[str, Any]:
    back_end = BACK_ENDS.load("replay")
    return run(folder, PROBLEMS, back_end, options=options(file), **given)


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    run(tmp_path / "recorded", PROBLEMS, Script().back_end(), decoding=SAMPLES)
    return tmp_path / "recorded" / "completions.jsonl"


def test_completions_of_a_file_are_given_again(tmp_path: Path, recorded: Path) -> None:
    counts = replayed(tmp_path / "again", recorded, decoding=SAMPLES)
    assert completions(tmp_path / "again") == completions(tmp_path / "recorded")
    assert (counts["completions"], counts["prompt_tokens"]) == (8, 24)


def test_missing_answer_is_named(tmp_path: Path, recorded: Path) -> None:
    with pytest.raises(DataError, match="no answer to small/python/synthesize 1 sample 2"):
        replayed(tmp_path / "again", recorded, decoding=Decoding(samples=3, temperature=1))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("nonsense", "expected a completion as JSON"),
        ('{"problem": "1"}', "missing"),
        ("FIRST", "a second answer to 1 sample 0"),
        ("HALF", "finish_reason is 'half'; expected stop, length or error"),
    ],
)
def test_invalid_line_is_named(tmp_path: Path, recorded: Path, line: str, message: str) -> None:
    first = recorded.read_text().splitlines()[0]
    half = json.dumps(json.loads(first) | {"finish_reason": "half", "sample": 9})
    with recorded.open("a") as file:
        file.write({"FIRST": first, "HALF": half}.get(line, line) + "\n")
    with pytest.raises(DataError, match=rf"completions.jsonl:9: .*{message}"):
        replayed(tmp_path / "again", recorded, decoding=SAMPLES)


def test_file_is_required(tmp_path: Path, recorded: Path) -> None:
    back_end = BACK_ENDS.load("replay")
    assert [each.met for each in back_end.requirements("", options(recorded))] == [True]
    missing = options(tmp_path / "none.jsonl")
    assert [each.met for each in back_end.requirements("", missing)] == [False]
    with pytest.raises(DataError, match="none.jsonl: cannot be read"):
        replayed(tmp_path / "again", tmp_path / "none.jsonl")
