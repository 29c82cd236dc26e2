"""Values as bytes, on both sides of the pipes between tests and candidate: see docs/values.md.

The sandbox loads this file by its path, without the rest of crosstune.
"""

from __future__ import annotations

import math
import runpy
import struct
import types
from collections.abc import Callable, Iterator, Mapping
from itertools import islice, repeat
from pathlib import Path
from typing import Any

_standard, _errors, _updating, _graphs = (
    types.SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name(f"_{name}.py"))))
    for name in ("standard", "errors", "updating", "graphs")
)
update, error_parts, error_of = _updating.update, _errors.parts, _errors.remade
Malformed, TooDeep, Opaque, METHOD = (
    _standard.Malformed,
    _standard.TooDeep,
    _standard.Opaque,
    _standard.METHOD,
)

_DEEPEST = 200
_MANY = 16
"""So many numbers of one kind are written and read at once."""

_U32, _I64, _F64 = struct.Struct(">I"), struct.Struct(">q"), struct.Struct(">d")
_number, _integer, _float = _U32.pack, _I64.pack, _F64.pack
_NAN = _float(math.nan)


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
    know; they become ``o``. ``rest`` does so for what is no subclass of a standard type, either.
    ``records`` are the names of the classes whose objects ``others`` writes with their fields."""

    def __init__(
        self,
        others: Callable[[Encoder, Any, int], bytes | None],
        rest: Callable[[Encoder, Any, int], bytes | None] | None = None,
        records: frozenset[str] = frozenset(),
    ) -> None:
        self._others, self._rest, self._records = others, rest, records

    def whole(self, value: Any) -> bytes:
        """A value that may contain itself and nest deep.

        Raises:
            TooDeep: it contains itself through something that cannot be sent before its parts.
        """
        try:
            return self.value(value)
        except (TooDeep, RecursionError):
            if not (found := _graphs.numbered(value, self._fields)):
                raise
            return _Graph(found, self._others, self._rest).graph(value)

    def _fields(self, value: Any) -> dict[str, Any] | None:
        is_record = any(base.__name__ in self._records for base in type(value).__mro__)
        return fields_of(value) if is_record else None

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
            if base is tuple or (base is type and _standard.of_type(value) is None):
                break  # a named tuple may be the benchmark's, a class the candidate's
            if (known := _standard.standard(base)) is not None:
                name, parts = known
                return b"K" + text(name) + self.value(parts(value), depth + 1)
        if (other := self._others(self, value, depth)) is not None:
            return other
        if isinstance(value, tuple) and (parts := _standard.named_tuple(value)):
            return self.named("namedtuple", parts, depth)
        for base in type(value).__mro__[1:]:
            if write := _PLAIN.get(base):
                return write(self, value, depth)
        return self._unknown(value, depth)

    def _unknown(self, value: Any, depth: int) -> bytes:
        if self._rest and (kept := self._rest(self, value, depth)) is not None:
            return kept
        if isinstance(value, Iterator):
            return self.named("iterator", list(islice(value, _standard.MOST_ITEMS)), depth)
        return b"o" + text(type(value).__name__)

    def named(self, name: str, made_of: Any, depth: int = 0) -> bytes:
        """A value of another standard type."""
        if depth >= _DEEPEST:
            raise TooDeep
        return b"K" + text(name) + self.value(made_of, depth + 1)

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


class _Graph(Encoder):
    """Writes some ``objects`` apart, and their numbers wherever they occur."""

    def __init__(self, objects: list[Any], others: Any, rest: Any) -> None:
        super().__init__(others, rest)
        self._objects = objects
        self._numbers = {id(each): number for number, each in enumerate(objects)}

    def graph(self, value: Any) -> bytes:
        written = [super(_Graph, self).value(each, 1) for each in self._objects]
        kinds = [data[: _size_of_kind(data)] for data in written]
        return b"".join((b"G", _number(len(kinds)), *kinds, *written, self.value(value, 1)))

    def value(self, value: Any, depth: int = 0) -> bytes:
        place = self._numbers.get(id(value))
        return super().value(value, depth) if place is None else b"A" + _number(place)


def _size_of_kind(data: bytes) -> int:
    """How many bytes at the beginning of a value say of which type it is."""
    return 5 + _U32.unpack(data[1:5])[0] if data[:1] in (b"K", b"r") else 1


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


_NONE: Mapping[str, Callable[[Any], Any]] = types.MappingProxyType({})


class Decoder:
    """Reads values from ``data``. ``record`` returns the type of that name which the benchmark defines;
    ``handle`` an object that stays on the other side; ``rebuilt`` other named values."""

    def __init__(
        self,
        data: bytes,
        record: Callable[[str], type],
        handle: Callable[[int], Any],
        rebuilt: Mapping[str, Callable[[Any], Any]] = _NONE,
    ) -> None:
        self._data, self._position, self._rebuilt = data, 0, rebuilt
        self._record, self._handle = record, handle
        self._objects: list[Any] = []

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

    def graph(self, depth: int) -> Any:
        """A value, some objects of which come before it. Each is known before its parts are, if it can be."""
        self._objects = [self._shell() for _ in range(self.number())]
        for place, made in enumerate(self._objects):
            value = self.value(depth + 1)
            if made is not None and type(made) is not type(value):
                raise Malformed("an object of another type than announced")
            self._objects[place] = value if made is None else _graphs.filled(made, value)
        return self.value(depth + 1)

    def _shell(self) -> Any:
        tag = self.take(1)
        if tag != b"r":
            return _graphs.shell(self.text() if tag == b"K" else tag.decode("latin-1"))
        kind = self._record(self.text())
        return None if issubclass(kind, tuple) else object.__new__(kind)

    def again(self, _depth: int) -> Any:
        """
        Raises:
            Malformed: nothing has that number, or not yet.
        """
        place = self.number()
        if place >= len(self._objects) or self._objects[place] is None:
            raise Malformed("an object that was never sent")
        return self._objects[place]

    def other(self, depth: int) -> Any:
        name = self.text()
        made_of = self.value(depth + 1)
        try:
            return (self._rebuilt.get(name) or _standard.REBUILT[name])(made_of)
        except Exception:  # noqa: BLE001 - whatever it is, the parts are wrong
            raise Malformed(f"it is no {name[:40]}") from None

    def record(self, depth: int) -> Any:
        name = self.text()
        fields = {self.text(): self.value(depth + 1) for _ in range(self.number())}
        return remade(self._record(name), fields)

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
    b"S": lambda decoder, depth: _standard.set_of(decoder.items(depth)),
    b"m": Decoder.entries,
    b"K": Decoder.other,
    b"r": Decoder.record,
    b"h": Decoder.handle,
    b"G": Decoder.graph,
    b"A": Decoder.again,
    b"o": lambda decoder, _depth: Opaque(decoder.text()),
}
