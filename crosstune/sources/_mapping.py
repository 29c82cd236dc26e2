"""Convert rows of any shape to examples, by a mapping of their columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pydantic

from crosstune.errors import DataError
from crosstune.languages import language_name
from crosstune.records import Example, Progress
from crosstune.settings import Settings
from crosstune.sources._columns import Columns, column_text, id_text, read_conversation
from crosstune.sources._conversion import convert, with_unique_ids
from crosstune.sources._quarantine import Quarantine
from crosstune.sources._rows import Row


class Block(Settings):
    """Consecutive rows with the same language, for a file without a language column."""

    rows: int = pydantic.Field(ge=1)
    language: str = ""
    task: str = "instruct"
    label: str | None = None
    licence: str | None = None


class RowMapping(Settings):
    """The common settings of sources that read arbitrary rows."""

    columns: Columns = Columns()
    language: str = ""
    """The programming language of every row; empty: prose or unknown."""
    task: str = "instruct"
    """The task of every row."""
    label: str | None = None
    """The `source` field of the examples; by default the source's own name."""
    licence: str = ""
    """The licence of every row, as an SPDX identifier; it becomes part of their provenance."""
    blocks: tuple[Block, ...] = ()
    """Languages and tasks of consecutive blocks of rows, from the first row on. The blocks must cover all
    rows."""

    @pydantic.model_validator(mode="after")
    def _blocks_exclude_columns(self) -> Self:
        if self.blocks and (self.columns.language or self.columns.task or self.language):
            raise ValueError(
                "blocks set language and task by position; remove language and the columns for them"
            )
        return self


@dataclass(frozen=True, slots=True)
class _Defaults:
    """The fields of an example that its row does not contain."""

    language: str
    task: str
    label: str
    licence: str


def mapped_examples(
    rows: Iterable[Row],
    mapping: RowMapping,
    source: str,
    progress: Progress,
    quarantine: Quarantine | None = None,
) -> Iterator[Example]:
    """One example for each row, in order. Unusable rows go to ``quarantine`` if it is given.

    Raises:
        DataError: no usable row, or more or fewer rows than the blocks; without ``quarantine`` also a
            row that does not fit the mapping.
    """
    columns, total = mapping.columns, sum(block.rows for block in mapping.blocks)
    defaults = _defaults_by_row(mapping, source)

    def to_example(location: str, row: Any, index: int) -> Example:
        return _example(location, row, index, columns, defaults[index if total else 0])

    unique = with_unique_ids(to_example) if columns.id else to_example
    if total:
        rows = _exactly(rows, total, source)
    return convert(rows, unique, quarantine, progress, total)


def _defaults_by_row(mapping: RowMapping, source: str) -> list[_Defaults]:
    """The defaults of each row of the blocks; without blocks, one entry for all rows."""
    label = mapping.label or source
    if not mapping.blocks:
        return [_Defaults(mapping.language, mapping.task, label, mapping.licence)]
    blocks = [
        _Defaults(each.language, each.task, each.label or label, each.licence or mapping.licence)
        for each in mapping.blocks
    ]
    return [
        defaults for defaults, block in zip(blocks, mapping.blocks, strict=True) for _ in range(block.rows)
    ]


def _exactly(rows: Iterable[Row], total: int, source: str) -> Iterator[Row]:
    number = 0
    for number, row in enumerate(rows, start=1):
        if number > total:
            raise DataError(f"{row[0]}: the blocks cover {total} rows, but the data has more")
        yield row
    if number < total:
        raise DataError(f"{source}: the blocks cover {total} rows, but the data has only {number}")


def _example(location: str, row: Any, index: int, columns: Columns, defaults: _Defaults) -> Example:
    talk = read_conversation(location, row, columns)
    language = column_text(location, row, columns.language) if columns.language else defaults.language
    return Example(
        id=f"{defaults.label}:{id_text(location, row, columns.id) if columns.id else index}",
        prompt=talk.prompt,
        completion=talk.completion,
        language=language_name(language),
        task=column_text(location, row, columns.task) if columns.task else defaults.task,
        source=defaults.label,
        provenance={
            "place": Path(location).name,
            **({"licence": defaults.licence} if defaults.licence else {}),
        },
        system=talk.system,
        history=talk.history,
    )
