"""Read the rows of HumanEval's descendants: one file per language, one JSON object per line."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from crosstune.benchmarks import _files
from crosstune.errors import DataError
from crosstune.languages import LANGUAGES
from crosstune.records import Problem, Requirement

Row = dict[str, str]
_NEVER_EMPTY = frozenset({"task_id", "test"})
_OPTIONAL = ("import", "test_setup", "entry_point")
"""Fields that are used where a row has them."""

_WORD = re.compile(r"[A-Za-z_]\w*")
_STATEMENTS = frozenset({"for", "if", "while", "switch", "return"})
_GO_FUNCTION = re.compile(r"^func[ \t]+(\w+)[\s\S]*?^\}", re.MULTILINE)
_BEFORE_PARAMETERS = re.compile(r"\b([A-Za-z_]\w*)\s*(?:=\s*)?\(")


def find(folder: Path, language: str, prefixes: Iterable[str] = ("",)) -> Path:
    """The file of a language: ``python.jsonl`` or ``python.jsonl.gz``, with any of the language's names and
    any of ``prefixes``, or the only one in ``data/python/data``, as these datasets are on the Hub.

    Raises:
        DataError: no such folder or file; the message names the files that were tried.
    """
    if not folder.is_dir():
        raise DataError(
            f"{folder}: no such folder; expected one with a file <language>.jsonl.gz for each language"
        )
    names = dict.fromkeys((language, *LANGUAGES.load(language).fences))
    candidates = [
        f"{prefix}{name}{end}" for prefix in prefixes for name in names for end in (".jsonl.gz", ".jsonl")
    ]
    for name in candidates:
        if (folder / name).is_file():
            return folder / name
    for place in (folder / "data" / name / "data" for name in names):
        found = sorted(place.glob("*.jsonl*"))
        if len(found) > 1:
            raise DataError(f"{place}: several files: {', '.join(file.name for file in found)}")
        if found:
            return found[0]
    tried = [*candidates, *(f"data/{name}/data/*.jsonl" for name in names)]
    raise DataError(f"{folder}: no file for {language}; looked for {', '.join(tried)}")


def downloaded(hub: str) -> dict[str, str]:
    """The settings of a benchmark whose dataset has been downloaded from the Hub; empty if it has not."""
    folder = _files.in_the_hubs_cache(hub)
    return {"data": str(folder)} if folder else {}


def read(file: Path, fields: tuple[str, ...]) -> tuple[Row, ...]:
    """All rows of ``file``, each with at least ``fields`` as text; id and tests are not empty.

    Raises:
        DataError: it cannot be read or has no rows, a line is not JSON, a field is missing or not text, or an
            id is that of an earlier row; the message names file, line and reason.
    """
    rows, bad = _read(file, fields, _files.stamp_of(file))
    if bad:
        raise DataError(_files.summary(bad))
    return rows


def usable(file: Path, fields: tuple[str, ...], *, allow_partial: bool) -> tuple[Row, ...]:
    """The rows of ``file``; with ``allow_partial`` without those for which `read` would raise.

    Raises:
        DataError: see `read`; the message also says how to leave such rows out.
    """
    rows, bad = _read(file, fields, _files.stamp_of(file))
    if bad and not allow_partial:
        raise DataError(f"{_files.summary(bad)}\n{_files.LEAVING_OUT}")
    return rows


def unusable(file: Path, fields: tuple[str, ...]) -> tuple[str, ...]:
    """The rows that `usable` leaves out: file, line and reason.

    Raises:
        DataError: the file cannot be read, or has no rows.
    """
    return _read(file, fields, _files.stamp_of(file))[1]


@functools.lru_cache(maxsize=16)
def _read(
    file: Path, fields: tuple[str, ...], stamp: tuple[int, int]
) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """The rows, and what is wrong with the others."""
    rows: dict[str, Row] = {}
    bad: list[str] = []
    for number, row in _files.read(file, stamp):
        if reason := _why_unusable(row, fields, rows):
            bad.append(f"{file}:{number}: {reason}")
        elif isinstance(row, dict):
            rows[row["task_id"]] = row
    if not rows and not bad:
        raise DataError(f"{file}: no rows")
    return tuple(rows.values()), tuple(bad)


def _why_unusable(
    row: Mapping[str, Any] | _files.Damaged, fields: Iterable[str], earlier: Mapping[str, Row]
) -> str:
    """Why ``row`` makes no problem; empty if it does."""
    if isinstance(row, _files.Damaged):
        return row.reason
    for field in (*fields, *(name for name in _OPTIONAL if row.get(name) is not None)):
        if not isinstance(row.get(field), str):
            found = "nothing" if row.get(field) is None else type(row[field]).__name__
            return f"field {field!r}: expected text, found {found}"
        if field in _NEVER_EMPTY and not row[field].strip():
            return f"field {field!r} is empty"
    name = row["task_id"]
    return f"an earlier row has the id {name!r} too" if name in earlier else ""


def entry_point(row: Row) -> str:
    """The name of the function that the tests of a row call: that of its own field if they name it (some rows
    misspell it), else the last one in the declaration before a parameter list. Empty if there is none."""
    declared = [match[1] for match in _BEFORE_PARAMETERS.finditer(row["declaration"])]
    names = [*declared, row.get("entry_point", "")]
    tested = set(_WORD.findall(row["test"])) - _STATEMENTS
    return next((name for name in reversed(names) if name in tested), "")


def repaired(row: Row) -> Row:
    """Cut CPP/38's declaration where the function begins: it extends into the body, with open braces."""
    code = row["declaration"] + row["canonical_solution"]
    begin = row["declaration"].rfind(f"{row.get('entry_point') or entry_point(row)}(")
    if code.count("{") <= code.count("}") or begin < 0:
        return row
    return {**row, "declaration": row["declaration"][: row["declaration"].index("\n", begin) + 1]}


def helpers(row: Row) -> str:
    """Functions that the tests or the solution call and only the prompt defines, as in Go/10, 32, 38 and
    50."""
    matches = _GO_FUNCTION.finditer(row["prompt"])
    return "\n\n".join(match[0] for match in matches if f"func {match[1]}(" not in row["declaration"])


def with_helpers(problem: Problem, candidate: str) -> str:
    """The candidate and those of the problem's `helpers` that it does not define."""
    own = re.findall(r"^func[ \t]+(\w+)", candidate, re.MULTILINE)
    matches = _GO_FUNCTION.finditer(problem.extra.get("helpers", ""))
    return "\n\n".join((candidate, *(match[0] for match in matches if match[1] not in own)))


def libraries(language: str) -> Sequence[Requirement]:
    """The libraries that some rows of HumanEval's descendants use."""
    judging = LANGUAGES.load(language).judging
    return judging.libraries() if judging else ()
