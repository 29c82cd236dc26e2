"""Answers are read from a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crosstune.errors import DataError
from crosstune.generation import BACK_ENDS, Decoding
from crosstune.generation.replay import most_samples
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
        ("nonsense", "not JSON"),
        ('{"problem": "1"}', "missing"),
        ("FIRST", "a second answer to 1 sample 0"),
        ("EMPTY", "finish_reason is empty; expected stop, length or error"),
        ('{"task_id": "1", "solution": null}', "the answer is NoneType; expected text"),
    ],
)
def test_invalid_line_is_named(tmp_path: Path, recorded: Path, line: str, message: str) -> None:
    first = recorded.read_text().splitlines()[0]
    empty = json.dumps(json.loads(first) | {"finish_reason": "", "sample": 9})
    with recorded.open("a") as file:
        file.write({"FIRST": first, "EMPTY": empty}.get(line, line) + "\n")
    with pytest.raises(DataError, match=rf"completions.jsonl:9: .*{message}"):
        replayed(tmp_path / "again", recorded, decoding=SAMPLES)


def test_file_is_required(tmp_path: Path, recorded: Path) -> None:
    back_end = BACK_ENDS.load("replay")
    assert [each.met for each in back_end.requirements("", options(recorded))] == [True]
    missing = options(tmp_path / "none.jsonl")
    assert [each.met for each in back_end.requirements("", missing)] == [False]
    with pytest.raises(DataError, match="none.jsonl: cannot be read"):
        replayed(tmp_path / "again", tmp_path / "none.jsonl")


TWO = [problem(number) for number in (1, 2)]
TEXTS = ["one", "two"]
FOREIGN: dict[str, list[dict[str, Any]]] = {
    "answers": [
        {"problem": str(n), "language": "python", "task": "synthesize", "sample": 0, "answer": text}
        for n, text in enumerate(TEXTS, 1)
    ],
    "evalplus": [{"task_id": f"HumanEval/{n}", "solution": text} for n, text in enumerate(TEXTS, 1)],
    "evalplus completion": [{"task_id": f"X/{n}", "completion": text} for n, text in enumerate(TEXTS, 1)],
    "lm-eval": [
        {"doc_id": 7, "doc": {"task_id": f"HumanEval/{n}"}, "resps": [[text]], "filtered_resps": [["other"]]}
        for n, text in enumerate(TEXTS, 1)
    ],
    "lm-eval by position": [
        {"doc_id": n, "doc": {}, "resps": [[text]], "filtered_resps": []} for n, text in enumerate(TEXTS)
    ],
    "lm-eval whole programs": [
        {"doc_id": n, "doc": {"prompt": text[:2]}, "resps": [["x"]], "filtered_resps": [[text]]}
        for n, text in enumerate(TEXTS)
    ],
}


def texts(folder: Path) -> list[str]:
    return [each.text for each in completions(folder)]


@pytest.mark.parametrize("name", FOREIGN)
def test_files_of_other_harnesses(name: str, tmp_path: Path) -> None:
    file = tmp_path / "samples.jsonl"
    # In another order, and with a problem that is not asked.
    rows = [*reversed(FOREIGN[name]), {"task_id": "HumanEval/99", "solution": "x"}]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    run(tmp_path, TWO, BACK_ENDS.load("replay"), options=options(file))
    assert texts(tmp_path) == TEXTS
    assert most_samples(file) == 1


def test_generations_of_bigcode(tmp_path: Path) -> None:
    file = tmp_path / "generations.json"
    file.write_text(json.dumps([["one", "one again"], ["two", "two again"]]))
    assert most_samples(file) == 2
    run(tmp_path, TWO, BACK_ENDS.load("replay"), options=options(file), decoding=SAMPLES)
    assert texts(tmp_path) == ["one", "one again", "two", "two again"]
    with pytest.raises(DataError, match=r"name no language.*small/python.*small/javascript"):
        replayed(tmp_path / "several", file)


def test_rows_of_one_problem_are_its_samples(tmp_path: Path) -> None:
    file = tmp_path / "samples.jsonl"
    rows = [{"task_id": f"HumanEval/{n}", "solution": f"{n}{sample}"} for sample in "ab" for n in (1, 2)]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    run(tmp_path, TWO, BACK_ENDS.load("replay"), options=options(file), decoding=SAMPLES)
    assert texts(tmp_path) == ["1a", "1b", "2a", "2b"]
