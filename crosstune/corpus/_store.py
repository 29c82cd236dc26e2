"""Examples as Parquet: written aside and renamed, so what stands there is whole."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from crosstune.errors import DataError, Incomplete
from crosstune.records import Example

T = TypeVar("T")
TEXT = ("id", "prompt", "completion", "language", "task", "source")
COLUMNS = (*TEXT, "provenance")
INDEX = "funnel.json"
GROUP_ROWS = 1000
GROUP_CHARACTERS = 32_000_000  # a row group stands in memory whole: a few huge files must not fill it


def write(path: Path, examples: Iterable[Example]) -> int:
    """Write ``examples`` to one Parquet file (zstd); how many there were.

    One text column for each field of an example; ``provenance`` is a JSON object, as its keys differ
    from source to source. Equal examples in equal order give equal bytes.

    Raises:
        DataError: an example whose text no UTF-8 file can hold (half a surrogate pair).
        Incomplete: the disk is full. Whatever stood at ``path`` before still stands there.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")

    def all_of_it() -> int:
        path.parent.mkdir(parents=True, exist_ok=True)
        count = _write(aside, examples)
        aside.replace(path)
        return count

    try:
        return guarded(path, all_of_it)
    finally:
        aside.unlink(missing_ok=True)


def guarded(path: Path, work: Callable[[], T]) -> T:
    """What ``work``, which writes to ``path``, returns; a full disk is `Incomplete`."""
    try:
        return work()
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        raise Incomplete(f"{path}: the disk is full; free some room and run it again") from None


def _write(path: Path, examples: Iterable[Example]) -> int:
    count = 0
    with _writer(path) as writer:
        for group in _groups(examples):
            _put(writer, group)
            count += len(group)
    return count


def _writer(path: Path) -> Any:
    import pyarrow.parquet as pq

    return pq.ParquetWriter(path, _schema(), compression="zstd", compression_level=3)


def _schema() -> Any:
    import pyarrow as pa

    return pa.schema([(name, pa.string()) for name in COLUMNS])


def _put(writer: Any, group: list[Example]) -> None:
    import pyarrow as pa

    columns = {name: [getattr(each, name) for each in group] for name in TEXT}
    columns["provenance"] = [_provenance(each) for each in group]
    try:
        writer.write_table(pa.table(columns, schema=_schema()))
    except UnicodeEncodeError:
        raise _not_text(group) from None


class ShardWriter:
    """Examples as they come into ``folder/NAME-00000.parquet`` and on, a new file after so many characters.

    ``paths`` are the files, whole after `close`.
    """

    def __init__(self, folder: Path, name: str, most_characters: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._name, self._most = folder, name, most_characters
        self._group: list[Example] = []
        self._waiting = self._written = 0
        self.paths: list[Path] = []
        self._open()

    def _open(self) -> None:
        self.paths.append(self._folder / f"{self._name}-{len(self.paths):05}.parquet")
        self._file = _writer(self.paths[-1])
        self._written = 0

    def put(self, example: Example) -> None:
        if self._written >= self._most and not self._group:
            self._file.close()
            self._open()
        self._group.append(example)
        self._waiting += len(example.prompt) + len(example.completion)
        if len(self._group) >= GROUP_ROWS or self._waiting >= GROUP_CHARACTERS:
            self._flush()

    def _flush(self) -> None:
        if self._group:
            group, self._group = self._group, []
            _put(self._file, group)
            self._written, self._waiting = self._written + self._waiting, 0

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


def _not_text(group: list[Example]) -> DataError:
    for example in group:
        for name in COLUMNS:
            try:
                str(getattr(example, name)).encode()
            except UnicodeEncodeError as error:
                return DataError(f"example {example.id!a}: its {name} is not text: {error.reason}")
    return DataError("an example is not text")


def read(path: Path) -> Iterator[Example]:
    """The examples of a Parquet file, or of all Parquet files below a folder, sorted by path.

    Raises:
        DataError: nothing there, not Parquet, a column missing or of another type, a value missing.
    """
    for file in files(path):
        yield from _read(file)


def count(path: Path) -> int:
    """How many examples `read` would give, from the files' footers alone. Raises as it does."""
    return sum(_open(file).metadata.num_rows for file in files(path))


def files(path: Path) -> list[Path]:
    """The Parquet files of a corpus, sorted; of a mined one those that its funnel.json names, as others
    may be left of a run that was killed.

    Raises:
        DataError: there is none.
    """
    if path.is_file():
        return [path]
    if (index := path / INDEX).is_file():
        return _indexed(index)
    found = sorted(each for each in path.rglob("*.parquet") if not each.name.startswith("."))
    if not found:
        what = "no Parquet file in this folder" if path.is_dir() else "no such file or folder"
        raise DataError(f"{path}: {what}; expected a corpus")
    return found


def _indexed(index: Path) -> list[Path]:
    try:
        return sorted(index.parent / name for name in json.loads(index.read_text("utf-8"))["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{index}: not the index of a mined corpus: {error}") from None


def _open(path: Path) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        parquet = pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise DataError(f"{path}: not a readable Parquet file: {error}") from None
    if missing := [name for name in COLUMNS if name not in parquet.schema_arrow.names]:
        expected = ", ".join(COLUMNS)
        raise DataError(f"{path}: not a corpus: the column {missing[0]!r} is missing; expected {expected}")
    return parquet


def _read(path: Path) -> Iterator[Example]:
    import pyarrow as pa

    row = 0
    try:
        for batch in _open(path).iter_batches(GROUP_ROWS, columns=list(COLUMNS)):
            for values in batch.to_pylist():
                yield _example(path, row, values)
                row += 1
    except (pa.ArrowInvalid, OSError) as error:
        raise DataError(f"{path}: damaged after row {row}: {error}") from None


def _example(path: Path, row: int, values: dict[str, Any]) -> Example:
    for name in COLUMNS:
        if not isinstance(values[name], str):
            found = type(values[name]).__name__
            raise DataError(f"{path}: row {row}: column {name!r}: expected text, found {found}")
    try:
        provenance = json.loads(values["provenance"])
    except ValueError:
        provenance = None
    if not isinstance(provenance, dict):
        raise DataError(f"{path}: row {row}: column 'provenance': expected a JSON object")
    return Example(**{**values, "provenance": provenance})
