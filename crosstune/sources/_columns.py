"""Read the columns of a row: its prompt, its completion, its conversation, and checked text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crosstune.errors import suggestion
from crosstune.records import Turn
from crosstune.settings import Settings
from crosstune.sources._alpaca import join_input
from crosstune.sources._conversations import Conversation, conversation, message_list, turns
from crosstune.sources._quarantine import BadRow, checked_text
from crosstune.sources._rows import json_type

CONVERSATIONS = ("messages", "conversations", "conversation")
"""Columns that are read as a conversation if a row has no completion."""
TOOLS = ("tools", "functions")
LICENCES = ("licence", "license", "licences", "licenses")
ALPACA_ANSWERS = ("output", "response")
"""Columns that answer an `instruction`, with an `input` or without, if a row has no completion."""
BOM = "\ufeff"


class Columns(Settings):
    prompt: str | tuple[str, ...] | None = "prompt"
    """The column with the prompt; several columns are joined with newlines; null: raw text, all of which
    is training target."""
    completion: str = "completion"
    """The column with the answer."""
    messages: str | None = None
    """Instead of `prompt` and `completion`: a column with a conversation. Its last answer to learn is the
    completion, the message before it the prompt; what came before is context. By default `messages`,
    `conversations` or `conversation` in rows without a completion."""
    role: str = "role"
    """The key of the role within each message; `from`, `author` and `speaker` are tried too."""
    content: str = "content"
    """The key of the text within each message; `value`, `text` and `parts` are tried too."""
    system: str = "system"
    """The column with the system prompt, for rows that have one."""
    history: str = "history"
    """The column with the messages before the prompt, for rows that have one."""
    language: str | None = None
    """The column with the programming language; without it, the source's `language` applies."""
    task: str | None = None
    """The column with the task; without it, the source's `task` applies."""
    id: str | None = None
    """The column with the row's id; without it, rows are numbered."""

    @property
    def keys(self) -> tuple[str, str]:
        return self.role, self.content


def read_conversation(location: str, row: Any, columns: Columns) -> Conversation:
    """Return the row's prompt and completion, and what came before them.

    Raises:
        BadRow: the row is not an object, a column is missing, empty or has another type, or it is a
            conversation that cannot be used.
    """
    row = json_object(location, row)
    system = _optional_text(location, row, columns.system)
    if column := _conversation_column(row, columns):
        _refuse_tools(location, row)
        messages = message_list(location, f"column {column!r}", row.get(column))
        return conversation(location, messages, columns.keys, system)
    if isinstance(columns.prompt, str) and _are_messages(row, (columns.prompt, columns.completion)):
        _refuse_tools(location, row)
        sides = ((columns.prompt, "user"), (columns.completion, "assistant"))
        messages = [each for column, role in sides for each in _as_messages(location, row, column, role)]
        return conversation(location, messages, columns.keys, system)
    if answer := _alpaca_answer(row, columns):
        given = _optional_text(location, row, "input")
        text = join_input(column_text(location, row, "instruction"), given, "\n")
        completion = nonempty_text(location, row, answer)
        return Conversation(text, completion, system, _history(location, row, columns))
    prompt = (columns.prompt,) if isinstance(columns.prompt, str) else (columns.prompt or ())
    completion = nonempty_text(location, row, columns.completion)
    text = "\n".join(column_text(location, row, column) for column in prompt)
    return Conversation(text, completion, system, _history(location, row, columns))


def _conversation_column(row: dict[str, Any], columns: Columns) -> str:
    """A null is as good as no column: files of several kinds of rows have all columns in each row."""
    if columns.messages:
        return columns.messages
    if row.get(columns.completion) is not None:
        return ""
    filled = [name for name in CONVERSATIONS if row.get(name) is not None]
    named = [name for name in CONVERSATIONS if name in row and columns.completion not in row]
    return next(iter(filled or named), "")


def _alpaca_answer(row: dict[str, Any], columns: Columns) -> str:
    """The column with the answer to a row's `instruction`, in the form of Stanford Alpaca."""
    if row.get(columns.completion) is not None or not isinstance(row.get("instruction"), str):
        return ""
    return next((name for name in ALPACA_ANSWERS if row.get(name) is not None), "")


def _are_messages(row: dict[str, Any], columns: tuple[str, str]) -> bool:
    """Whether prompt or completion is a list of messages."""
    return all(column in row for column in columns) and any(isinstance(row[each], list) for each in columns)


def _as_messages(location: str, row: dict[str, Any], column: str, role: str) -> list[Any]:
    if isinstance(row[column], list):
        return message_list(location, f"column {column!r}", row[column])
    return [{"role": role, "content": column_text(location, row, column)}]


def _history(location: str, row: dict[str, Any], columns: Columns) -> tuple[Turn, ...]:
    value = row.get(columns.history)
    if not value or value == "[]":
        return ()
    messages = message_list(location, f"column {columns.history!r}", value)
    return tuple(turns(location, messages, columns.keys))


def _refuse_tools(location: str, row: dict[str, Any]) -> None:
    for name in TOOLS:
        if row.get(name) not in (None, "", "[]", [], {}):
            problem = f"column {name!r} is not empty; conversations with tools are not used"
            raise BadRow("tools", f"{location}: {problem}")


def _optional_text(location: str, row: dict[str, Any], column: str) -> str:
    return column_text(location, row, column) if row.get(column) is not None else ""


def json_object(location: str, row: Any) -> dict[str, Any]:
    """Return ``row`` if it is an object.

    Raises:
        BadRow: it is not.
    """
    if not isinstance(row, dict):
        raise BadRow("wrong type", f"{location}: expected an object with columns, found {json_type(row)}")
    return row


def column_text(location: str, row: dict[str, Any], column: str) -> str:
    """Return the text of a column, without a byte order mark at its beginning.

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
    return checked_text(location, f"column {column!r}", value.removeprefix(BOM))


def nonempty_text(location: str, row: dict[str, Any], column: str) -> str:
    """As `column_text`, for completions.

    Raises:
        BadRow: also when the column is empty.
    """
    if not (text := column_text(location, row, column)).strip():
        raise empty_column(location, column)
    return text


def empty_column(location: str, column: str) -> BadRow:
    return BadRow("empty", f"{location}: column {column!r} is empty: there is nothing to learn")


def licence_text(row: Mapping[str, Any], provenance: Mapping[str, Any]) -> str:
    """The licence of a row, also from the columns and lists of other data; empty if not given."""
    named = (provenance.get("licence"), *(each.get(name) for each in (row, provenance) for name in LICENCES))
    texts = (
        " + ".join(filter(None, map(str, value))) if isinstance(value, list) else value for value in named
    )
    return next((text for text in texts if isinstance(text, str) and text.strip()), "")


def id_text(location: str, row: dict[str, Any], column: str) -> str:
    """The text or integer of a column.

    Raises:
        BadRow: as `column_text`.
    """
    value = row.get(column)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return column_text(location, row, column)
