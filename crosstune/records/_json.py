"""Records as lines of JSON, read back with every type checked."""

from __future__ import annotations

import dataclasses
import enum
import functools
import json
import types
import typing
from collections.abc import Mapping
from typing import Any, TypeVar

R = TypeVar("R")

_RENAMED: Mapping[str, Mapping[str, str]] = {
    "Completion": {"finish": "finish_reason"},
    "Verdict": {"label": "status"},
    "EvaluatedSample": {"label": "status"},
    "Score": {"labels": "statuses"},
}
"""Fields of version 0.1, by record: a file that still has one is refused with the new name."""


def to_json(record: Any) -> str:
    """One line of JSON without a newline; keys in field order, so equal records give equal bytes."""
    return json.dumps(_row(record), ensure_ascii=False)


def _row(value: Any) -> Any:
    if encoded := getattr(value, "encoded", None):
        return encoded()
    if dataclasses.is_dataclass(value):
        return {each.name: _row(getattr(value, each.name)) for each in dataclasses.fields(value)}
    if isinstance(value, list | tuple):
        return [_row(each) for each in value]
    if isinstance(value, Mapping):
        return {key: _row(each) for key, each in value.items()}
    return value


def from_json(kind: type[R], text: str | bytes) -> R:
    """The record that `to_json` wrote.

    Raises:
        ValueError: the text is not JSON or not an object, a field is unknown or missing, or a value has
        another
            type.
    """
    row = json.loads(text)
    if not isinstance(row, dict):
        raise ValueError(f"expected a JSON object, found {type(row).__name__}")
    return from_row(kind, row)


def from_row(kind: type[R], row: Mapping[str, Any]) -> R:
    """The record with the fields of a mapping; see `from_json` for what it raises.

    A record that has values without a form of their own in JSON has ``decoded`` and ``encoded``."""
    if decoded := getattr(kind, "decoded", None):
        row = decoded(row)
    hints = _hints(typing.cast("Any", kind))
    if unknown := [key for key in row if key not in hints]:
        if new := _RENAMED.get(kind.__name__, {}).get(unknown[0]):
            raise ValueError(f"the field {unknown[0]!r} of {kind.__name__} is now called {new!r}")
        raise ValueError(f"unknown field {unknown[0]!r} for {kind.__name__}")
    if absent := [key for key in _required(typing.cast("Any", kind)) if key not in row]:
        raise ValueError(f"missing {', '.join(map(repr, absent))} for {kind.__name__}")
    return kind(**{key: _value(hints[key], value, key) for key, value in row.items()})


@functools.cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


@functools.cache
def _required(kind: Any) -> tuple[str, ...]:
    """The fields that have no default."""
    missing = dataclasses.MISSING
    fields = dataclasses.fields(kind)
    return tuple(
        field.name for field in fields if field.default is missing and field.default_factory is missing
    )


def _value(hint: Any, value: Any, key: str) -> Any:
    if hint is Any:
        return value
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is types.UnionType:
        return _one_of(arguments, value, key)
    if origin is tuple and isinstance(value, list | tuple):
        return tuple(_value(arguments[0], each, key) for each in value)
    return _plain_value(hint, value, key)


def _plain_value(hint: Any, value: Any, key: str) -> Any:
    if dataclasses.is_dataclass(hint) and isinstance(hint, type) and isinstance(value, dict):
        return from_row(hint, value)
    if isinstance(hint, type) and issubclass(hint, enum.StrEnum):
        return hint(value)
    expected = typing.get_origin(hint) or hint
    if expected is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, expected) or (isinstance(value, bool) and expected is int):
        raise ValueError(f"field {key!r}: expected {expected.__name__}, found {type(value).__name__}")
    return value


def _one_of(hints: tuple[Any, ...], value: Any, key: str) -> Any:
    """A value of one of ``hints``: None, or the first record that has the value's fields."""
    if value is None and types.NoneType in hints:
        return None
    hints = tuple(hint for hint in hints if hint is not types.NoneType)
    if isinstance(value, Mapping):
        hints = tuple(hint for hint in hints if _hints(hint).keys() >= value.keys()) or hints
    return _value(hints[0], value, key)
