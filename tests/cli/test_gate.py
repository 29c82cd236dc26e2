"""`crosstune gate` judges a benchmark's own solutions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

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
