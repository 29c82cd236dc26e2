"""The files of rows: found by pattern, read as JSON lines, JSON, CSV, TSV or Parquet; text may be gzipped."""

from __future__ import annotations

import codecs
import csv
import functools
import gzip
import io
import json
import os
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crosstune.errors import DataError
from crosstune.languages import LANGUAGES
from crosstune.user_folders import expanded

_LONGEST_VALUE = 1 << 30
"""Characters of a value in a CSV file."""

_LINES, _JSON, _TABLES = (".jsonl", ".ndjson"), ".json", {".csv": ",", ".tsv": "\t"}
_GZIP = b"\x1f\x8b"
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_KINDS = f"{', '.join((*_LINES, _JSON, *_TABLES))} (each also with .gz) or .parquet"

Rows = tuple[tuple[int, "dict[str, Any] | Damaged"], ...]
"""Rows with their numbers: lines of a text file, from 1."""


@dataclass(frozen=True)
class Damaged:
    """A row that cannot be read."""

    reason: str


_SHOWN = 5
LEAVING_OUT = "--allow-partial (allow_partial: true) leaves out such rows"


def summary(bad: Sequence[str]) -> str:
    """The first of several bad rows, and how many more there are."""
    more = f"\nand {len(bad) - _SHOWN} more" if len(bad) > _SHOWN else ""
    return "\n".join(bad[:_SHOWN]) + more


def find(data: Path, patterns: Iterable[str], language: str, name: str | None) -> Path:
    """The file of a language: ``data`` itself if it is a file, else the first in it that a pattern matches.

    Raises:
        DataError: there is none, or a pattern matches several; the message names what was tried.
    """
    if data.is_file():
        return data
    if not data.is_dir():
        raise DataError(f"{data}: no such file or folder")
    target = LANGUAGES.load(language)
    names = [name] if name else [language, *target.fences, target.title, language.upper()]
    if absolute := next((pattern for pattern in patterns if Path(pattern).is_absolute()), None):
        raise DataError(f"file pattern {absolute!r}: expected one that is relative to data, {data}")
    tried = dict.fromkeys(pattern.replace("{language}", each) for pattern in patterns for each in names)
    for pattern in tried:
        found = sorted(data.glob(pattern))
        if len(found) > 1:
            raise DataError(f"{data}: several files match {pattern}: {', '.join(p.name for p in found)}")
        if found:
            return found[0]
    raise DataError(f"{data}: no file for {language}; looked for {', '.join(tried)}")


def in_the_hubs_cache(dataset: str) -> Path | None:
    """The folder of a dataset that was downloaded from the Hub, if this machine has it."""
    home = Path(os.environ.get("HF_HOME") or expanded("~/.cache/huggingface"))
    folder = Path(os.environ.get("HF_HUB_CACHE") or home / "hub") / f"datasets--{dataset.replace('/', '--')}"
    main = folder / "refs" / "main"
    if not main.is_file():
        return None
    snapshot = folder / "snapshots" / main.read_text("utf-8").strip()
    return snapshot if snapshot.is_dir() else None


@functools.lru_cache(maxsize=32)
def read(file: Path, stamp: tuple[int, int]) -> Rows:  # noqa: ARG001 (the stamp is part of the cache's key)
    """The rows of ``file``; ``stamp`` is `stamp_of` it.

    Raises:
        DataError: it cannot be read.
    """
    try:
        return tuple(_rows(file))
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise DataError(f"{file}:{line}: not UTF-8: {error}") from None
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{file}: cannot be read: {error}") from None


def stamp_of(file: Path) -> tuple[int, int]:
    """What changes when the file does: its time and size.

    Raises:
        DataError: there is no such file.
    """
    try:
        status = file.stat()
    except OSError as error:
        raise DataError(f"{file}: cannot be read: {error}") from None
    return status.st_mtime_ns, status.st_size


def _rows(file: Path) -> Iterator[tuple[int, dict[str, Any] | Damaged]]:
    if file.suffix == ".parquet":
        yield from enumerate(_parquet(file), 1)
        return
    kind = (file.with_suffix("") if file.suffix == ".gz" else file).suffix
    if kind not in (*_LINES, _JSON, *_TABLES):
        raise DataError(f"{file}: unknown kind of file; expected {_KINDS}")
    content = file.read_bytes()
    if file.suffix == ".gz" or content.startswith(_GZIP):
        content = gzip.decompress(content)
    if kind in _LINES:
        yield from _lines(content)
        return
    text = content.decode("utf-8-sig")
    if kind in _TABLES:
        yield from _table(file, text, _TABLES[kind])
        return
    whole = _json(text) if kind == _JSON else None
    if isinstance(whole, Damaged) and text.lstrip().startswith("["):
        raise DataError(f"{file}: {whole.reason}")
    if rows := _listed(whole):
        yield from enumerate(map(_object, rows), 1)
        return
    if isinstance(whole, dict) and len(text.strip().split("\n")) > 1:
        raise DataError(
            f"{file}: expected a list of rows, an object with one key that has it, or an object of rows; "
            f"found an object with {', '.join(whole)}"
        )
    yield from _lines(content)


def _lines(content: bytes) -> Iterator[tuple[int, dict[str, Any] | Damaged]]:
    for number, line in enumerate(content.removeprefix(codecs.BOM_UTF8).split(b"\n"), 1):
        if line.strip():
            yield number, _row(line)


def _row(line: bytes) -> dict[str, Any] | Damaged:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        return Damaged(f"not UTF-8: {error}")
    return _object(_json(text))


def _listed(whole: Any) -> list[Any]:
    """The rows of a JSON file, or nothing: a list, an object with one key that has it, or an object whose
    keys are the rows' names."""
    if isinstance(whole, list):
        return whole
    if not isinstance(whole, dict) or not whole:
        return []
    values = list(whole.values())
    if len(values) == 1 and isinstance(values[0], list) and all(isinstance(each, dict) for each in values[0]):
        return values[0]
    if all(isinstance(each, dict) for each in values):
        return [{"row_key": key, **row} for key, row in whole.items()]
    return []


def _parquet(file: Path) -> Iterator[dict[str, Any]]:
    import pyarrow as pa
    import pyarrow.parquet

    try:
        rows: list[dict[str, Any]] = pyarrow.parquet.read_table(file).to_pylist()
    except pa.ArrowException as error:
        raise DataError(f"{file}: cannot be read as Parquet: {error}") from None
    return iter(rows)


def _table(file: Path, text: str, delimiter: str) -> Iterator[tuple[int, dict[str, Any] | Damaged]]:
    """The rows of a CSV or TSV file with a heading; each with its last line, as a value may have several."""
    csv.field_size_limit(_LONGEST_VALUE)
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    names = list(reader.fieldnames or ())
    if repeated := [name for name in names if names.count(name) > 1]:
        raise DataError(f"{file}:1: the heading has the column {repeated[0]!r} twice")
    try:
        yield from _table_rows(reader)
    except csv.Error as error:
        raise DataError(f"{file}: after line {reader.line_num}: cannot be read: {error}") from None


def _table_rows(reader: csv.DictReader[str]) -> Iterator[tuple[int, dict[str, Any] | Damaged]]:
    for row in reader:
        width = len(reader.fieldnames or ())
        if None in row or None in row.values():
            count = sum(value is not None for value in row.values()) + len(row.get(None) or [None]) - 1
            yield reader.line_num, Damaged(f"{count} values, but the heading has {width}")
        else:
            yield reader.line_num, dict(row)


def _json(text: str) -> Any:
    try:
        found = json.loads(text, object_pairs_hook=_without_repetition)
        if _SURROGATE.search(text):
            json.dumps(found, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return Damaged("half a surrogate pair, which is no character, in a text")
    except _Repeated as error:
        return Damaged(str(error))
    except (ValueError, RecursionError) as error:
        return Damaged(f"not JSON: {error}")
    return found


class _Repeated(Exception):
    """A key occurs twice in an object."""


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise _Repeated(f"the key {repeated!r} is given twice in an object")
    return found


def _object(row: Any) -> dict[str, Any] | Damaged:
    if isinstance(row, dict | Damaged):
        return row
    return Damaged(f"expected an object, found {type(row).__name__}")
