"""A corpus from wherever it stands: a folder or file of this project, or any file of rows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crosstune.corpus import _store
from crosstune.records import Example
from crosstune.sources import (
    BadRow,
    Columns,
    Quarantine,
    checked_text,
    column_text,
    prompt_and_completion,
    rows,
)

PLAIN, TALK = Columns(), Columns(messages="messages")


def load(path: Path, quarantine: Quarantine | None = None) -> Iterator[Example]:
    """The examples of a corpus folder, of its Parquet, or of a file of rows (.jsonl, .json, .parquet).

    Rows need `prompt` and `completion`, or `messages` with `content`; id, language, task, source and
    provenance are taken where they are. A row that cannot be used goes to ``quarantine``.

    Raises:
        DataError: no such file, not a corpus, damaged, no row that can be used, or without
            ``quarantine`` one that cannot.
    """
    found = _of_rows(path, quarantine) if _is_rows(path) else _of_store(path)
    used = 0
    ids: set[tuple[str, str]] = set()
    for place, example in found:
        try:
            _check(place, example)
            if (example.source, example.id) in ids:
                raise BadRow("duplicate id", f"{place}: the id {example.id!r} stood here before")
        except BadRow as error:
            if quarantine is None:
                raise
            quarantine.put(place, error, example.prompt)
            continue
        ids.add((example.source, example.id))
        used += 1
        yield example
    if quarantine is not None and not used and quarantine.reasons:
        quarantine.close(used)


def _is_rows(path: Path) -> bool:
    if path.suffix != ".parquet":
        return path.is_file()
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        names = pq.ParquetFile(path).schema_arrow.names
    except (pa.ArrowInvalid, OSError):
        return False  # whoever reads it as a corpus says what is wrong
    return any(name not in names for name in _store.COLUMNS)


def _of_store(path: Path) -> Iterator[tuple[str, Example]]:
    for number, example in enumerate(_store.read(path)):
        yield f"{path}: row {number}", example


def _of_rows(path: Path, quarantine: Quarantine | None) -> Iterator[tuple[str, Example]]:
    for number, (place, row) in enumerate(rows(path, quarantine)):
        try:
            example = _example(place, row, number)
        except BadRow as error:
            if quarantine is None:
                raise
            quarantine.put(place, error, row)
        else:
            yield place, example


def _example(place: str, row: Any, number: int) -> Example:
    messages = isinstance(row, dict) and "messages" in row and "prompt" not in row
    prompt, completion = prompt_and_completion(place, row, TALK if messages else PLAIN)
    name = Path(re.sub(r":( row | item )?\d+$", "", place)).name
    return Example(
        id=str(row["id"]) if isinstance(row.get("id"), (str, int)) else f"{name}:{number}",
        prompt=prompt,
        completion=completion,
        language=_given(place, row, "language"),
        task=_given(place, row, "task") or "instruct",
        source=_given(place, row, "source") or name,
        provenance=_provenance(place, row.get("provenance")),
    )


def _given(place: str, row: dict[str, Any], column: str) -> str:
    return column_text(place, row, column) if row.get(column) is not None else ""


def _provenance(place: str, found: Any) -> dict[str, str]:
    """An object, or JSON of one; its values as text."""
    if found is None:
        return {}
    if isinstance(found, str):
        try:
            found = json.loads(found)
        except ValueError:
            raise BadRow("wrong type", f"{place}: column 'provenance': not JSON") from None
    if not isinstance(found, dict):
        raise BadRow("wrong type", f"{place}: column 'provenance': expected an object")
    return {str(key): value if isinstance(value, str) else json.dumps(value) for key, value in found.items()}


def _check(place: str, example: Example) -> None:
    for name in ("id", "prompt", "completion"):
        checked_text(place, name, getattr(example, name))
    if not example.completion:
        raise BadRow("empty", f"{place}: the completion is empty: there is nothing to learn")
