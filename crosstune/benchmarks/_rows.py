"""Read the rows of HumanEval's descendants: one file per language, one JSON object per line."""

from __future__ import annotations

import functools
import gzip
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from crosstune.errors import DataError
from crosstune.languages import LANGUAGES
from crosstune.records import Problem, Requirement

Row = dict[str, str]

_WORD = re.compile(r"[A-Za-z_]\w*")
_STATEMENTS = frozenset({"for", "if", "while", "switch", "return"})
_GO_FUNCTION = re.compile(r"^func[ \t]+(\w+)[\s\S]*?^\}", re.MULTILINE)
_BEFORE_PARAMETERS = re.compile(r"\b([A-Za-z_]\w*)\s*(?:=\s*)?\(")


def find(folder: Path, language: str, prefixes: Iterable[str] = ("",)) -> Path:
    """The file of a language: ``python.jsonl`` or ``python.jsonl.gz``, with any of the language's names and
    any of ``prefixes``.

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
    raise DataError(f"{folder}: no file for {language}; looked for {', '.join(candidates)}")


@functools.lru_cache(maxsize=16)
def read(file: Path, fields: tuple[str, ...]) -> tuple[Row, ...]:
    """All rows of ``file``, each with at least ``fields`` as text.

    Raises:
        DataError: it cannot be read, a line is not JSON, or a field is missing; the message names file and
            line.
    """
    return tuple(_rows(file, fields))


def _rows(file: Path, fields: tuple[str, ...]) -> Iterator[Row]:
    for number, line in enumerate(_lines(file), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise DataError(f"{file}:{number}: not JSON: {error}") from None
        if not isinstance(row, dict):
            raise DataError(f"{file}:{number}: expected an object, found {type(row).__name__}")
        for field in fields:
            if not isinstance(row.get(field), str):
                actual = type(row[field]).__name__ if field in row else "nothing"
                raise DataError(f"{file}:{number}: field {field!r}: expected text, found {actual}")
        yield row


def _lines(file: Path) -> list[str]:
    try:
        content = file.read_bytes()
        text = gzip.decompress(content) if file.suffix == ".gz" else content
        return text.decode("utf-8").splitlines()
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise DataError(f"{file}: cannot be read: {error}") from None


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
