"""Read the columns of a row: its prompt, its completion, and checked text."""

from __future__ import annotations

from typing import Any

from crosstune.errors import suggestion
from crosstune.settings import Settings
from crosstune.sources._quarantine import BadRow, checked_text
from crosstune.sources._rows import json_type


class Columns(Settings):
    prompt: str | tuple[str, ...] | None = "prompt"
    """The column with the prompt; several columns are joined with newlines; null: raw text, all of which
    is training target."""
    completion: str = "completion"
    """The column with the answer."""
    messages: str | None = None
    """Instead of `prompt` and `completion`: a column with a conversation. Its first message is the prompt,
    its second the completion, as OctoPack used OASST; further messages are ignored."""
    content: str = "content"
    """The key of the text within each of `messages` (`text` in OASST)."""
    language: str | None = None
    """The column with the programming language; without it, the source's `language` applies."""
    task: str | None = None
    """The column with the task; without it, the source's `task` applies."""
    id: str | None = None
    """The column with the row's id; without it, rows are numbered."""


def prompt_and_completion(location: str, row: Any, columns: Columns) -> tuple[str, str]:
    """Return the row's prompt and completion.

    Raises:
        BadRow: the row is not an object, or a column is missing, empty or has another type.
    """
    row = json_object(location, row)
    if columns.messages:
        return _first_messages(location, row, columns)
    prompt = (columns.prompt,) if isinstance(columns.prompt, str) else (columns.prompt or ())
    completion = nonempty_text(location, row, columns.completion)
    return "\n".join(column_text(location, row, column) for column in prompt), completion


def _first_messages(location: str, row: dict[str, Any], columns: Columns) -> tuple[str, str]:
    messages = row.get(columns.messages or "")
    if (
        not isinstance(messages, list)
        or len(messages) < 2
        or not all(isinstance(each, dict) for each in messages)
    ):
        problem = f"column {columns.messages!r}: expected a list of two messages or more"
        raise BadRow("wrong type", f"{location}: {problem}")
    prompt, completion = (column_text(location, each, columns.content) for each in messages[:2])
    return prompt, completion


def json_object(location: str, row: Any) -> dict[str, Any]:
    """Return ``row`` if it is an object.

    Raises:
        BadRow: it is not.
    """
    if not isinstance(row, dict):
        raise BadRow("wrong type", f"{location}: expected an object with columns, found {json_type(row)}")
    return row


def column_text(location: str, row: dict[str, Any], column: str) -> str:
    """Return the text of a column.

    Raises:
        BadRow: the column is missing, is not text, or contains text unfit for a corpus (see `checked_text`).
    """
    if column not in row:
        problem = f"no column {column!r}; {suggestion(column, map(str, row))}"
        raise BadRow("missing column", f"{location}: {problem}")
    value = row[column]
    if not isinstance(value, str):
        problem = f"column {column!r}: expected text, found {json_type(value)}"
        raise BadRow("wrong type", f"{location}: {problem}")
    return checked_text(location, f"column {column!r}", value)


def nonempty_text(location: str, row: dict[str, Any], column: str) -> str:
    """As `column_text`, for completions.

    Raises:
        BadRow: also when the column is empty.
    """
    if not (text := column_text(location, row, column)):
        raise empty_column(location, column)
    return text


def empty_column(location: str, column: str) -> BadRow:
    return BadRow("empty", f"{location}: column {column!r} is empty: there is nothing to learn")


def id_text(location: str, row: dict[str, Any], column: str) -> str:
    """The text or integer of a column.

    Raises:
        BadRow: as `column_text`.
    """
    value = row.get(column)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return column_text(location, row, column)
