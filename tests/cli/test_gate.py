"""`crosstune gate` judges a benchmark's own solutions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crosstune.benchmarks import BENCHMARKS
from crosstune.cli._gate_solutions import with_solutions
from crosstune.errors import DataError
from tests.benchmarks.rows import write_rows
from tests.cli.test_main import _crosstune
from tests.shared import shared_data


def test_built_in_exercises_pass_the_gate(tmp_path: Path) -> None:
    done = _crosstune("gate", "exercises", "--languages", "python", "--json", tmp_path / "gate.json")
    assert done.returncode == 0, done.stderr
    row = json.loads((tmp_path / "gate.json").read_text())["python"]
    assert (row["canonical"]["passed"], row["canonical"]["total"]) == (60, 60)
    assert (row["buggy"]["passed"], row["buggy"]["failed"]) == (0, [])


@pytest.mark.slow
def test_humanevalpack_passes_the_gate(tmp_path: Path) -> None:
    data = shared_data("humanevalpack")
    done = _crosstune(
        *("gate", "humanevalpack", "--data", data, "--languages", "python,javascript"),
        *("--json", tmp_path / "gate.json"),
    )
    assert done.returncode == 0, done.stderr
    rows = json.loads((tmp_path / "gate.json").read_text())
    assert {
        language: (row["canonical"]["passed"], row["buggy"]["passed"]) for language, row in rows.items()
    } == {"python": (164, 0), "javascript": (164, 0)}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["humanevalpak"], "did you mean 'humanevalpack'"),
        (["humanevalpack"], "needs --data DIR"),
        (["exercises", "--data", "."], "takes no --data"),
        (["exercises", "--languages", "cobol"], "no problems in 'cobol'"),
    ],
)
def test_invalid_option_is_reported(arguments: list[str], message: str) -> None:
    done = _crosstune("gate", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_rows_with_a_known_defect_are_listed_by_reason(tmp_path: Path) -> None:
    texts = ["Print any.", "Double.", "If there are several, print any of them."]
    test = [{"input": {"stdin": "1"}, "output": {"stdout": "2"}}]
    rows = [{"id": number, "content": text, "test": test} for number, text in enumerate(texts)]
    write_rows(tmp_path / "code_contests.jsonl", *rows)
    done = _crosstune("gate", "code-contests", "--data", tmp_path, "--languages", "python")
    assert done.returncode == 2
    assert "code-contests has no solutions in python, so nothing was judged" in done.stderr
    assert (
        "known defect of 2 (python): several outputs are right, and there is no checker: 0, 2\n"
        in done.stdout
    )


def test_solutions_in_other_languages_judge_nobody(tmp_path: Path) -> None:
    file = tmp_path / "answers.jsonl"
    file.write_text(json.dumps({"language": "go", "problem": "plus-4", "answer": "x"}) + "\n")
    benchmark = BENCHMARKS.load("exercises")
    with pytest.raises(DataError, match="no solutions in python"):
        with_solutions(benchmark, benchmark.settings(), ["python"], str(file))
