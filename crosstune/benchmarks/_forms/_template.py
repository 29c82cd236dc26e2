"""Texts with the columns of a row in them: ``check({entry_point})``."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from crosstune.errors import suggestion

Row = Mapping[str, Any]

_ONE = r"(?:[A-Za-z_][\w.]*|'[^'{}]+')"
_NAME = rf"{_ONE}(?: or {_ONE})*"
_COLUMN = re.compile(rf"\{{(\{{{_NAME}\??(?:\|\w+)?\}})\}}|\{{({_NAME})(\?)?(?:\|(\w+))?\}}")
_CLOSERS = re.compile(r"(?:\s*\})+[ \t]*\n?")
_BLOCK = re.compile(r"^[ \t]*(`{3,}|~{3,})[^\n`]*\n(.*?)^[ \t]*\1[`~]*[ \t]*$", re.DOTALL | re.MULTILINE)
GIVEN = ("language_title", "row_number", "row_key")
"""What a text can name beside the row's own columns."""


class BadRow(Exception):
    """A row that makes no problem; the message is the reason."""


def columns(template: str) -> list[str]:
    """The names of the columns in ``template`` that a row must have."""
    return [match[2] for match in _COLUMN.finditer(template) if match[2] and not match[3]]


def filled(template: str, row: Row) -> str:
    """``template`` with ``{column}`` replaced by the row's value, and ``{{column}}`` by ``{column}``.

    ``{a.b}`` is the key ``b`` of the column ``a``, ``{a.0}`` its first item, ``{a.last}`` its last one, also
    where the column is text with JSON; a list of texts is joined by newlines. ``{'a b'}`` is a column whose
    name is more than a word. ``{a or b}`` is the first of them that the row has. ``{a|NAME}`` is changed, see
    `CHANGES`. The whole text is empty where the row has no value (nothing, or null) for a ``{column?}``.

    Raises:
        BadRow: a column without the question mark is missing, or a value is not text.
    """
    parts, end = [], 0
    for match in _COLUMN.finditer(template):
        parts.append(template[end : match.start()])
        end = match.end()
        if match[1]:
            parts.append(match[1])
            continue
        found = value(match[2], row)
        if _is_nothing(found) and match[3]:
            return ""
        if _is_nothing(found):
            raise BadRow(f"column {match[2]!r}: expected text, found nothing{columns_of(match[2], row)}")
        try:
            parts.append(_changed(_text(match[2], found), match[4]))
        except ValueError as error:
            raise BadRow(f"column {match[2]!r}: {error}") from None
    return "".join((*parts, template[end:]))


def _is_nothing(found: Any) -> bool:
    """Whether it is null, or the NaN that tables have in its place."""
    return found is None or (isinstance(found, float) and math.isnan(found))


def value(column: str, row: Row) -> Any:
    """The row's value of ``column``, a key or several with dots between them, or of the first of several
    columns (``a or b``) that has one; None: there is none."""
    if column in row:
        return row[column]
    if " or " in column:
        return next((part for each in column.split(" or ") if (part := value(each, row)) is not None), None)
    if column[:1] == "'" == column[-1:]:
        return row.get(column[1:-1])
    found: Any = row
    for key in column.split("."):
        found = _part(found, key)
    return found


def _part(whole: Any, key: str) -> Any:
    if isinstance(whole, Mapping):
        whole = whole if key in whole or not _is_place(key) else list(whole.values())
    if isinstance(whole, Mapping):
        return whole.get(key)
    if isinstance(whole, str) and whole.lstrip()[:1] in ("[", "{"):
        try:
            whole = json.loads(whole)
        except (ValueError, RecursionError):
            return None
        return _part(whole, key)
    if isinstance(whole, list) and _is_place(key):
        place = len(whole) - 1 if key == "last" else int(key)
        return whole[place] if 0 <= place < len(whole) else None
    return None


def _is_place(key: str) -> bool:
    return key == "last" or key.isdecimal()


def texts(template: str, row: Row) -> list[str]:
    """The list of texts that ``template``, a single column, holds; empty where a ``{column?}`` has no value.

    Raises:
        BadRow: it is not a list of texts, or a column without the question mark is missing.
    """
    match = _COLUMN.fullmatch(template)
    found = value(match[2], row) if match and match[2] else None
    if found is None and match and match[2] and match[3]:
        return []
    if found is None:
        named = match[2] if match and match[2] else template
        raise BadRow(f"column {named!r}: expected a list of texts, found nothing{columns_of(named, row)}")
    if isinstance(found, list) and all(isinstance(each, str) for each in found):
        return found
    raise BadRow(f"column {template.strip('{?}')!r}: expected a list of texts, found {type(found).__name__}")


def without_closers(text: str) -> str:
    """``text`` without the braces at its beginning."""
    match = _CLOSERS.match(text)
    return text[match.end() :] if match else text


def _code(text: str) -> str:
    """The content of the last code block in ``text``; a text without one is code."""
    blocks = _BLOCK.findall(text)
    return str(blocks[-1][1]) if blocks else text


def _lines(text: str) -> str:
    """
    Raises:
        ValueError: it is not the JSON of a list of texts.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise ValueError(f"expected the JSON of a list of texts, found {text!r:.60}")
    return "\n".join(found)


CHANGES: dict[str, Callable[[str], str]] = {
    "strip": str.strip,
    "opened": without_closers,
    "code": _code,
    "lines": _lines,
}
"""``strip``: without white space at both ends; ``opened``: without the braces at its beginning, which close
what the text before it opened; ``code``: the last code block in a text in Markdown; ``lines``: a list of
texts that is written as JSON, as lines."""


def columns_of(column: str, row: Row) -> str:
    """What the row has instead, if it has no such column."""
    if column.partition(".")[0].strip("'") in row:
        return ""
    return f"; {suggestion(column, [name for name in row if name not in GIVEN])}"


def unknown_change(template: str) -> str:
    """The first change in ``template`` that there is not; empty: there is none."""
    given = (match[4] for match in _COLUMN.finditer(template) if match[4])
    return next((name for name in given if name not in CHANGES), "")


def _changed(text: str, how: str | None) -> str:
    return CHANGES[how](text) if how else text


def _text(column: str, found: Any) -> str:
    if isinstance(found, str):
        return found
    if isinstance(found, int | float):
        return str(found)
    if isinstance(found, list) and all(isinstance(each, str) for each in found):
        return "\n".join(found)
    raise BadRow(f"column {column!r}: expected text, found {type(found).__name__}")
