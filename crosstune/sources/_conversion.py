"""Convert rows to examples, setting unusable rows aside."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Any

from crosstune.records import Example, Progress
from crosstune.sources._quarantine import BadRow, Quarantine
from crosstune.sources._rows import BATCH, Row

ToExample = Callable[[str, Any, int], Example | None]
"""From ``(location, row, index)`` to the row's example, or None if the row is usable but not selected.
Raises `BadRow`."""


def convert(
    rows: Iterable[Row],
    to_example: ToExample,
    quarantine: Quarantine | None,
    progress: Progress,
    total: int = 0,
) -> Iterator[Example]:
    """The examples of all rows, in order. Unusable rows go to ``quarantine`` if it is given.

    Raises:
        DataError: no row is usable; without ``quarantine`` any unusable row.
    """
    usable = yield from convert_part(_with_progress(rows, progress, total), to_example, quarantine)
    if quarantine is not None:
        quarantine.close(usable)


def convert_part(
    rows: Iterable[Row], to_example: ToExample, quarantine: Quarantine | None
) -> Generator[Example, None, int]:
    """As `convert`, for one of several lists of rows with a common quarantine. Returns the number of usable
    rows."""
    usable = 0
    for index, (location, row) in enumerate(rows):
        try:
            example = to_example(location, row, index)
        except BadRow as error:
            if quarantine is None:
                raise
            quarantine.put(location, error, row)
            continue
        usable += 1
        if example is not None:
            yield example
    return usable


def with_unique_ids(to_example: ToExample) -> ToExample:
    """Wrap ``to_example`` to reject an example with the id of an earlier one."""
    ids: set[str] = set()

    def checked(location: str, row: Any, index: int) -> Example | None:
        example = to_example(location, row, index)
        if example is not None:
            if example.id in ids:
                raise BadRow("duplicate id", f"{location}: an earlier row has the same id, {example.id!r}")
            ids.add(example.id)
        return example

    return checked


def _with_progress(rows: Iterable[Row], progress: Progress, total: int) -> Iterator[Row]:
    number = 0
    for number, row in enumerate(rows, start=1):
        yield row
        if number % BATCH == 0:
            progress(number, total)
    progress(number, number)
