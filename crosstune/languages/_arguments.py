"""Arguments of calls as bytes, in the form in which a candidate's server expects them: see docs/values.md."""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

_DEEPEST = 200
_U32, _I64, _F64 = (struct.Struct(each).pack for each in (">I", ">q", ">d"))
_MOST_INTEGER_BYTES = 1 << 16
_MANY = 16
"""So many numbers of one kind are written at once."""

NO_NAMED = b"m" + _U32(0)
"""No named arguments."""


class DoesNotFit(Exception):
    """A value is none of the type that is declared; the message says which."""


@dataclass(frozen=True)
class Shape:
    """The form of a parameter's values.

    ``kind`` is ``value`` (whatever it is), ``integer`` (from ``least`` to ``most``), ``code`` (such an
    integer, or the character that has it), ``large`` (an integer of any size), ``float``, ``bool``, ``text``
    (a ``name`` says what it must not have), ``character`` (up to the code ``most``), ``bytes``, ``nothing``,
    ``list``, ``row`` (a list with a shape for each item), ``tuple``, ``set``, ``map``, ``optional``,
    ``record`` (``name`` of a declared type, with ``fields``), ``choice`` (one of several records), or
    ``made``: ``name`` of another standard type, and what it is made of. Such types are also ``some`` (made of
    a value, if there is one), ``maybe`` (of a list of at most one value), ``single`` (of the bits of a
    float), ``unordered`` (of a number of buckets and a collection) and ``variant`` (of the number of an
    alternative and its value). ``parts`` are the shapes within: of the items, of key and value, of each item,
    or of each alternative.
    """

    kind: str
    parts: tuple[Shape, ...] = ()
    name: str = ""
    least: int = 0
    most: int = 0
    fields: tuple[str, ...] = ()


def integer(bits: int, *, signed: bool = True) -> Shape:
    """Integers of so many bits."""
    most = 1 << bits
    return Shape("integer", least=-(most >> 1) if signed else 0, most=(most >> 1 if signed else most) - 1)


ANY, BOOL, FLOAT, BYTES, NOTHING = map(Shape, ("value", "bool", "float", "bytes", "nothing"))
TEXT, UNICODE = Shape("text"), Shape("text", name="utf-8")


@dataclass(frozen=True)
class CallTarget:
    """What a server is asked for: the ``function``, and before it an object of the class ``maker``, if any.

    ``parameters`` None: it takes any values. ``rest``: the last parameter takes all further arguments as one.
    ``failing``: its ``result``, or the ``last`` of its results, is an error if it fails.
    """

    function: str
    maker: str = ""
    parameters: tuple[Shape, ...] | None = None
    rest: bool = False
    failing: str = ""


@dataclass(frozen=True)
class CallPlan:
    """How the calls of a program are made.

    ``candidate``, ``declaration`` and ``entry_points`` replace those of the program. ``write`` writes a value
    whose type is not declared.
    """

    targets: Mapping[str, CallTarget]
    entry_points: tuple[str, ...]
    declaration: str
    candidate: str
    write: Callable[[Any, int], bytes]
    likeness: Likeness


class TextValues(Protocol):
    """What the texts of a language mean; None: they are no such value."""

    def words(self, text: str, /) -> list[str] | None:
        """The items of a list, or the keys and values of a map."""

    def number(self, text: str, /) -> float | None: ...

    def truth(self, text: str, /) -> bool | None: ...


@dataclass(frozen=True)
class Likeness:
    """What a language cannot tell apart, and therefore equals what a case expects.

    ``sequences``: a list equals a tuple, an object with fields the tuple of their values. ``empty_is_none``:
    nothing equals an empty list or map. ``text_keys``: keys of a map are texts. ``codes``: a character may be
    its code. ``variants``: a record whose name has ``::`` is a variant of an enumeration. ``error_bases``:
    from the kind of an error to that from which it is derived. ``first_key``: lists and maps are one type, so
    a list is a map whose keys begin with that number, and sets are lists, too. ``absent_none``: a list does
    not have a last item that is nothing, nor a map such a value. ``scalars``: numbers, texts and truth values
    are one type, in which a number is the text that it is written as. ``false_is_none``: falsehood is also
    nothing. ``none_is_false``: nothing is also falsehood. ``single``: a value is the list of it alone, and
    an object with one field is also its value. ``texts``: all values are texts, and this is what they mean.
    """

    sequences: bool = True
    empty_is_none: bool = False
    text_keys: bool = False
    codes: bool = False
    variants: bool = False
    error_bases: Mapping[str, str] = field(default_factory=dict)
    first_key: int | None = None
    absent_none: bool = False
    scalars: bool = False
    false_is_none: bool = False
    none_is_false: bool = False
    single: bool = False
    texts: TextValues | None = None


def question(
    plan: CallPlan, target: CallTarget, arguments: Sequence[Any], handle: int | None = None
) -> bytes:
    """The question that calls ``target``, a method of the object ``handle`` if there is one.

    Raises:
        DoesNotFit: the arguments are none of its parameters.
    """
    head = b"C" if handle is None else b"M" + _U32(handle)
    if target.parameters is None:
        written = [plan.write(each, 1) for each in arguments]
    else:
        written = _written(plan, target, list(arguments))
    listed = b"l" + _U32(len(written)) + b"".join(written)
    return head + text(target.function) + listed + NO_NAMED


def making(maker: str) -> bytes:
    """The question that makes an object."""
    return b"N" + text(maker) + b"l" + _U32(0) + NO_NAMED


def dropping(handle: int) -> bytes:
    return b"D" + _U32(handle)


def _written(plan: CallPlan, target: CallTarget, arguments: list[Any]) -> list[bytes]:
    shapes = target.parameters or ()
    if target.rest and len(arguments) >= len(shapes) - 1:
        last = len(shapes) - 1
        arguments = [*arguments[:last], arguments[last:]]
    if len(arguments) != len(shapes):
        raise DoesNotFit(f"{len(arguments)} arguments, but {len(shapes)} parameters are declared")
    writer = ShapeWriter(plan.write)
    return [writer.value(each, shape, 1) for each, shape in zip(arguments, shapes, strict=True)]


def text(value: str) -> bytes:
    data = value.encode("utf-8", "surrogatepass")
    return _U32(len(data)) + data


@dataclass(frozen=True)
class ShapeWriter:
    """Writes values that have a declared type. ``free`` writes those that may be of any."""

    free: Callable[[Any, int], bytes]
    depth: int = field(default=0, init=False)

    def value(self, value: Any, shape: Shape, depth: int) -> bytes:
        """
        Raises:
            DoesNotFit: it is not of that shape.
        """
        if depth > _DEEPEST:
            raise DoesNotFit(f"a value nests deeper than {_DEEPEST}")
        return _WRITERS[shape.kind](self, value, shape, depth)

    def _items(self, values: Sequence[Any] | Iterable[Any], shape: Shape, depth: int) -> bytes:
        if isinstance(values, list) and (many := _many(values, shape)):
            return many
        written = [self.value(each, shape, depth + 1) for each in values]
        return _U32(len(written)) + b"".join(written)

    def _list(self, value: Any, shape: Shape, depth: int) -> bytes:
        value = list(value) if isinstance(value, bytes) else value
        _check(value, list | tuple, "list")
        return b"l" + self._items(value, shape.parts[0], depth)

    def _set(self, value: Any, shape: Shape, depth: int) -> bytes:
        _check(value, set | frozenset | list | tuple, "set")
        return b"S" + self._items(value, shape.parts[0], depth)

    def _tuple(self, value: Any, shape: Shape, depth: int) -> bytes:
        return b"t" + self._each(value, shape, depth)

    def _row(self, value: Any, shape: Shape, depth: int) -> bytes:
        return b"l" + self._each(value, shape, depth)

    def _each(self, value: Any, shape: Shape, depth: int) -> bytes:
        _check(value, list | tuple, "tuple")
        if len(value) != len(shape.parts):
            raise DoesNotFit(f"{len(value)} items, but {len(shape.parts)} are declared")
        pairs = zip(value, shape.parts, strict=True)
        return _U32(len(value)) + b"".join(self.value(each, part, depth + 1) for each, part in pairs)

    def _map(self, value: Any, shape: Shape, depth: int) -> bytes:
        _check(value, dict, "map")
        key_shape, item_shape = shape.parts
        written = (
            self.value(key, key_shape, depth + 1) + self.value(item, item_shape, depth + 1)
            for key, item in value.items()
        )
        return b"m" + _U32(len(value)) + b"".join(written)

    def _record(self, value: Any, shape: Shape, depth: int) -> bytes:
        """A value by the names of its fields, or by their order."""
        if isinstance(value, dict):
            if unknown := sorted(map(str, value.keys() ^ set(shape.fields))):
                raise DoesNotFit(f"{shape.name} needs the fields {', '.join(shape.fields)}: see {unknown[0]}")
            value = [value[name] for name in shape.fields]
        elif len(shape.fields) == 1 and not isinstance(value, list | tuple):
            value = [value]
        _check(value, list | tuple, shape.name)
        if len(value) != len(shape.fields):
            raise DoesNotFit(f"{shape.name} needs the fields {', '.join(shape.fields)}")
        named = zip(shape.fields, value, shape.parts, strict=True)
        written = (text(name) + self.value(each, part, depth + 1) for name, each, part in named)
        return b"r" + text(shape.name) + _U32(len(value)) + b"".join(written)

    def _choice(self, value: Any, shape: Shape, depth: int) -> bytes:
        """The name of a variant, or a map from that to what it has."""
        name, inner = (
            next(iter(value.items())) if isinstance(value, dict) and len(value) == 1 else (value, [])
        )
        for each in shape.parts:
            if name in (each.name, each.name.rpartition("::")[2]):
                return self._record(inner, each, depth)
        raise DoesNotFit(f"{str(name)[:60]!r} is none of {', '.join(each.name for each in shape.parts)}")

    def _optional(self, value: Any, shape: Shape, depth: int) -> bytes:
        return b"N" if value is None else self.value(value, shape.parts[0], depth)

    def _made(self, value: Any, shape: Shape, depth: int) -> bytes:
        return b"K" + text(shape.name) + self.value(value, shape.parts[0], depth + 1)

    def _some(self, value: Any, shape: Shape, depth: int) -> bytes:
        return b"N" if value is None else self._made(value, shape, depth)

    def _maybe(self, value: Any, shape: Shape, depth: int) -> bytes:
        held = b"" if value is None else self.value(value, shape.parts[0], depth + 2)
        return b"K" + text(shape.name) + b"l" + _U32(int(value is not None)) + held

    def _variant(self, value: Any, shape: Shape, depth: int) -> bytes:
        """One of the alternatives with its number: that of the value's own type, or the first that fits."""
        natural = _NATURAL.get(type(value))
        for at in sorted(range(len(shape.parts)), key=lambda at: shape.parts[at].kind != natural):
            with contextlib.suppress(DoesNotFit):
                chosen = self.value(value, shape.parts[at], depth + 2)
                return b"K" + text(shape.name) + b"t" + _U32(2) + whole(at) + chosen
        raise DoesNotFit(f"{_short(value)} is none of the alternatives")

    def _unordered(self, value: Any, shape: Shape, depth: int) -> bytes:
        collection = self.value(value, shape.parts[0], depth + 2)
        return b"K" + text(shape.name) + b"t" + _U32(2) + whole(0) + collection

    def _single(self, value: Any, _shape: Shape, _depth: int) -> bytes:
        _check(value, int | float, "number")
        try:
            (bits,) = struct.unpack(">i", struct.pack(">f", value))
        except OverflowError:
            raise DoesNotFit("a number that is no float") from None
        return b"K" + text("Float") + whole(bits)

    def _code(self, value: Any, shape: Shape, depth: int) -> bytes:
        if isinstance(value, str) and len(value) == 1:
            value = ord(value)
        return self._integer(value, shape, depth)

    def _large(self, value: Any, _shape: Shape, _depth: int) -> bytes:
        _check(value, int, "integer")
        return _long(value)

    def _integer(self, value: Any, shape: Shape, _depth: int) -> bytes:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        _check(value, int, "integer")
        if not shape.least <= value <= shape.most:
            raise DoesNotFit(f"{value} is not from {shape.least} to {shape.most}")
        return whole(int(value))

    def _float(self, value: Any, _shape: Shape, _depth: int) -> bytes:
        _check(value, int | float, "number")
        try:
            return b"d" + _F64(float(value))
        except OverflowError:
            raise DoesNotFit("an integer that is no double") from None

    def _bool(self, value: Any, _shape: Shape, _depth: int) -> bytes:
        _check(value, bool, "bool")
        return b"T" if value else b"F"

    def _text(self, value: Any, shape: Shape, _depth: int) -> bytes:
        _check(value, str, "text")
        if shape.name == "utf-8" and any("\ud800" <= each <= "\udfff" for each in value):
            raise DoesNotFit("a text with a lone surrogate")
        if shape.name == "without zeros" and "\0" in value:
            raise DoesNotFit("a text with a zero character")
        return b"s" + text(value)

    def _character(self, value: Any, shape: Shape, _depth: int) -> bytes:
        if not isinstance(value, str) or len(value) != 1 or ord(value) > shape.most:
            raise DoesNotFit(f"{_short(value)} is no character")
        return b"c" + _U32(ord(value))

    def _bytes(self, value: Any, _shape: Shape, _depth: int) -> bytes:
        try:
            data = bytes(value) if isinstance(value, bytes | list | tuple) else None
        except (TypeError, ValueError):
            data = None
        if data is None:
            raise DoesNotFit(f"{_short(value)} is no bytes")
        return b"b" + _U32(len(data)) + data

    def _nothing(self, value: Any, _shape: Shape, _depth: int) -> bytes:
        _check(value, type(None), "nothing")
        return b"N"

    def _free(self, value: Any, _shape: Shape, depth: int) -> bytes:
        return self.free(value, depth)


# ruff: noqa: SLF001 - the table below is the class's own
_WRITERS: Mapping[str, Callable[[ShapeWriter, Any, Shape, int], bytes]] = {
    "value": ShapeWriter._free,
    "integer": ShapeWriter._integer,
    "float": ShapeWriter._float,
    "bool": ShapeWriter._bool,
    "text": ShapeWriter._text,
    "character": ShapeWriter._character,
    "bytes": ShapeWriter._bytes,
    "nothing": ShapeWriter._nothing,
    "list": ShapeWriter._list,
    "tuple": ShapeWriter._tuple,
    "row": ShapeWriter._row,
    "set": ShapeWriter._set,
    "map": ShapeWriter._map,
    "optional": ShapeWriter._optional,
    "record": ShapeWriter._record,
    "choice": ShapeWriter._choice,
    "made": ShapeWriter._made,
    "some": ShapeWriter._some,
    "maybe": ShapeWriter._maybe,
    "single": ShapeWriter._single,
    "code": ShapeWriter._code,
    "large": ShapeWriter._large,
    "unordered": ShapeWriter._unordered,
    "variant": ShapeWriter._variant,
}
_NATURAL = {bool: "bool", int: "integer", float: "float", str: "text"} | {list: "list", dict: "map"}
"""The kind of shape that a value has by itself."""


def _many(values: list[Any], shape: Shape) -> bytes:
    """Many numbers of one kind at once; empty if they are not, or do not fit."""
    kinds = set(map(type, values)) if len(values) >= _MANY else set()
    if shape.kind == "integer" and kinds == {int} and shape.least <= min(values) <= max(values) <= shape.most:
        return _packed(values, b"i")
    return _packed(values, b"d") if shape.kind == "float" and kinds == {float} else b""


def _packed(values: list[Any], tag: bytes) -> bytes:
    """The number of numbers, and these, each after its tag; empty if one has more than 64 bits."""
    try:
        data = struct.pack(f">{len(values)}{'q' if tag == b'i' else 'd'}", *values)
    except struct.error:
        return b""
    made = bytearray(9 * len(values))
    made[::9] = tag * len(values)
    for at in range(8):
        made[at + 1 :: 9] = data[at::8]
    return _U32(len(values)) + bytes(made)


def _check(value: Any, kind: Any, name: str) -> None:
    """
    Raises:
        DoesNotFit: it is not of the kind; a bool is no integer.
    """
    if not isinstance(value, kind) or (isinstance(value, bool) and name != "bool"):
        raise DoesNotFit(f"{_short(value)} is no {name}")


def _short(value: Any) -> str:
    return f"a value of the type {type(value).__name__}"


def whole(value: int) -> bytes:
    """An integer.

    Raises:
        DoesNotFit: it is larger than any that is sent.
    """
    if -(1 << 63) <= value < 1 << 63:
        return b"i" + _I64(value)
    return _long(value)


def _long(value: int) -> bytes:
    data = value.to_bytes((value.bit_length() + 8) // 8, "big", signed=True)
    if len(data) > _MOST_INTEGER_BYTES:
        raise DoesNotFit(f"an integer of {len(data)} bytes")
    return b"I" + _U32(len(data)) + data


def written(value: Any, depth: int) -> bytes:
    """A value as what it is in Python.

    Raises:
        DoesNotFit: it has another type or nests too deep.
    """
    return FREE.value(value, depth)


def scalar(value: Any) -> bytes | None:
    """A value that contains no others; None if it does.

    Raises:
        DoesNotFit: it is a longer integer than any that is sent.
    """
    if value is None or isinstance(value, bool):
        return {None: b"N", True: b"T", False: b"F"}[value]
    if isinstance(value, int):
        return whole(value)
    if isinstance(value, float):
        return b"d" + _F64(value)
    if isinstance(value, str | bytes):
        return b"s" + text(value) if isinstance(value, str) else b"b" + _U32(len(value)) + value
    return None


@dataclass(frozen=True)
class FreeWriter:
    """Writes values as what they are. ``number`` writes integers, ``entries`` maps, if they differ."""

    tuple_tag: bytes = b"t"
    number: Callable[[int], bytes] = whole
    entries: Callable[[FreeWriter, dict[Any, Any], int], bytes] | None = None

    def value(self, value: Any, depth: int) -> bytes:
        """
        Raises:
            DoesNotFit: it has another type or nests too deep.
        """
        if depth > _DEEPEST:
            raise DoesNotFit(f"a value nests deeper than {_DEEPEST}")
        if isinstance(value, int) and not isinstance(value, bool):
            return self.number(value)
        if (plain := scalar(value)) is not None:
            return plain
        if isinstance(value, dict):
            return self.entries(self, value, depth) if self.entries else self.plain_map(value, depth)
        for kind, tag in ((list, b"l"), (tuple, self.tuple_tag), (set, b"S")):
            if isinstance(value, kind):
                return tag + (self._many(value) or self._each(value, depth + 1))
        raise DoesNotFit(_short(value))

    def _many(self, values: Any) -> bytes:
        kinds = set(map(type, values)) if isinstance(values, list) and len(values) >= _MANY else set()
        tag = b"i" if kinds == {int} and self.number is whole else b"d" if kinds == {float} else b""
        return _packed(values, tag) if tag else b""

    def _each(self, values: Any, depth: int) -> bytes:
        return _U32(len(values)) + b"".join(self.value(each, depth) for each in values)

    def plain_map(self, value: dict[Any, Any], depth: int) -> bytes:
        parts = [self.value(each, depth + 1) for pair in value.items() for each in pair]
        return b"m" + _U32(len(value)) + b"".join(parts)


FREE = FreeWriter()
