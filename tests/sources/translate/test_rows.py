"""Rows of several forms: MBPP's, a corpus of crosstune's, and columns that are named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from crosstune.records import Example
from crosstune.sources import Quarantine
from crosstune.sources.translate import TranslateSettings
from crosstune.sources.translate._rows import PythonRow, read_rows
from tests.corpus.samples import write_corpus

CODE = "def f(x):\n    return x\n"


def read(rows: Path, quarantine: Quarantine | None = None, **more: Any) -> list[PythonRow]:
    server = {"url": "http://127.0.0.1:9/v1"}
    values = {"rows": str(rows), "language": "rust", "model": "m", "server": server, **more}
    return read_rows(TranslateSettings.model_validate(values), quarantine or Quarantine(None))


def write(tmp_path: Path, *rows: Any) -> Path:
    file = tmp_path / "rows.jsonl"
    file.write_text("".join(f"{json.dumps(each)}\n" for each in rows))
    return file


def test_mbpp(tmp_path: Path) -> None:
    row = {"task_id": 7, "text": "Echo.", "code": CODE, "test_setup_code": "n = 1"}
    row["test_list"] = ["assert f(n) == 1", "assert f(2) == 2"]
    assert read(write(tmp_path, row)) == [
        PythonRow("7", "Echo.", CODE, "n = 1\nassert f(n) == 1\nassert f(2) == 2", "", "", "", fenced=False)
    ]


def test_an_answer_in_markdown(tmp_path: Path) -> None:
    answer = f"So:\n```python\n{CODE}```\nDone."
    row = {"instruction": "Echo.", "input": "x", "output": answer, "tests": "assert f(1) == 1"}
    (found,) = read(write(tmp_path, row))
    assert (found.instruction, found.code, found.fenced) == ("Echo.\n\nx", CODE, True)


def test_a_corpus(tmp_path: Path) -> None:
    given = {"tests": "assert f(1) == 1", "licence": "mit", "entry_point": "f"}
    examples = [
        Example("a", "Echo.", CODE, "python", "synthesize", "s", given),
        Example("b", "Echo.", "fn f() {}", "rust", "synthesize", "s", given),
    ]
    write_corpus(tmp_path / "corpus", examples)
    found = {row.id: row for row in read(tmp_path / "corpus")}
    assert found["a"] == PythonRow("a", "Echo.", CODE, "assert f(1) == 1", "f", "mit", "python", fenced=False)
    assert found["b"].language == "rust"


def test_a_licence_in_its_usual_columns(tmp_path: Path) -> None:
    row = {"text": "Echo.", "code": CODE, "test_list": ["assert f(1) == 1"]}
    found = read(write(tmp_path, {**row, "licenses": ["MIT", "ISC"]}, {**row, "id": 2, "license": "isc"}))
    assert [each.licence for each in found] == ["MIT + ISC", "isc"]


def test_named_columns_and_a_limit(tmp_path: Path) -> None:
    row = {"task": "Echo.", "py": CODE, "checks": '["assert f(1) == 1"]', "before": "n = 1"}
    columns = {"prompt": "task", "code": "py", "tests": "checks", "setup": "before"}
    found = read(write(tmp_path, row, {**row, "task": "Again."}), columns=columns, limit=1, licence="mit")
    assert [(each.tests, each.licence) for each in found] == [("n = 1\nassert f(1) == 1", "mit")]


def test_unusable_rows_are_quarantined(tmp_path: Path) -> None:
    row = {"id": 1, "prompt": "Echo.", "completion": CODE, "tests": "assert f(1) == 1"}
    file = write(tmp_path, row, row, {**row, "id": 2, "tests": [1]}, {**row, "id": 3, "completion": ""}, 5)
    quarantine = Quarantine(tmp_path / "work")
    assert [each.id for each in read(file, quarantine)] == ["1"]
    assert dict(quarantine.reasons) == {"duplicate id": 1, "wrong type": 2, "missing column": 1}
