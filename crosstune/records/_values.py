"""Values of call cases as JSON: plain where JSON has them, an object with one key where it has not."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Mapping
from typing import Any

_DEEPEST = 200
_PLAIN_INTEGER_BITS = 8192
"""Longer integers are written in hexadecimal: readers refuse decimal ones of more than 4,300 digits."""


def value_to_json(value: object) -> Any:
    """A value of None, bool, int, float, str, bytes, list, tuple, set and dict as JSON.

    Raises:
        ValueError: it has another type, or nests deeper than 200.
    """
    return _written(value, 0)


def _written(value: object, depth: int) -> Any:
    if depth > _DEEPEST:
        raise ValueError(f"a value nests deeper than {_DEEPEST}")
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode()}
    return _map(value, depth) if isinstance(value, dict) else _collection(value, depth)


def _number(value: float) -> Any:
    if isinstance(value, int):
        return value if value.bit_length() <= _PLAIN_INTEGER_BITS else {"int": hex(value)}
    return value if math.isfinite(value) else {"float": str(value)}


def _collection(value: object, depth: int) -> Any:
    if isinstance(value, list | tuple | set | frozenset):
        items = [_written(each, depth + 1) for each in value]
        if isinstance(value, list):
            return items
        return {"tuple": items} if isinstance(value, tuple) else {"set": sorted(items, key=repr)}
    raise ValueError(f"a value of the type {type(value).__name__} has no form in JSON")


def _map(value: Mapping[Any, Any], depth: int) -> Any:
    pairs = [(key, _written(each, depth + 1)) for key, each in value.items()]
    tagged = len(pairs) == 1 and pairs[0][0] in _READ
    if not tagged and all(type(key) is str for key, _ in pairs):
        return dict(pairs)
    return {"map": [[_written(key, depth + 1), each] for key, each in pairs]}


def value_from_json(value: Any) -> Any:
    """The value that `value_to_json` wrote.

    Raises:
        ValueError: an object's only key is that of a form in JSON, but it does not have that form.
    """
    return _read(value, 0)


def _read(value: Any, depth: int) -> Any:
    if depth > _DEEPEST:
        raise ValueError(f"a value nests deeper than {_DEEPEST}")
    if isinstance(value, list):
        return [_read(each, depth + 1) for each in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        ((key, content),) = value.items()
        if read := _READ.get(key):
            return _form(key, read, content, depth)
    return {key: _read(each, depth + 1) for key, each in value.items()}


def _form(key: str, read: Callable[[Any, int], Any], content: Any, depth: int) -> Any:
    try:
        return read(content, depth)
    except (TypeError, ValueError, AttributeError) as error:
        why = str(error) if isinstance(error, ValueError) else "other content"
        raise ValueError(
            f'{{"{key}": …}} is a form of values, but has no content of that form ({why}); '
            f'an object with that key alone is {{"map": [["{key}", …]]}}'
        ) from None


def _items(content: Any, depth: int) -> list[Any]:
    if not isinstance(content, list):
        raise TypeError
    return [_read(each, depth + 1) for each in content]


def _entries(content: Any, depth: int) -> dict[Any, Any]:
    return {_key(key, depth): _read(each, depth + 1) for key, each in _pairs(content)}


def _pairs(content: Any) -> list[Any]:
    if not isinstance(content, list) or any(not isinstance(each, list) for each in content):
        raise TypeError
    return content


def _key(value: Any, depth: int) -> Any:
    key = _read(value, depth + 1)
    hash(key)
    return key


def _float(content: str, _depth: int) -> float:
    known = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
    if content not in known:
        raise ValueError('expected "nan", "inf" or "-inf"')
    return known[content]


_READ: dict[str, Callable[[Any, int], Any]] = {
    "tuple": lambda content, depth: tuple(_items(content, depth)),
    "set": lambda content, depth: set(_items(content, depth)),
    "map": _entries,
    "float": _float,
    "int": lambda content, _depth: int(content, 16),
    "bytes": lambda content, _depth: base64.b64decode(content.encode("ascii"), validate=True),
}
