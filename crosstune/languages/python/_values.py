"""Values as bytes, on both sides of the pipes between tests and candidate: see docs/values.md.

The sandbox loads this file by its path, without the rest of crosstune.
"""

from __future__ import annotations

import collections
import datetime as dt
import decimal
import fractions
import struct
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

_DEEPEST = 200
_MOST_ITEMS = 100_000

_U32, _I64, _F64 = struct.Struct(">I"), struct.Struct(">q"), struct.Struct(">d")


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


def _sized(data: bytes) -> bytes:
    return _U32.pack(len(data)) + data


def number(value: int) -> bytes:
    return _U32.pack(value)


def text(value: str) -> bytes:
    return _sized(str.encode(value, "utf-8", "surrogatepass"))


class Encoder:
    """Writes values. ``others`` writes objects of other types, or returns None for those that it does not
    know; they become ``o``."""

    def __init__(self, others: Callable[[Encoder, Any, int], bytes | None]) -> None:
        self._others = others

    def value(self, value: Any, depth: int = 0) -> bytes:
        """
        Raises:
            TooDeep: it nests too deep.
        """
        if depth > _DEEPEST:
            raise TooDeep
        write = _PLAIN.get(type(value))
        if write:
            return write(self, value, depth)
        return self._other(value, depth)

    def _other(self, value: Any, depth: int) -> bytes:
        if (known := self._standard(value, depth)) is not None:
            return known
        if (other := self._others(self, value, depth)) is not None:
            return other
        for base in type(value).__mro__[1:]:
            if write := _PLAIN.get(base):
                return write(self, value, depth)
        if isinstance(value, Iterator):
            return b"K" + text("iterator") + self.value(list(islice(value, _MOST_ITEMS)), depth + 1)
        return b"o" + text(type(value).__name__)

    def _standard(self, value: Any, depth: int) -> bytes | None:
        """A value of another standard type, or of a subclass of one; None for any other."""
        for base in type(value).__mro__:
            key = f"{base.__module__}.{base.__qualname__}"
            if key in _STANDARD and sys.modules.get(base.__module__) is not None:
                name, parts = _STANDARD[key]
                return b"K" + text(name) + self.value(parts(value), depth + 1)
        return None

    def items(self, items: list[Any], depth: int) -> bytes:
        return _U32.pack(len(items)) + b"".join([self.value(item, depth + 1) for item in items])

    def integer(self, value: int, _depth: int = 0) -> bytes:
        value = int.__int__(value)
        if -(1 << 63) <= value < 1 << 63:
            return b"i" + _I64.pack(value)
        data = value.to_bytes((value.bit_length() + 8) // 8, "big", signed=True)
        return b"I" + _sized(data)

    def entries(self, value: dict[Any, Any], depth: int) -> bytes:
        pairs = list(dict.items(value))
        return (
            b"m"
            + _U32.pack(len(pairs))
            + b"".join([self.value(part, depth + 1) for pair in pairs for part in pair])
        )


_PLAIN: dict[type, Callable[[Encoder, Any, int], bytes]] = {
    type(None): lambda _encoder, _value, _depth: b"N",
    bool: lambda _encoder, value, _depth: b"T" if value else b"F",
    int: Encoder.integer,
    float: lambda _encoder, value, _depth: b"d" + _F64.pack(float.__float__(value)),
    str: lambda _encoder, value, _depth: b"s" + text(str.__str__(value)),
    bytes: lambda _encoder, value, _depth: b"b" + _sized(b"".join((value,))),
    list: lambda encoder, value, depth: b"l" + encoder.items(list(list.__iter__(value)), depth),
    tuple: lambda encoder, value, depth: b"t" + encoder.items(list(tuple.__iter__(value)), depth),
    set: lambda encoder, value, depth: b"S" + encoder.items(list(set.__iter__(value)), depth),
    dict: Encoder.entries,
}


def _view(value: Any) -> list[Any]:
    return list(islice(iter(value), _MOST_ITEMS))


# Types of the standard library and of NumPy, by their full names: what a value of each is made of.
_STANDARD: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "builtins.frozenset": ("frozenset", lambda value: list(frozenset.__iter__(value))),
    "builtins.complex": ("complex", lambda value: (complex.real.__get__(value), complex.imag.__get__(value))),
    "builtins.bytearray": ("bytearray", lambda value: b"".join((value,))),
    "builtins.range": ("range", lambda value: (value.start, value.stop, value.step)),
    "builtins.dict_keys": ("keys", _view),
    "builtins.dict_values": ("values", _view),
    "builtins.dict_items": ("items", _view),
    "collections.OrderedDict": ("OrderedDict", lambda value: dict(collections.OrderedDict.items(value))),
    "collections.defaultdict": ("defaultdict", lambda value: dict(dict.items(value))),
    "collections.Counter": ("Counter", lambda value: dict(dict.items(value))),
    "collections.deque": ("deque", lambda value: (list(collections.deque.__iter__(value)), value.maxlen)),
    "collections.UserList": ("UserList", lambda value: list(value.data)),
    "collections.UserDict": ("UserDict", lambda value: dict(value.data)),
    "collections.UserString": ("UserString", lambda value: str(value.data)),
    "collections.ChainMap": ("ChainMap", lambda value: [dict(each) for each in value.maps]),
    "datetime.datetime": ("datetime", dt.datetime.isoformat),
    "datetime.date": ("date", dt.date.isoformat),
    "datetime.time": ("time", dt.time.isoformat),
    "datetime.timedelta": ("timedelta", lambda value: (value.days, value.seconds, value.microseconds)),
    "decimal.Decimal": ("Decimal", decimal.Decimal.__str__),
    "fractions.Fraction": ("Fraction", lambda value: (value.numerator, value.denominator)),
    "numpy.ndarray": ("numpy.ndarray", lambda value: (value.dtype.str, value.shape, value.ravel().tolist())),
    "numpy.generic": ("numpy.generic", lambda value: (value.dtype.str, value.item())),
}


def _numpy(name: str) -> Any:
    import numpy as np  # only where the candidate has used it

    return getattr(np, name)


_REBUILT: dict[str, Callable[[Any], Any]] = {
    "frozenset": frozenset,
    "complex": lambda parts: complex(*parts),
    "bytearray": bytearray,
    "range": lambda parts: range(*parts),
    "keys": lambda items: dict.fromkeys(items).keys(),
    "values": lambda items: dict(enumerate(items)).values(),
    "items": lambda items: dict(items).items(),
    "iterator": iter,
    "awaitable": _awaitable,
    "method": lambda _nothing: METHOD,
    "OrderedDict": collections.OrderedDict,
    "defaultdict": lambda items: collections.defaultdict(None, items),
    "Counter": collections.Counter,
    "deque": lambda parts: collections.deque(*parts),
    "UserList": collections.UserList,
    "UserDict": collections.UserDict,
    "UserString": collections.UserString,
    "ChainMap": lambda maps: collections.ChainMap(*maps),
    "datetime": dt.datetime.fromisoformat,
    "date": dt.date.fromisoformat,
    "time": dt.time.fromisoformat,
    "timedelta": lambda parts: dt.timedelta(*parts),
    "Decimal": decimal.Decimal,
    "Fraction": lambda parts: fractions.Fraction(*parts),
    "numpy.ndarray": lambda parts: _numpy("array")(parts[2], dtype=parts[0]).reshape(parts[1]),
    "numpy.generic": lambda parts: _numpy("dtype")(parts[0]).type(parts[1]),
}


class Decoder:
    """Reads values from ``data``. ``record`` makes an instance of a type that the benchmark defines, from its
    name and fields; ``handle`` an object that stays on the other side."""

    def __init__(
        self,
        data: bytes,
        record: Callable[[str, dict[str, Any]], Any] | None = None,
        handle: Callable[[int], Any] | None = None,
    ) -> None:
        self._data, self._position = data, 0
        self._record, self._handle = record, handle

    def take(self, size: int) -> bytes:
        """
        Raises:
            Malformed: so many bytes are not left.
        """
        begin, self._position = self._position, self._position + size
        if self._position > len(self._data):
            raise Malformed("it ends too early")
        return self._data[begin : self._position]

    def number(self) -> int:
        return int(_U32.unpack(self.take(4))[0])

    def text(self) -> str:
        return self.take(self.number()).decode("utf-8", "surrogatepass")

    def end(self) -> None:
        """
        Raises:
            Malformed: something is left.
        """
        if self._position != len(self._data):
            raise Malformed("something follows")

    def value(self, depth: int = 0) -> Any:
        """
        Raises:
            Malformed: it is no value.
        """
        if depth > _DEEPEST:
            raise Malformed("it nests too deep")
        tag = self.take(1)
        if read := _READ.get(tag):
            return read(self, depth)
        raise Malformed(f"the tag {tag!r}")

    def items(self, depth: int) -> list[Any]:
        return [self.value(depth + 1) for _ in range(self.number())]

    def entries(self, depth: int) -> dict[Any, Any]:
        return {self.value(depth + 1): self.value(depth + 1) for _ in range(self.number())}

    def other(self, depth: int) -> Any:
        name = self.text()
        made_of = self.value(depth + 1)
        try:
            return _REBUILT[name](made_of)
        except Exception:  # noqa: BLE001 - whatever it is, the parts are wrong
            raise Malformed(f"it is no {name[:40]}") from None

    def record(self, depth: int) -> Any:
        name = self.text()
        fields = {self.text(): self.value(depth + 1) for _ in range(self.number())}
        if self._record is None:
            raise Malformed("a record where none can be")
        return self._record(name, fields)

    def handle(self, _depth: int) -> Any:
        number_ = self.number()
        if self._handle is None:
            raise Malformed("an object where none can be")
        return self._handle(number_)


_READ: dict[bytes, Callable[[Decoder, int], Any]] = {
    b"N": lambda _decoder, _depth: None,
    b"T": lambda _decoder, _depth: True,
    b"F": lambda _decoder, _depth: False,
    b"i": lambda decoder, _depth: _I64.unpack(decoder.take(8))[0],
    b"I": lambda decoder, _depth: int.from_bytes(decoder.take(decoder.number()), "big", signed=True),
    b"d": lambda decoder, _depth: _F64.unpack(decoder.take(8))[0],
    b"s": lambda decoder, _depth: decoder.text(),
    b"b": lambda decoder, _depth: decoder.take(decoder.number()),
    b"l": Decoder.items,
    b"t": lambda decoder, depth: tuple(decoder.items(depth)),
    b"S": lambda decoder, depth: set(decoder.items(depth)),
    b"m": Decoder.entries,
    b"K": Decoder.other,
    b"r": Decoder.record,
    b"h": Decoder.handle,
    b"o": lambda decoder, _depth: Opaque(decoder.text()),
}
