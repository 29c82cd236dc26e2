"""Values as bytes, on both sides of the pipes between tests and candidate: see docs/values.md.

The sandbox loads this file by its path, without the rest of crosstune.
"""

from __future__ import annotations

import builtins
import collections
import datetime as dt
import decimal
import fractions
import math
import operator
import struct
import types
import uuid
from collections.abc import Callable, Iterator
from itertools import islice, repeat
from typing import Any

_DEEPEST = 200
_MOST_ITEMS = 100_000
_MOST_ARRAY_BYTES = 64 << 20
_MANY = 16
"""So many numbers of one kind are written and read at once."""

_U32, _I64, _F64 = struct.Struct(">I"), struct.Struct(">q"), struct.Struct(">d")
_number, _integer, _float = _U32.pack, _I64.pack, _F64.pack
_NAN = _float(math.nan)


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


def number(value: int) -> bytes:
    return _number(value)


def text(value: str) -> bytes:
    data = str.encode(value, "utf-8", "surrogatepass")
    return _number(len(data)) + data


def field_names(kind: type) -> list[str] | None:
    """The fields of a class of named tuples or of a data class; None for any other."""
    named = vars(kind).get("_fields") if issubclass(kind, tuple) else vars(kind).get("__dataclass_fields__")
    return None if named is None else list(named)


def fields_of(value: Any) -> dict[str, Any] | None:
    """The fields of a named tuple or of an object of a data class; None for any other."""
    names = field_names(type(value))
    return None if names is None else {name: getattr(value, name, None) for name in names}


def remade(kind: type, fields: dict[str, Any]) -> Any:
    """
    Raises:
        Malformed: the class has other fields.
    """
    if list(fields) != field_names(kind):
        raise Malformed(f"other fields than those of {kind.__name__}")
    if issubclass(kind, tuple):
        return tuple.__new__(kind, fields.values())
    made = object.__new__(kind)
    for name, value in fields.items():
        object.__setattr__(made, name, value)
    return made


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
        if write := _PLAIN.get(type(value)):
            return write(self, value, depth)
        return self._other(value, depth)

    def _other(self, value: Any, depth: int) -> bytes:
        for base in type(value).__mro__:
            if (known := _standard(base)) is not None:
                name, parts = known
                return b"K" + text(name) + self.value(parts(value), depth + 1)
            if base is tuple:  # a named tuple may be the benchmark's
                break
        if (other := self._others(self, value, depth)) is not None:
            return other
        for base in type(value).__mro__[1:]:
            if write := _PLAIN.get(base):
                return write(self, value, depth)
        if isinstance(value, Iterator):
            return b"K" + text("iterator") + self.value(list(islice(value, _MOST_ITEMS)), depth + 1)
        return b"o" + text(type(value).__name__)

    def items(self, items: Any, depth: int) -> bytes:
        """The number of items, and the items, of something that is ``depth`` deep."""
        if depth >= _DEEPEST:
            raise TooDeep
        values = list(items)
        if len(values) >= _MANY and (packed := _packed(values)):
            return _number(len(values)) + packed
        return _number(len(values)) + b"".join(map(self.value, values, repeat(depth + 1)))

    def entries(self, value: dict[Any, Any], depth: int) -> bytes:
        pairs = list(dict.items(value))
        inner = self.items([part for pair in pairs for part in pair], depth)
        return b"m" + _number(len(pairs)) + inner[4:]

    def record(self, name: str, fields: dict[str, Any], depth: int) -> bytes:
        if depth >= _DEEPEST:
            raise TooDeep
        parts = [text(each) + self.value(value, depth + 1) for each, value in fields.items()]
        return b"r" + text(name) + _number(len(parts)) + b"".join(parts)

    def integer(self, value: int, _depth: int = 0) -> bytes:
        value = int.__int__(value)
        if -(1 << 63) <= value < 1 << 63:
            return b"i" + _integer(value)
        data = int.to_bytes(value, (int.bit_length(value) + 8) // 8, "big", signed=True)
        return b"I" + _number(len(data)) + data


def _packed(values: list[Any]) -> bytes:
    """Many numbers of one kind; empty if they are not."""
    kinds = set(map(type, values))
    tag, code = (b"i", "q") if kinds == {int} else (b"d", "d") if kinds == {float} else (b"", "")
    try:
        data = struct.pack(f">{len(values)}{code}", *values) if tag else b""
    except struct.error:  # a large integer
        return b""
    made = bytearray(len(data) // 8 * 9)
    made[::9] = tag * (len(data) // 8)
    for at in range(8 if tag else 0):
        made[at + 1 :: 9] = data[at::8]
    return bytes(made)


def _unpacked(data: bytes, begin: int, count: int) -> list[Any]:
    """Many numbers of one kind, which begin there; empty if they are not."""
    tag, part = data[begin : begin + 1], data[begin : begin + 9 * count]
    if tag not in (b"i", b"d") or len(part) != 9 * count or part[::9] != tag * count:
        return []
    made = bytearray(8 * count)
    for at in range(8):
        made[at::8] = part[at + 1 :: 9]
    values = list(struct.unpack(f">{count}{'q' if tag == b'i' else 'd'}", made))
    return [] if tag == b"d" and any(map(math.isnan, values)) else values


def _bytes(value: Any) -> bytes:
    data = b"".join((value,))
    return b"b" + _number(len(data)) + data


_PLAIN: dict[type, Callable[[Encoder, Any, int], bytes]] = {
    type(None): lambda _encoder, _value, _depth: b"N",
    bool: lambda _encoder, value, _depth: b"T" if value else b"F",
    int: Encoder.integer,
    float: lambda _encoder, value, _depth: b"d" + _float(float.__float__(value)),
    str: lambda _encoder, value, _depth: b"s" + text(str.__str__(value)),
    bytes: lambda _encoder, value, _depth: _bytes(value),
    list: lambda encoder, value, depth: b"l" + encoder.items(list.__iter__(value), depth),
    tuple: lambda encoder, value, depth: b"t" + encoder.items(tuple.__iter__(value), depth),
    set: lambda encoder, value, depth: b"S" + encoder.items(set.__iter__(value), depth),
    dict: Encoder.entries,
}


def _view(value: Any) -> list[Any]:
    return list(islice(iter(value), _MOST_ITEMS))


def _of_array(value: Any) -> Any:
    if value.dtype.kind not in _ARRAY_KINDS:
        raise TooDeep  # what is in it is no value
    return value.dtype.str, value.shape, value.ravel().tolist()


def _of_defaultdict(value: Any) -> Any:
    made = next((name for name, kind in _FACTORIES.items() if kind is value.default_factory), None)
    return dict(dict.items(value)), made


def _of_type(value: type) -> str | None:
    return value.__name__ if _TYPES.get(value.__name__) is value else None


_FACTORIES = {kind.__name__: kind for kind in (int, float, str, bool, list, dict, set, tuple)}
_ARRAY_KINDS = "?biufcSUOMm"
_TYPES = {
    name: kind
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and not issubclass(kind, BaseException)
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
    "builtins.type": ("type", _of_type),
    "array.array": ("array", lambda value: (value.typecode, value.tolist())),
    "collections.OrderedDict": ("OrderedDict", lambda value: dict(collections.OrderedDict.items(value))),
    "collections.defaultdict": ("defaultdict", _of_defaultdict),
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
    "uuid.UUID": ("UUID", lambda value: value.hex),
    "numpy.ndarray": ("numpy.ndarray", _of_array),
    "numpy.generic": ("numpy.generic", lambda value: (value.dtype.str, value.item())),
}


def _standard(kind: type) -> tuple[str, Callable[[Any], Any]] | None:
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


def _set(items: list[Any]) -> set[Any]:
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
_REBUILT: dict[str, Callable[[Any], Any]] = {
    "frozenset": lambda items: frozenset(_set(*_wanted((items,), list))),
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
    "ChainMap": lambda maps: collections.ChainMap(*[_wanted((each,), dict)[0] for each in maps]),
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


class Decoder:
    """Reads values from ``data``. ``record`` makes an instance of a type that the benchmark defines, from its
    name and fields; ``handle`` an object that stays on the other side."""

    def __init__(
        self,
        data: bytes,
        record: Callable[[str, dict[str, Any]], Any],
        handle: Callable[[int], Any],
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

    def float(self, _depth: int = 0) -> float:
        """Not-a-number is one object, as it is where tests and candidate use that of ``math``."""
        data = self.take(8)
        return math.nan if data == _NAN else float(_F64.unpack(data)[0])

    def items(self, depth: int) -> list[Any]:
        count = self.number()
        if count >= _MANY and (values := _unpacked(self._data, self._position, count)):
            self._position += 9 * count
            return values
        return list(map(self.value, repeat(depth + 1, count)))

    def entries(self, depth: int) -> dict[Any, Any]:
        value, inner = self.value, depth + 1
        return {value(inner): value(inner) for _ in range(self.number())}

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
        return self._record(name, fields)

    def handle(self, _depth: int) -> Any:
        return self._handle(self.number())


_READ: dict[bytes, Callable[[Decoder, int], Any]] = {
    b"N": lambda _decoder, _depth: None,
    b"T": lambda _decoder, _depth: True,
    b"F": lambda _decoder, _depth: False,
    b"i": lambda decoder, _depth: _I64.unpack(decoder.take(8))[0],
    b"I": lambda decoder, _depth: int.from_bytes(decoder.take(decoder.number()), "big", signed=True),
    b"d": Decoder.float,
    b"s": lambda decoder, _depth: decoder.text(),
    b"b": lambda decoder, _depth: decoder.take(decoder.number()),
    b"l": Decoder.items,
    b"t": lambda decoder, depth: tuple(decoder.items(depth)),
    b"S": lambda decoder, depth: _set(decoder.items(depth)),
    b"m": Decoder.entries,
    b"K": Decoder.other,
    b"r": Decoder.record,
    b"h": Decoder.handle,
    b"o": lambda decoder, _depth: Opaque(decoder.text()),
}
