"""Rows of data files, each with the place it stands at, so that a fault can name it."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from crosstune.errors import DataError

Row = tuple[str, Any]
"""(place, value): ``data.jsonl:12`` and what stands there, of whatever type."""

BATCH = 1000


def rows(path: Path) -> Iterator[Row]:
    """The rows of a ``.jsonl``, ``.ndjson``, ``.json`` (one list) or ``.parquet`` file, of the first
    three also with ``.gz`` behind.

    Raises:
        DataError: no such file, an unknown ending, damaged, not UTF-8 or not JSON: with the line.
    """
    ending = "".join(path.suffixes[-2:] if path.suffix == ".gz" else path.suffixes[-1:]).lower()
    reader = READERS.get(ending.removesuffix(".gz"))
    if reader is None or ending == ".parquet.gz":
        raise DataError(
            f"{path}: unknown ending; expected one of {', '.join(READERS)} (.gz, but for Parquet)"
        )
    try:
        yield from reader(path)
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except (OSError, EOFError, zlib.error) as fault:
        raise DataError(f"{path}: cannot be read: {fault}") from None


def _open(path: Path) -> BinaryIO:
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]


def _lines(path: Path) -> Iterator[Row]:
    with _open(path) as stream:
        for number, line in enumerate(stream, start=1):
            if line.strip():
                yield f"{path}:{number}", _json(line, f"{path}:{number}")


def _list(path: Path) -> Iterator[Row]:
    with _open(path) as stream:
        values = _json(stream.read(), str(path))
    if not isinstance(values, list):
        raise DataError(f"{path}: expected a JSON list of objects, found {kind(values)}")
    for index, value in enumerate(values):
        yield f"{path}: item {index}", value


def _json(text: bytes, place: str) -> Any:
    try:
        return json.loads(text.decode())
    except UnicodeDecodeError as fault:
        raise DataError(f"{place}: not UTF-8: {fault.reason} at byte {fault.start}") from None
    except (ValueError, RecursionError) as fault:
        raise DataError(f"{place}: not JSON: {fault}") from None


def _parquet(path: Path) -> Iterator[Row]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        for batch in _numbered(pq.ParquetFile(path).iter_batches(BATCH)):
            yield from ((f"{path}: row {number}", value) for number, value in batch)
    except pa.ArrowInvalid as fault:
        raise DataError(f"{path}: not a readable Parquet file: {fault}") from None


def _numbered(batches: Iterable[Any]) -> Iterator[list[tuple[int, Any]]]:
    number = 0
    for batch in batches:
        values = batch.to_pylist()
        yield list(enumerate(values, start=number))
        number += len(values)


READERS: dict[str, Callable[[Path], Iterator[Row]]] = {
    ".jsonl": _lines,
    ".ndjson": _lines,
    ".json": _list,
    ".parquet": _parquet,
}


def kind(value: Any) -> str:
    """A JSON value's type in JSON's words."""
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
