"""Read the rows of data files, each with its location for error messages."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from crosstune.errors import DataError
from crosstune.records import Requirement
from crosstune.sources._quarantine import MAX_LENGTH, BadRow, Quarantine

Row = tuple[str, Any]
"""(location, value): for example ``data.jsonl:12`` and the JSON value of that line."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """In place of a value of a Parquet file that cannot be read; ``what`` it is."""

    what: str


BATCH = 1000
READ_BYTES = 1 << 18
COMPRESSED = (".gz", ".zst")
MAGIC = {b"\x1f\x8b": ("gzipped", ".gz"), b"\x28\xb5\x2f\xfd": ("compressed by zstd", ".zst")}


def rows(path: Path, quarantine: Quarantine | None = None) -> Iterator[Row]:
    """The rows of a ``.jsonl``, ``.ndjson``, ``.json`` (one list) or ``.parquet`` file; all but Parquet
    may be compressed (``.gz``, ``.zst``). Unusable lines go to ``quarantine`` if it is given.

    Raises:
        DataError: the file is missing, damaged or has an unknown extension; without ``quarantine`` also
            a line that is too long, not UTF-8 or not JSON, with its number.
    """
    packed = path.suffix.lower() in COMPRESSED
    extension = path.with_suffix("").suffix.lower() if packed else path.suffix.lower()
    reader = READERS.get(extension)
    if reader is None or (packed and reader is _parquet):
        known = f"{', '.join(READERS)} (all but Parquet also with {' or '.join(COMPRESSED)})"
        raise DataError(f"{path}: unknown extension; expected one of {known}")
    try:
        check_kind(path, path.suffix.lower())
        if reader is _lines:
            yield from _lines(path, quarantine)
        else:
            yield from reader(path)
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except (OSError, EOFError, zlib.error) as error:
        advice = "; it is cut off or damaged: get it again" if packed else ""
        raise DataError(f"{path}: cannot be read: {error}{advice}") from None


def check_kind(path: Path, suffix: str) -> None:
    """Recognise files that are not what their name says.

    Raises:
        DataError: it is a pointer of Git LFS, compressed without the ending, or UTF-16.
    """
    with path.open("rb") as file:
        head = file.read(64)
    if head.startswith(b"version https://git-lfs.github.com/spec/"):
        raise DataError(f"{path}: a pointer of Git LFS, not the data; get them: git lfs pull")
    for magic, (kind, ending) in MAGIC.items():
        if head.startswith(magic) and suffix != ending:
            raise DataError(f"{path}: is {kind}; rename it to end in {ending}")
        if suffix == ending and not head:
            raise DataError(f"{path}: is empty, so not even {kind}: get it again")
        if suffix == ending and head.startswith((b"{", b"[")):
            raise DataError(f"{path}: is not {kind}; rename it without {ending}")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\0" in head:
        raise DataError(f"{path}: is UTF-16; expected UTF-8: iconv -f UTF-16 -t UTF-8")


def file_requirement(name: str, path: Path, advice: str) -> Requirement:
    """The requirement that the file ``path``, called ``name`` in messages, exists."""
    return Requirement(f"{name} {path}", path.is_file(), advice)


def _open(path: Path) -> BinaryIO:
    if path.suffix.lower() == ".gz":
        return gzip.open(path)  # type: ignore[return-value]
    if path.suffix.lower() == ".zst":
        import pyarrow as pa

        return pa.input_stream(str(path), compression="zstd")  # type: ignore[no-any-return]
    return path.open("rb")


def _lines(path: Path, quarantine: Quarantine | None = None) -> Iterator[Row]:
    with _open(path) as stream:
        for number, line in enumerate(_split_lines(stream), start=1):
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


def _split_lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the lines, which end in a line feed, a carriage return or both; a line that is too long is cut
    off one byte after the limit."""
    rest = b""
    while chunk := bytes(stream.read(READ_BYTES)):
        # What follows a carriage return at the end may be its line feed.
        lines = (rest + chunk).splitlines(keepends=True)
        rest = b"" if lines[-1].endswith(b"\n") else lines.pop()
        yield from lines
        rest = rest if rest.endswith(b"\r") else rest[: MAX_LENGTH + 1]
    if rest:
        yield rest


def _list(path: Path) -> Iterator[Row]:
    with _open(path) as stream:
        text = stream.read()
    try:
        values = _json(text, str(path))
    except BadRow as error:
        advice = "; JSON lines need the ending .jsonl" if text.lstrip()[:1] == b"{" else ""
        raise DataError(f"{error}{advice}") from None
    if not isinstance(values, list):
        raise DataError(f"{path}: expected a JSON list of objects, found {json_type(values)}")
    for index, value in enumerate(values):
        yield f"{path}: item {index}", value


def _json(text: bytes, location: str) -> Any:
    if b"\0" in text and not text.strip(b"\0\r\n "):
        raise BadRow("NUL", f"{location}: only NUL bytes: it was not written to its end")
    try:
        return json.loads(text.decode().removeprefix("\ufeff"))
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
        try:
            values = batch.to_pylist()
        except (ValueError, OverflowError):
            values = [_value_by_value(batch, row) for row in range(len(batch))]
        yield list(enumerate(values, start=number))
        number += len(values)


def _value_by_value(batch: Any, row: int) -> dict[str, Any]:
    """A row in which a value that Python cannot hold is `Unreadable`: perhaps no other value is."""
    values: dict[str, Any] = {}
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        try:
            values[name] = column[row].as_py()
        except UnicodeDecodeError:
            values[name] = Unreadable("text that is not UTF-8")
        except (ValueError, OverflowError):
            values[name] = Unreadable(f"a {column.type} out of range")
    return values


READERS: dict[str, Callable[[Path], Iterator[Row]]] = {
    ".jsonl": _lines,
    ".ndjson": _lines,
    ".json": _list,
    ".parquet": _parquet,
}


def json_type(value: Any) -> str:
    """The JSON name of a value's type, with its article; Parquet has more types."""
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}
    names |= {int: "a number", float: "a number", bytes: "bytes"}
    if isinstance(value, Unreadable):
        return value.what
    return names.get(type(value), f"a value of type {type(value).__name__}")
