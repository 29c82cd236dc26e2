"""Read the rows of data files, each with its location for error messages."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from crosstune.errors import DataError
from crosstune.records import Requirement
from crosstune.sources._quarantine import MAX_LENGTH, BadRow, Quarantine

Row = tuple[str, Any]
"""(location, value): for example ``data.jsonl:12`` and the JSON value of that line."""

BATCH = 1000


def rows(path: Path, quarantine: Quarantine | None = None) -> Iterator[Row]:
    """The rows of a ``.jsonl``, ``.ndjson``, ``.json`` (one list) or ``.parquet`` file; all but Parquet
    may be gzipped (``.gz``). Unusable lines go to ``quarantine`` if it is given.

    Raises:
        DataError: the file is missing, damaged or has an unknown extension; without ``quarantine`` also
            a line that is too long, not UTF-8 or not JSON, with its number.
    """
    extension = "".join(path.suffixes[-2:] if path.suffix == ".gz" else path.suffixes[-1:]).lower()
    reader = READERS.get(extension.removesuffix(".gz"))
    if reader is None or extension == ".parquet.gz":
        raise DataError(
            f"{path}: unknown extension; expected one of {', '.join(READERS)} (all but Parquet also with .gz)"
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


def file_requirement(name: str, path: Path, advice: str) -> Requirement:
    """The requirement that the file ``path``, called ``name`` in messages, exists."""
    return Requirement(f"{name} {path}", path.is_file(), advice)


def _open(path: Path) -> BinaryIO:
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]


def _lines(path: Path, quarantine: Quarantine | None = None) -> Iterator[Row]:
    with _open(path) as stream:
        for number, line in enumerate(_truncated_lines(stream), start=1):
            if not line.strip():
                continue
            location = f"{path}:{number}"
            try:
                if len(line) > MAX_LENGTH:
                    raise BadRow("too long", f"{location}: a line of more than {MAX_LENGTH:,} bytes")
                value = _json(line, location)
            except BadRow as error:
                if quarantine is None:
                    raise
                quarantine.put(location, error, line)
            else:
                yield location, value


def _truncated_lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the lines; a line that is too long is cut off one byte after the limit."""
    while line := stream.readline(MAX_LENGTH + 1):
        rest = line
        while len(rest) > MAX_LENGTH and not rest.endswith(b"\n"):
            rest = stream.readline(MAX_LENGTH + 1)
        yield line


def _list(path: Path) -> Iterator[Row]:
    with _open(path) as stream:
        values = _json(stream.read(), str(path))
    if not isinstance(values, list):
        raise DataError(f"{path}: expected a JSON list of objects, found {json_type(values)}")
    for index, value in enumerate(values):
        yield f"{path}: item {index}", value


def _json(text: bytes, location: str) -> Any:
    try:
        return json.loads(text.decode())
    except UnicodeDecodeError as error:
        raise BadRow("not UTF-8", f"{location}: not UTF-8: {error.reason} at byte {error.start}") from None
    except (ValueError, RecursionError) as error:
        raise BadRow("not JSON", f"{location}: not JSON: {error}") from None


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


def json_type(value: Any) -> str:
    """The JSON name of a value's type, with its article."""
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
