"""Read and write examples as Parquet files; files are written atomically."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from crosstune.errors import DataError
from crosstune.files import atomic_write, full_disk_is_incomplete
from crosstune.records import Example, Turn
from crosstune.storage import local_copy

TEXT = ("id", "prompt", "completion", "language", "task", "source")
REQUIRED = (*TEXT, "provenance")
COLUMNS = (*REQUIRED, "system", "history")
"""The columns of a file; an earlier version wrote only the required ones."""
INDEX = "funnel.json"
POINTER = b"version https://git-lfs.github.com/spec/"
GROUP_ROWS = 1000
GROUP_CHARACTERS = 32_000_000
"""A whole row group is held in memory; this limits its size if texts are very long."""


def write(path: Path, examples: Iterable[Example]) -> int:
    """Write ``examples`` to one Parquet file (zstd); return their number.

    Each field of an example is a text column; ``provenance`` is a JSON object, because its keys differ
    between sources, and ``history`` a JSON list. Equal examples in equal order give equal bytes.

    Raises:
        DataError: an example whose text UTF-8 cannot encode (a lone surrogate).
        Incomplete: the disk is full. ``path`` is then unchanged.
    """
    with full_disk_is_incomplete(path), atomic_write(path) as temporary:
        return _write(temporary, examples)


def _write(path: Path, examples: Iterable[Example]) -> int:
    count = 0
    with _writer(path) as writer:
        for group in _groups(examples):
            _write_group(writer, group)
            count += len(group)
    return count


def _writer(path: Path) -> Any:
    import pyarrow.parquet as pq

    return pq.ParquetWriter(
        path, _schema(), compression="zstd", compression_level=3, write_page_checksum=True
    )


def _schema() -> Any:
    import pyarrow as pa

    return pa.schema([(name, pa.string()) for name in COLUMNS])


def _write_group(writer: Any, group: list[Example]) -> None:
    import pyarrow as pa

    columns = {name: [getattr(each, name) for each in group] for name in (*TEXT, "system")}
    columns["provenance"] = [_provenance(each) for each in group]
    columns["history"] = [_history(each) for each in group]
    try:
        writer.write_table(pa.table(columns, schema=_schema()))
    except UnicodeEncodeError:
        raise _encoding_error(group) from None


class ShardWriter:
    """Writes examples to ``folder/NAME-00000.parquet`` and so on; ``most_characters`` limits each file.

    ``paths`` are the files; they are complete after `close`.
    """

    def __init__(self, folder: Path, name: str, most_characters: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._name, self._most_characters = folder, name, most_characters
        self._pending: list[Example] = []
        self._pending_characters = self._written_characters = 0
        self.paths: list[Path] = []
        self._open()

    def _open(self) -> None:
        self.paths.append(self._folder / f"{self._name}-{len(self.paths):05}.parquet")
        self._file = _writer(self.paths[-1])
        self._written_characters = 0

    def put(self, example: Example) -> None:
        if self._written_characters >= self._most_characters and not self._pending:
            self._file.close()
            self._open()
        self._pending.append(example)
        self._pending_characters += len(example.prompt) + len(example.completion)
        if len(self._pending) >= GROUP_ROWS or self._pending_characters >= GROUP_CHARACTERS:
            self._flush()

    def _flush(self) -> None:
        if self._pending:
            group, self._pending = self._pending, []
            _write_group(self._file, group)
            self._written_characters += self._pending_characters
            self._pending_characters = 0

    def close(self) -> None:
        try:
            self._flush()
        finally:
            self._file.close()


def _groups(examples: Iterable[Example]) -> Iterator[list[Example]]:
    group: list[Example] = []
    characters = 0
    for each in examples:
        group.append(each)
        characters += len(each.prompt) + len(each.completion)
        if len(group) >= GROUP_ROWS or characters >= GROUP_CHARACTERS:
            yield group
            group, characters = [], 0
    if group:
        yield group


def _provenance(example: Example) -> str:
    return json.dumps(dict(example.provenance), ensure_ascii=False, sort_keys=True)


def _history(example: Example) -> str:
    return json.dumps([dataclasses.asdict(turn) for turn in example.history], ensure_ascii=False)


def _encoding_error(group: list[Example]) -> DataError:
    for example in group:
        for name in COLUMNS:
            try:
                str(getattr(example, name)).encode()
            except UnicodeEncodeError as error:
                return DataError(f"example {example.id!a}: its {name} is not text: {error.reason}")
    return DataError("an example is not text")


def read(path: Path) -> Iterator[Example]:
    """Read the examples of a Parquet file, or of all Parquet files below a folder, sorted by path.

    Raises:
        DataError: no such file, not Parquet, or a column or value is missing or has another type.
    """
    for file in files(path):
        yield from _read(file)


def count(path: Path) -> int:
    """The number of examples that `read` yields, read from the files' footers; raises the same errors."""
    return sum(_open(file).metadata.num_rows for file in files(path))


def files(path: Path) -> list[Path]:
    """The Parquet files of a corpus, sorted.

    If the folder has a funnel.json, they are the files it lists: a killed run may have left other files.

    Raises:
        DataError: no such file or folder, or a folder without Parquet files.
    """
    path = local_copy(path)
    if path.is_file():
        return [path]
    if (index := path / INDEX).is_file():
        return _indexed(index)
    parquet = sorted(each for each in path.rglob("*.parquet") if not each.name.startswith("."))
    if not parquet:
        what = "no Parquet file in this folder" if path.is_dir() else "no such file or folder"
        raise DataError(f"{path}: {what}; expected a corpus")
    return parquet


def _indexed(index: Path) -> list[Path]:
    try:
        return sorted(index.parent / name for name in json.loads(index.read_text("utf-8"))["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{index}: not the index of a corpus: {error}") from None


def _open(path: Path) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        parquet = pq.ParquetFile(path, page_checksum_verification=True)
    except (pa.ArrowInvalid, OSError) as error:
        if path.is_file() and path.read_bytes()[: len(POINTER)] == POINTER:
            raise DataError(f"{path}: a pointer of Git LFS, not the data; get them: git lfs pull") from None
        raise DataError(f"{path}: not a readable Parquet file: {error}") from None
    if missing := [name for name in REQUIRED if name not in parquet.schema_arrow.names]:
        expected = ", ".join(REQUIRED)
        raise DataError(f"{path}: not a corpus: the column {missing[0]!r} is missing; expected {expected}")
    return parquet


def _read(path: Path) -> Iterator[Example]:
    import pyarrow as pa

    row = 0
    try:
        parquet = _open(path)
        columns = [name for name in COLUMNS if name in parquet.schema_arrow.names]
        for batch in parquet.iter_batches(GROUP_ROWS, columns=columns):
            for values in batch.to_pylist():
                yield _example(path, row, values)
                row += 1
    except (pa.ArrowInvalid, OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: damaged after row {row}: {error}") from None


def _example(path: Path, row: int, values: dict[str, Any]) -> Example:
    for name, value in values.items():
        if not isinstance(value, str):
            actual = type(value).__name__
            raise DataError(f"{path}: row {row}: column {name!r}: expected text, found {actual}")
    try:
        provenance = json.loads(values["provenance"])
    except ValueError:
        provenance = None
    if not isinstance(provenance, dict):
        raise DataError(f"{path}: row {row}: column 'provenance': expected a JSON object")
    try:
        history = tuple(Turn(**turn) for turn in json.loads(values.get("history", "[]")))
    except (ValueError, TypeError):
        raise DataError(f"{path}: row {row}: column 'history': expected a JSON list of messages") from None
    return Example(**{**values, "provenance": provenance, "history": history})
