"""Rows of data files, each with the place it stands at, so that a fault can name it."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from crosstune.errors import DataError
from crosstune.sources._quarantine import LONGEST, BadRow, Quarantine

Row = tuple[str, Any]
"""(place, value): ``data.jsonl:12`` and what stands there, of whatever type."""

BATCH = 1000


def rows(path: Path, quarantine: Quarantine | None = None) -> Iterator[Row]:
    """The rows of a ``.jsonl``, ``.ndjson``, ``.json`` (one list) or ``.parquet`` file, of the first
    three also with ``.gz`` behind. Lines that hold none go to ``quarantine`` if there is one.

    Raises:
        DataError: no such file, an unknown ending or damaged; without ``quarantine`` also a line that is
            too long, not UTF-8 or not JSON: with its number.
    """
    ending = "".join(path.suffixes[-2:] if path.suffix == ".gz" else path.suffixes[-1:]).lower()
    reader = READERS.get(ending.removesuffix(".gz"))
    if reader is None or ending == ".parquet.gz":
        raise DataError(
            f"{path}: unknown ending; expected one of {', '.join(READERS)} (.gz, but for Parquet)"
        )
    try:
        if reader is _lines:
            yield from _lines(path, quarantine)
        else:
            yield from reader(path)
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path}: cannot be read: {error}") from None


def _open(path: Path) -> BinaryIO:
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]


def _lines(path: Path, quarantine: Quarantine | None = None) -> Iterator[Row]:
    with _open(path) as stream:
        for number, line in enumerate(_cut(stream), start=1):
            if not line.strip():
                continue
            place = f"{path}:{number}"
            try:
                if len(line) > LONGEST:
                    raise BadRow("too long", f"{place}: a line of more than {LONGEST:,} bytes")
                value = _json(line, place)
            except BadRow as error:
                if quarantine is None:
                    raise
                quarantine.put(place, error, line)
            else:
                yield place, value


def _cut(stream: BinaryIO) -> Iterator[bytes]:
    """The lines; of one that is too long only its beginning, one byte longer than is allowed."""
    while line := stream.readline(LONGEST + 1):
        rest = line
        while len(rest) > LONGEST and not rest.endswith(b"\n"):
            rest = stream.readline(LONGEST + 1)
        yield line


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
    except UnicodeDecodeError as error:
        raise BadRow("not UTF-8", f"{place}: not UTF-8: {error.reason} at byte {error.start}") from None
    except (ValueError, RecursionError) as error:
        raise BadRow("not JSON", f"{place}: not JSON: {error}") from None


def _parquet(path: Path) -> Iterator[Row]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        for batch in _numbered(pq.ParquetFile(path).iter_batches(BATCH)):
            yield from ((f"{path}: row {number}", value) for number, value in batch)
    except pa.ArrowInvalid as error:
        raise DataError(f"{path}: not a readable Parquet file: {error}") from None


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
