"""Rows of any shape made into examples by a mapping of their columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pydantic

from crosstune.errors import DataError, suggestion
from crosstune.languages import language_name
from crosstune.records import Example, Progress
from crosstune.settings import Settings
from crosstune.sources._quarantine import BadRow, Quarantine, checked_text
from crosstune.sources._rows import BATCH, Row, kind


class Columns(Settings):
    prompt: str | tuple[str, ...] | None = "prompt"
    """The column that holds what is asked; several are joined with a newline; null: raw text, all of
    which is learned."""
    completion: str = "completion"
    """The column that holds the answer."""
    messages: str | None = None
    """In place of the two above: a column with a conversation. Its first message is the prompt, its
    second the completion, as OctoPack used OASST; the others are left out."""
    content: str = "content"
    """The key under which each of `messages` holds its text (`text` in OASST)."""
    language: str | None = None
    """The column that names the programming language; without it, `language` of the source holds."""
    task: str | None = None
    """The column that names the task; without it, `task` of the source holds."""
    id: str | None = None
    """The column with a name for the row; without it, rows are numbered."""


class Block(Settings):
    """Some rows in a row that share a language, in a file that has no column for it."""

    rows: int = pydantic.Field(ge=1)
    language: str = ""
    task: str = "instruct"
    label: str | None = None
    licence: str | None = None


class Mapping(Settings):
    """What every source of rows is told about them."""

    columns: Columns = Columns()
    language: str = ""
    """The programming language of every row; empty: prose, or not known."""
    task: str = "instruct"
    """The task of every row."""
    label: str | None = None
    """What the examples say they come from; by default the source's own name."""
    licence: str = ""
    """The licence of every row, as an SPDX identifier; it goes into their provenance."""
    blocks: tuple[Block, ...] = ()
    """Languages and tasks by position: the first so many rows, the next so many … and no row more."""

    @pydantic.model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.blocks and (self.columns.language or self.columns.task or self.language):
            raise ValueError(
                "blocks give language and task by position; drop language and the columns for it"
            )
        return self


@dataclass(frozen=True, slots=True)
class _Block:
    rows: int
    language: str
    task: str
    label: str
    licence: str


def examples(
    found: Iterable[Row],
    mapping: Mapping,
    source: str,
    progress: Progress,
    quarantine: Quarantine | None = None,
) -> Iterator[Example]:
    """One example for each row, in order. Rows that cannot be used go to ``quarantine`` if there is one.

    Raises:
        DataError: no row that can be used, or more or fewer rows than the blocks hold; without
            ``quarantine`` a row that does not fit the mapping.
    """
    blocks = _blocks(mapping, source)
    total = sum(block.rows for block in blocks)
    turns = iter([block for block in blocks for _ in range(block.rows)])
    number = used = 0
    ids: set[str] = set()
    for found_row in found:
        block = next(turns, None) if total else blocks[0]
        if block is None:
            raise DataError(f"{found_row[0]}: the blocks end after {total} rows, but the data goes on")
        try:
            example = _example(found_row, number, mapping.columns, block)
            if mapping.columns.id and example.id in ids:
                raise BadRow("duplicate id", f"{found_row[0]}: the id {example.id!r} stood here before")
        except BadRow as error:
            if quarantine is None:
                raise
            quarantine.put(found_row[0], error, found_row[1])
        else:
            if mapping.columns.id:
                ids.add(example.id)
            used += 1
            yield example
        number += 1
        if number % BATCH == 0:
            progress(number, total)
    if number < total:
        raise DataError(f"{source}: the blocks hold {total} rows, the data only {number}")
    if quarantine is not None:
        quarantine.close(used)
    progress(number, number)


def _blocks(mapping: Mapping, source: str) -> list[_Block]:
    """The blocks with their labels filled in; without any, one of no rows that stands for all."""
    label = mapping.label or source
    if not mapping.blocks:
        return [_Block(0, mapping.language, mapping.task, label, mapping.licence)]
    return [
        _Block(each.rows, each.language, each.task, each.label or label, each.licence or mapping.licence)
        for each in mapping.blocks
    ]


def _example(found: Row, number: int, columns: Columns, block: _Block) -> Example:
    place, row = found
    prompt, completion = prompt_and_completion(place, row, columns)
    language = column_text(place, row, columns.language) if columns.language else block.language
    return Example(
        id=f"{block.label}:{_id(place, row, columns.id) if columns.id else number}",
        prompt=prompt,
        completion=completion,
        language=language_name(language),
        task=column_text(place, row, columns.task) if columns.task else block.task,
        source=block.label,
        provenance={"place": Path(place).name, **({"licence": block.licence} if block.licence else {})},
    )


def prompt_and_completion(place: str, row: Any, columns: Columns) -> tuple[str, str]:
    """The prompt and the completion of a row.

    Raises:
        BadRow: it is no object, or a column is missing, empty or of another type.
    """
    if not isinstance(row, dict):
        raise BadRow("wrong type", f"{place}: expected an object with columns, found {kind(row)}")
    if columns.messages:
        return _messages(place, row, columns)
    prompt = (columns.prompt,) if isinstance(columns.prompt, str) else (columns.prompt or ())
    completion = column_text(place, row, columns.completion)
    if not completion:
        raise BadRow("empty", f"{place}: column {columns.completion!r} is empty: there is nothing to learn")
    return "\n".join(column_text(place, row, column) for column in prompt), completion


def _messages(place: str, row: dict[str, Any], columns: Columns) -> tuple[str, str]:
    found = row.get(columns.messages or "")
    if not isinstance(found, list) or len(found) < 2 or not all(isinstance(each, dict) for each in found):
        what = f"column {columns.messages!r}: expected a list of two messages or more"
        raise BadRow("wrong type", f"{place}: {what}")
    prompt, completion = (column_text(place, message, columns.content) for message in found[:2])
    return prompt, completion


def column_text(place: str, row: dict[str, Any], column: str) -> str:
    """The text in a column.

    Raises:
        BadRow: no such column, not text, or text that no corpus should hold (see `checked_text`).
    """
    if column not in row:
        what = f"no column {column!r}; {suggestion(column, map(str, row))}"
        raise BadRow("missing column", f"{place}: {what}")
    value = row[column]
    if not isinstance(value, str):
        what = f"column {column!r}: expected text, found {kind(value)}"
        raise BadRow("wrong type", f"{place}: {what}")
    return checked_text(place, f"column {column!r}", value)


def _id(place: str, row: dict[str, Any], column: str) -> str:
    value = row.get(column)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return column_text(place, row, column)
