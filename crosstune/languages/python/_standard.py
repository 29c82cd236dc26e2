"""The types of Python's standard library and of NumPy that are values: what each is made of, and remade.

`_values` loads this file by its path.
"""

from __future__ import annotations

import builtins
import collections
import datetime as dt
import decimal
import fractions
import functools
import keyword
import operator
import types
import uuid
from collections.abc import Callable
from itertools import islice, repeat
from typing import Any

MOST_ITEMS = 100_000
_MOST_ARRAY_BYTES = 64 << 20


class Malformed(Exception):
    """Bytes that are not what they should be."""


class TooDeep(Exception):
    """A value that nests deeper than allowed, perhaps because it contains itself."""


class Opaque:
    """An object of the candidate's own kind: it equals nothing, not even itself."""

    __slots__ = ("kind",)
    __hash__ = object.__hash__

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __eq__(self, other: object) -> bool:
        return False

    def __repr__(self) -> str:
        return f"<an object of the type {self.kind}>"


METHOD = object()
"""Stands for a method, where an attribute is read."""


async def _awaitable(value: Any) -> Any:
    return value


def _view(value: Any) -> list[Any]:
    return list(islice(iter(value), MOST_ITEMS))


def _of_array(value: Any) -> Any:
    if value.dtype.kind not in _ARRAY_KINDS:
        raise TooDeep  # what is in it is no value
    return value.dtype.str, value.shape, value.ravel().tolist()


def _of_defaultdict(value: Any) -> Any:
    made = next((name for name, kind in _FACTORIES.items() if kind is value.default_factory), None)
    return dict(dict.items(value)), made


def of_type(value: type) -> str | None:
    name = value.__name__ if value.__module__ == "builtins" else f"{value.__module__}.{value.__qualname__}"
    return name if _TYPES.get(name) is value else None


def named_tuple(value: Any) -> tuple[str, list[str], list[Any]] | None:
    """The name, the fields and the items of a named tuple that can be made anew; None for any other tuple."""
    name, fields = type(value).__name__, getattr(type(value), "_fields", None)
    if type(fields) is not tuple or len(fields) != tuple.__len__(value) or not _are_names(name, fields):
        return None
    return name, list(fields), list(tuple.__iter__(value))


def _are_names(name: str, fields: tuple[Any, ...]) -> bool:
    known = {each for each in fields if isinstance(each, str) and not each.startswith("_")}
    usual = all(each.isidentifier() and not keyword.iskeyword(each) for each in (name, *known))
    return usual and len(known) == len(fields)


@functools.lru_cache(64)
def _named_kind(name: str, fields: tuple[str, ...]) -> Any:
    return collections.namedtuple(name, fields, module="__main__")  # noqa: PYI024 - its fields have no types


def _named(parts: Any) -> Any:
    name, fields, items = _wanted(parts, str, list, list)
    return _named_kind(name, _wanted(tuple(fields), *repeat(str, len(fields))))(*items)


_FACTORIES = {kind.__name__: kind for kind in (int, float, str, bool, list, dict, set, tuple)}
_ARRAY_KINDS = "?biufcSUOMm"
_MODULES = (collections, decimal, fractions, dt, uuid)
_TYPES = {name: kind for name, kind in vars(builtins).items() if isinstance(kind, type)} | {
    f"{kind.__module__}.{kind.__qualname__}": kind
    for module in _MODULES
    for kind in vars(module).values()
    if isinstance(kind, type) and kind.__module__ == module.__name__
}

# Types of the standard library and of NumPy, by their full names: what a value of each is made of.
_STANDARD: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "builtins.frozenset": ("frozenset", lambda value: list(frozenset.__iter__(value))),
    "builtins.complex": ("complex", lambda value: (complex.real.__get__(value), complex.imag.__get__(value))),
    "builtins.bytearray": ("bytearray", lambda value: b"".join((value,))),
    "builtins.memoryview": ("memoryview", memoryview.tobytes),
    "builtins.range": ("range", lambda value: (value.start, value.stop, value.step)),
    "builtins.slice": ("slice", lambda value: (value.start, value.stop, value.step)),
    "builtins.ellipsis": ("ellipsis", lambda _value: None),
    "builtins.dict_keys": ("keys", _view),
    "builtins.dict_values": ("values", _view),
    "builtins.dict_items": ("items", _view),
    "builtins.mappingproxy": ("mappingproxy", lambda value: {key: value[key] for key in value}),
    "builtins.type": ("type", of_type),
    "array.array": ("array", lambda value: (value.typecode, value.tolist())),
    "collections.OrderedDict": ("OrderedDict", lambda value: dict(collections.OrderedDict.items(value))),
    "collections.defaultdict": ("defaultdict", _of_defaultdict),
    "collections.Counter": ("Counter", lambda value: dict(dict.items(value))),
    "collections.deque": ("deque", lambda value: (list(collections.deque.__iter__(value)), value.maxlen)),
    "collections.UserList": ("UserList", lambda value: list(value.data)),
    "collections.UserDict": ("UserDict", lambda value: dict(value.data)),
    "collections.UserString": ("UserString", lambda value: str(value.data)),
    "collections.ChainMap": ("ChainMap", lambda value: (dict(value), [dict(each) for each in value.maps])),
    "datetime.datetime": ("datetime", dt.datetime.isoformat),
    "datetime.date": ("date", dt.date.isoformat),
    "datetime.time": ("time", dt.time.isoformat),
    "datetime.timedelta": ("timedelta", lambda value: (value.days, value.seconds, value.microseconds)),
    "decimal.Decimal": ("Decimal", decimal.Decimal.__str__),
    "fractions.Fraction": ("Fraction", lambda value: (value.numerator, value.denominator)),
    "uuid.UUID": ("UUID", lambda value: value.hex),
    "numpy.ndarray": ("numpy.ndarray", _of_array),
    "numpy.generic": ("numpy.generic", lambda value: (value.dtype.str, value.item())),
}


def standard(kind: type) -> tuple[str, Callable[[Any], Any]] | None:
    return _STANDARD.get(f"{kind.__module__}.{kind.__qualname__}")


def _wanted(parts: Any, *kinds: Any) -> Any:
    """``parts``, if they are of these types: what is made of others might take very long, or much memory."""
    if not (isinstance(parts, tuple) and len(parts) == len(kinds) and all(map(isinstance, parts, kinds))):
        raise Malformed("other parts")
    return parts


def _array(parts: Any) -> Any:
    import numpy as np  # only where the candidate has used it

    kind, shape, items = _wanted(parts, str, tuple, list)
    made = np.empty(len(items), dtype=_array_type(kind, len(items)))
    for at, item in enumerate(items) if made.dtype.kind == "O" else ():
        made[at] = item
    if made.dtype.kind != "O":
        made[:] = _wanted(tuple(items), *repeat(_SCALAR, len(items)))
    return made.reshape(shape)


def _scalar(parts: Any) -> Any:
    kind, value = _wanted(parts, str, _SCALAR)
    return _array_type(kind, 1).type(value)


def _array_type(kind: str, items: int) -> Any:
    import numpy as np

    found = np.dtype(kind)
    if found.kind not in _ARRAY_KINDS or found.itemsize * items > _MOST_ARRAY_BYTES:
        raise Malformed("another kind of array")
    return found


def _array_of(code: str, items: list[Any]) -> Any:
    import array

    return array.array(code, items)


def _defaultdict(items: dict[Any, Any], factory: str | None) -> Any:
    return collections.defaultdict(_FACTORIES.get(factory or ""), items)


def _chained(_whole: dict[Any, Any], maps: list[Any]) -> Any:
    return collections.ChainMap(*[_wanted((each,), dict)[0] for each in maps])


def set_of(items: list[Any]) -> set[Any]:
    """A set in the order of ``items``, if it can be had: Python makes another of a display than of a list."""
    made = set(items)
    if any(map(operator.is_not, made, items)):
        displayed: set[Any] = set()
        displayed.update(frozenset(items))
        if not any(map(operator.is_not, displayed, items)):
            return displayed
    return made


def _counted(items: Any) -> Any:
    return collections.Counter(*_wanted((items,), dict))


_INDEX = (int, type(None))
_SCALAR = (int, float, complex, str, bytes, dt.date, dt.timedelta, type(None))
REBUILT: dict[str, Callable[[Any], Any]] = {
    "frozenset": lambda items: frozenset(set_of(*_wanted((items,), list))),
    "complex": lambda parts: complex(*_wanted(parts, float, float)),
    "bytearray": lambda data: bytearray(*_wanted((data,), bytes)),
    "memoryview": lambda data: memoryview(*_wanted((data,), bytes)),
    "range": lambda parts: range(*_wanted(parts, int, int, int)),
    "slice": lambda parts: slice(*_wanted(parts, _INDEX, _INDEX, _INDEX)),
    "ellipsis": lambda _nothing: ...,
    "keys": lambda items: dict.fromkeys(*_wanted((items,), list)).keys(),
    "values": lambda items: dict(enumerate(*_wanted((items,), list))).values(),
    "items": lambda items: dict(*_wanted((items,), list)).items(),
    "mappingproxy": lambda items: types.MappingProxyType(*_wanted((items,), dict)),
    "type": lambda name: _TYPES[name] if name else Opaque("type"),
    "array": lambda parts: _array_of(*_wanted(parts, str, (list, str))),
    "namedtuple": _named,
    "iterator": lambda items: iter(*_wanted((items,), list)),
    "awaitable": _awaitable,
    "method": lambda _nothing: METHOD,
    "OrderedDict": lambda items: collections.OrderedDict(*_wanted((items,), dict)),
    "defaultdict": lambda parts: _defaultdict(*_wanted(parts, dict, (str, type(None)))),
    "Counter": _counted,
    "deque": lambda parts: collections.deque(*_wanted(parts, list, _INDEX)),
    "UserList": lambda items: collections.UserList(*_wanted((items,), list)),
    "UserDict": lambda items: collections.UserDict(*_wanted((items,), dict)),
    "UserString": lambda data: collections.UserString(*_wanted((data,), str)),
    "ChainMap": lambda parts: _chained(*_wanted(parts, dict, list)),
    "datetime": dt.datetime.fromisoformat,
    "date": dt.date.fromisoformat,
    "time": dt.time.fromisoformat,
    "timedelta": lambda parts: dt.timedelta(*_wanted(parts, int, int, int)),
    "Decimal": lambda data: decimal.Decimal(*_wanted((data,), str)),
    "Fraction": lambda parts: fractions.Fraction(*_wanted(parts, int, int)),
    "UUID": lambda data: uuid.UUID(hex=data),
    "numpy.ndarray": _array,
    "numpy.generic": _scalar,
}
