"""Values of further standard types, as what a case can expect: see docs/values.md."""

from __future__ import annotations

import decimal
import fractions
import math
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from crosstune.languages import Likeness

_MOST_BITS = 1 << 13
"""Numbers that are made of longer integers are not looked at."""
_MOST_DIGITS = 4000

ARGUMENT = frozenset({"argument"})


@dataclass(frozen=True, slots=True)
class Unlike:
    """A value that equals nothing that a case expects; ``what`` it is."""

    what: str


@dataclass(frozen=True, slots=True)
class Argument:
    """The argument at that position, as it is after the call."""

    position: int


@dataclass(frozen=True, slots=True)
class Failure:
    """An error that is returned as a value: its text, or whatever it is made of."""

    value: Any


@dataclass(frozen=True, slots=True)
class Made:
    """A ``set`` of items or a ``map`` of pairs."""

    kind: str
    parts: Any


def made(name: str, parts: Any, likeness: Likeness) -> Any:
    """The value of the standard type ``name`` that is made of ``parts``.

    Raises:
        Exception: the parts are wrong.
    """
    if make := _MADE.get(name):
        return make(parts)
    if not likeness.sequences:
        return Unlike(f"a value of the type {name[:40]}")
    if name.startswith("org.javatuples."):
        return tuple(parts)
    if make := _OF_LISTS.get(name):
        return make(parts)
    return parts


def _wanted(parts: Any, *kinds: Any) -> Any:
    if not (isinstance(parts, tuple) and len(parts) == len(kinds) and all(map(isinstance, parts, kinds))):
        raise TypeError
    return parts


def _one(part: Any, kind: type) -> Any:
    if not isinstance(part, kind):
        raise TypeError
    return part


def _set(parts: Any) -> Made:
    return Made("set", parts.parts if isinstance(parts, Made) else _one(parts, list))


def _map(parts: Any) -> Made:
    if _one(parts, Made).kind != "map":
        raise TypeError
    return Made("map", parts.parts)


def _fraction(parts: Any) -> Any:
    above, below = _wanted(parts, int, int)
    if max(above.bit_length(), below.bit_length()) > _MOST_BITS:
        return Unlike("a fraction of long integers")
    return fractions.Fraction(above, below)


def _decimal(text: Any) -> Any:
    return decimal.Decimal(_one(text, str)) if len(text) <= _MOST_DIGITS else Unlike("a long decimal number")


def _big_decimal(parts: Any) -> Any:
    unscaled, scale = _wanted(parts, int, int)
    if unscaled.bit_length() > _MOST_BITS:
        return Unlike("a long decimal number")
    digits = tuple(map(int, str(abs(unscaled))))
    return decimal.Decimal((int(unscaled < 0), digits, -scale))


def _complex(parts: Any) -> complex:
    return complex(*_wanted(tuple(parts), float, float))


def _extended(data: Any) -> float:
    """An x87 number, as near as a double is."""
    fraction, exponent = struct.unpack("<QH", _one(data, bytes)[:10])
    if exponent & 0x7FFF == 0x7FFF:
        return math.nan if fraction << 1 & (1 << 64) - 1 else math.copysign(math.inf, -(exponent >> 15) or 1)
    sign = -1 if exponent >> 15 else 1
    try:
        return math.ldexp(sign * fraction, (exponent & 0x7FFF) - 16383 - 63)
    except OverflowError:
        return sign * math.inf


def _javascript_map(parts: Any) -> Made:
    flat, _ = parts
    _one(flat, list)
    return Made("map", list(zip(flat[::2], flat[1::2], strict=True)))


def _typed(code: str) -> Callable[[Any], list[Any]]:
    size = struct.calcsize(code)

    def values(data: Any) -> list[Any]:
        return list(struct.unpack(f"<{len(_one(data, bytes)) // size}{code}", data))

    return values


def _optional(parts: Any) -> Any:
    return _one(parts, list)[0] if parts else None


def _index(parts: Any) -> Argument:
    return Argument(int(_one(parts, float)))


_MADE: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(
        ("frozenset", "keys", "items", "unmodifiableSet", "LinkedHashSet", "TreeSet", "TreeSetReversed"), _set
    ),
    **dict.fromkeys(
        (
            "OrderedDict",
            "defaultdict",
            "ChainMap",
            "Counter",
            "UserDict",
            "mappingproxy",
            "null",
            "LinkedHashMap",
            "TreeMap",
        ),
        _map,
    ),
    **dict.fromkeys(("TreeMapReversed", "Hashtable", "ConcurrentHashMap", "unmodifiableMap"), _map),
    **dict.fromkeys(
        ("Buffer", "ArrayBuffer", "bytearray", "memoryview", "DataView"), lambda data: _one(data, bytes)
    ),
    **{
        f"{name}Array": _typed(code)
        for name, code in {
            "Int8": "b",
            "Uint8": "B",
            "Uint8Clamped": "B",
            "Int16": "h",
            "Uint16": "H",
            "Int32": "i",
            "Uint32": "I",
            "Float32": "f",
            "Float64": "d",
            "BigInt64": "q",
            "BigUint64": "Q",
        }.items()
    },
    "Map": _javascript_map,
    "UserList": lambda parts: _one(parts, list),
    "UserString": lambda parts: _one(parts, str),
    "Object": lambda parts: parts,
    "awaitable": lambda parts: parts,
    "argument": _index,
    "Fraction": _fraction,
    "Decimal": _decimal,
    "BigDecimal": _big_decimal,
    "complex": _complex,
    "numpy.generic": lambda parts: _wanted(parts, str, object)[1],
    "long double": _extended,
    "Float": lambda bits: struct.unpack(">f", struct.pack(">i", bits))[0],
}

_OF_LISTS: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("Optional", "OptionalInt", "OptionalLong", "OptionalDouble"), _optional),
    **dict.fromkeys(("SimpleEntry", "SimpleImmutableEntry", "Entry"), tuple),
    "unordered": lambda parts: parts[1],
    "variant": lambda parts: parts[1],
    "array": lambda _parts: Unlike("an array with holes"),
    "Err": Failure,
    "error": Failure,
    "enum": lambda parts: Unlike(f"the constant {parts[1][:60]}"),
    "Date": lambda _parts: Unlike("a Date"),
    "RegExp": lambda _parts: Unlike("a RegExp"),
    "Error": lambda _parts: Unlike("an Error"),
}
"""Of languages that have nothing but lists."""
