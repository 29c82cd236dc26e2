"""Read a corpus: a folder or Parquet file written by crosstune, or any file of rows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from crosstune.corpus import _store
from crosstune.languages import language_name
from crosstune.records import Example
from crosstune.sources import (
    BadRow,
    Columns,
    Quarantine,
    checked_text,
    column_text,
    licence_text,
    read_conversation,
    rows,
)
from crosstune.storage import local_copy

COLUMNS = Columns()


def load(path: Path, quarantine: Quarantine | None = None, label: str = "") -> Iterator[Example]:
    """Read the examples of a corpus folder, its Parquet files, or a file of rows (.jsonl, .json, .parquet).

    Rows need `prompt` and `completion`, or a conversation (see `sources.Columns`); id, language, task,
    source, provenance, system and history are optional. Unusable rows go to ``quarantine``. A language's name
    becomes the registered one. ``path`` may be remote. ``label`` is the source of rows that name none; by
    default the name of their file.

    Raises:
        DataError: no such file, not a corpus, damaged, or no usable row; without ``quarantine`` also an
            unusable row.
    """
    path = local_copy(path)
    examples = _read_rows(path, quarantine, label) if _is_file_of_rows(path) else _read_corpus(path)
    used = 0
    ids: set[tuple[str, str]] = set()
    for location, example in examples:
        try:
            _check(location, example)
            if (example.source, example.id) in ids:
                raise BadRow("duplicate id", f"{location}: an earlier row has the id {example.id!r}")
        except BadRow as error:
            if quarantine is None:
                raise
            quarantine.put(location, error, example.prompt)
            continue
        ids.add((example.source, example.id))
        used += 1
        yield replace(example, language=language_name(example.language))
    if quarantine is not None and not used and quarantine.reasons:
        quarantine.close(used)


def distinct_names(paths: Sequence[Path]) -> list[str]:
    """The names of the paths; with as much of their folders as it takes to distinguish different paths."""
    return [_distinct_name(path, {each for each in paths if each != path}) for path in paths]


def _distinct_name(path: Path, others: set[Path]) -> str:
    parts = path.parts
    for length in range(1, len(parts) + 1):
        if all(each.parts[-length:] != parts[-length:] for each in others):
            return "/".join(parts[-length:])
    return "/".join(parts)


def _is_file_of_rows(path: Path) -> bool:
    if path.suffix != ".parquet":
        return path.is_file()
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        names = pq.ParquetFile(path).schema_arrow.names
    except (pa.ArrowInvalid, OSError):
        return False  # reading it as a corpus gives the error message
    return any(name not in names for name in _store.REQUIRED)


def _read_corpus(path: Path) -> Iterator[tuple[str, Example]]:
    for number, example in enumerate(_store.read(path)):
        yield f"{path}: row {number}", example


def _read_rows(path: Path, quarantine: Quarantine | None, label: str) -> Iterator[tuple[str, Example]]:
    for number, (location, row) in enumerate(rows(path, quarantine)):
        try:
            example = _example(location, row, number, label)
        except BadRow as error:
            if quarantine is None:
                raise
            quarantine.put(location, error, row)
        else:
            yield location, example


def _example(location: str, row: Any, number: int, label: str) -> Example:
    talk = read_conversation(location, row, COLUMNS)
    name = label or Path(re.sub(r":( row | item )?\d+$", "", location)).name
    return Example(
        id=_id(row.get("id")) or f"{name}:{number}",
        prompt=talk.prompt,
        completion=talk.completion,
        language=_optional_text(location, row, "language"),
        task=_optional_text(location, row, "task") or "instruct",
        source=_optional_text(location, row, "source") or name,
        provenance=_with_licence(_provenance(location, row.get("provenance")), row),
        system=talk.system,
        history=talk.history,
    )


def _id(value: Any) -> str:
    """The id as text; empty if there is none. Integers beside missing ids become floats in some tools."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _optional_text(location: str, row: dict[str, Any], column: str) -> str:
    return column_text(location, row, column) if row.get(column) is not None else ""


def _provenance(location: str, value: Any) -> dict[str, str]:
    """Accept an object, or JSON of one; its values become text."""
    if value is None:
        return {}
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise BadRow("wrong type", f"{location}: column 'provenance': not JSON") from None
    if not isinstance(value, dict):
        raise BadRow("wrong type", f"{location}: column 'provenance': expected an object")
    return {str(key): each if isinstance(each, str) else json.dumps(each) for key, each in value.items()}


def _with_licence(provenance: dict[str, str], row: dict[str, Any]) -> dict[str, str]:
    licence = licence_text(row, provenance)
    return {**provenance, "licence": licence} if licence else provenance


def _check(location: str, example: Example) -> None:
    for name in ("id", "prompt", "completion", "system"):
        checked_text(location, name, getattr(example, name))
    if not example.completion.strip():
        raise BadRow("empty", f"{location}: the completion is empty: there is nothing to learn")
