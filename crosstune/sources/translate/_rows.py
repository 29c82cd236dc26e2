"""Read Python rows: an exercise, its code, and the tests of the code."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crosstune.errors import DataError
from crosstune.extraction import extract
from crosstune.files import text_digest
from crosstune.languages import LANGUAGES, language_name
from crosstune.records import Problem
from crosstune.sources._alpaca import join_input
from crosstune.sources._columns import column_text, json_object, licence_text, nonempty_text
from crosstune.sources._quarantine import BadRow, Quarantine, checked_text
from crosstune.sources._rows import Row, rows
from crosstune.sources.translate._settings import RowColumns, TranslateSettings

PROMPT = ("prompt", "instruction", "text", "question", "problem")
CODE = ("completion", "code", "output", "response", "solution", "answer")
TESTS = ("tests", "test_list", "test", "unit_tests")
SETUP = ("test_setup_code", "test_imports")


@dataclass(frozen=True, slots=True)
class PythonRow:
    """One row. ``tests`` is empty if it has none, ``language`` if it does not say. ``fenced``: the code is
    within a Markdown block."""

    id: str
    instruction: str
    code: str
    tests: str
    entry_point: str
    licence: str
    language: str
    fenced: bool


def read_rows(settings: TranslateSettings, quarantine: Quarantine) -> list[PythonRow]:
    """The rows in their order; unusable ones go to ``quarantine``.

    Raises:
        DataError: the file cannot be read, no row is usable, or no row has tests.
    """
    read = list(_usable(settings, quarantine))
    if not read:
        first = quarantine.first_error
        raise DataError(
            f"no row is usable; the first error: {first}" if first else f"{settings.rows}: has no rows"
        )
    if not any(row.tests for row in read):
        named = settings.columns.tests or ", ".join(TESTS)
        raise DataError(
            f"{settings.rows}: no row has tests; expected Python assertions in a column ({named}), or as "
            f"'tests' in the column 'provenance'. Another column: columns.tests"
        )
    return read


def _usable(settings: TranslateSettings, quarantine: Quarantine) -> Iterator[PythonRow]:
    ids: set[str] = set()
    for number, (location, value) in enumerate(_all_rows(settings.rows, quarantine)):
        if settings.limit is not None and number >= settings.limit:
            return
        try:
            row = _row(location, json_object(location, value), settings)
            if row.id in ids:
                raise BadRow("duplicate id", f"{location}: an earlier row has the same id, {row.id!r}")
        except BadRow as error:
            quarantine.put(location, error, value)
            continue
        ids.add(row.id)
        yield row


def _all_rows(path: Path, quarantine: Quarantine) -> Iterator[Row]:
    """
    Raises:
        DataError: a file cannot be read, or a folder has no Parquet files.
    """
    if not path.is_dir():
        yield from rows(path, quarantine)
        return
    files = sorted(path.rglob("*.parquet"))
    if not files:
        raise DataError(f"{path}: no Parquet files there; expected a corpus folder, or a file of rows")
    for file in files:
        yield from rows(file, quarantine)


def _row(location: str, row: dict[str, Any], settings: TranslateSettings) -> PythonRow:
    columns, given = settings.columns, _provenance(location, row.get("provenance"))
    instruction = column_text(location, row, _name(location, row, columns.prompt, PROMPT, "prompt")).strip()
    if isinstance(row.get("input"), str):
        instruction = join_input(instruction, row["input"].strip(), "\n\n")
    answer = nonempty_text(location, row, _name(location, row, columns.code, CODE, "code"))
    code = _code(instruction, answer)
    return PythonRow(
        id=_id(row, instruction, code),
        instruction=instruction,
        code=code,
        tests=_tests(location, row, columns, given),
        entry_point=str(given.get("entry_point") or row.get("entry_point") or ""),
        licence=licence_text(row, given) or settings.licence,
        language=language_name(str(row.get("language") or "")),
        fenced="```" in answer,
    )


def _id(row: dict[str, Any], instruction: str, code: str) -> str:
    for name in ("id", "task_id"):
        if isinstance(row.get(name), str | int) and row[name] != "":
            return str(row[name])
    return text_digest(f"{instruction}\0{code}")[:16]


def _name(location: str, row: dict[str, Any], name: str | None, usual: Sequence[str], what: str) -> str:
    if name is not None:
        return name
    found = next((each for each in usual if row.get(each)), None)
    if found is None:
        columns = ", ".join(map(str, row))
        advice = f"name it with columns.{what}; the row has {columns}"
        raise BadRow("missing column", f"{location}: no column {', '.join(usual)}: {advice}")
    return found


def _tests(location: str, row: dict[str, Any], columns: RowColumns, given: dict[str, Any]) -> str:
    if columns.tests:
        tests = _lines(location, columns.tests, row.get(columns.tests))
    else:
        found = next((each for each in TESTS if row.get(each)), "")
        tests = _lines(location, found, row[found]) if found else str(given.get("tests") or "")
    setup = [columns.setup] if columns.setup else list(SETUP)
    before = [_lines(location, each, row.get(each)) for each in setup]
    return "\n".join(filter(None, (*before, tests))) if tests.strip() else ""


def _lines(location: str, column: str, value: Any) -> str:
    """A text, or the texts of a list (also one as JSON), one after the other."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        value = _json(value, value)
    texts = [value] if isinstance(value, str) else value if value is not None else []
    if not isinstance(texts, list) or not all(isinstance(each, str) for each in texts):
        raise BadRow("wrong type", f"{location}: column {column!r}: expected text, or a list of texts")
    return checked_text(location, f"column {column!r}", "\n".join(texts))


def _provenance(location: str, value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        value = _json(value, None)
    if value is not None and not isinstance(value, dict):
        raise BadRow("wrong type", f"{location}: column 'provenance': expected an object")
    return value or {}


def _json(text: str, otherwise: Any) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return otherwise


def _code(instruction: str, answer: str) -> str:
    """The Python code of an answer."""
    python = LANGUAGES.load("python")
    problem = Problem(
        id="",
        benchmark="",
        task="synthesize",
        language="python",
        instruction=instruction,
        declaration="",
        entry_point="",
        tests="",
    )
    return extract(python, problem, answer).candidate
