"""Types as OCaml writes them: ``(string * int) list -> bool``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crosstune.errors import DataError
from crosstune.languages._arguments import ANY, BOOL, FLOAT, NOTHING, TEXT, Shape, integer

_TOKEN = re.compile(r"[A-Za-z_'][\w'.]*|->|[(),*]|\S")
_SCALARS = {
    "unit": NOTHING,
    "bool": BOOL,
    "int": integer(63),
    "int64": integer(64),
    "int32": integer(32),
    "float": FLOAT,
    "char": Shape("character", most=127),
    "string": TEXT,
    "bytes": TEXT,
}
_SHAPES = {"list": "list", "array": "list", "option": "optional"}
_ITEMS = (*_SHAPES, "ref")
_TABLE = "Hashtbl.t"
_MUTABLE = ("array", "ref", "bytes", _TABLE)


@dataclass(frozen=True)
class Type:
    """``name`` is that of a constructor, ``*`` for a tuple, with the types within."""

    name: str
    inner: tuple[Type, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether a function can change such a value."""
        return self.name in _MUTABLE or any(each.changes for each in self.inner)


def parsed(text: str) -> Type:
    """
    Raises:
        DataError: it is no type of values.
    """
    tokens = _TOKEN.findall(text)
    found, at = _tuple(tokens, 0)
    if at != len(tokens):
        raise DataError(f"the type {text.strip()} is no type of values")
    return found


def _tuple(tokens: list[str], at: int) -> tuple[Type, int]:
    first, at = _applied(tokens, at)
    parts = [first]
    while tokens[at : at + 1] == ["*"]:
        part, at = _applied(tokens, at + 1)
        parts.append(part)
    return (first if len(parts) == 1 else Type("*", tuple(parts))), at


def _applied(tokens: list[str], at: int) -> tuple[Type, int]:
    """A type with the constructors that follow it."""
    inner, at = _atom(tokens, at)
    while at < len(tokens) and re.match(r"[A-Za-z_]", tokens[at]):
        inner, at = (Type(tokens[at].removeprefix("Stdlib."), inner),), at + 1
    if len(inner) != 1:
        raise DataError("a type of several parameters has no name")
    return inner[0], at


def _atom(tokens: list[str], at: int) -> tuple[tuple[Type, ...], int]:
    if tokens[at : at + 1] != ["("]:
        if at >= len(tokens) or not re.match(r"[A-Za-z_]", tokens[at]):
            raise DataError(f"no type of values at {' '.join(tokens[at : at + 3])!r}")
        return (Type(tokens[at]),), at + 1
    parts = list[Type]()
    while tokens[at : at + 1] and tokens[at] in "(,":
        part, at = _tuple(tokens, at + 1)
        parts.append(part)
    if tokens[at : at + 1] != [")"]:
        raise DataError("a type that is not closed")
    return tuple(parts), at + 1


@dataclass(frozen=True)
class Types:
    """What types become. ``unions`` are the constructors, with their types, of those that are declared."""

    unions: Mapping[str, tuple[tuple[str, Type], ...]]

    def shape(self, kind: Type) -> Shape:
        """
        Raises:
            DataError: it is no type of values.
        """
        if kind.name in self.unions:
            return ANY
        parts = tuple(map(self.shape, kind.inner))
        if kind.name == "*":
            return Shape("tuple", parts)
        if kind.name in _SHAPES:
            return Shape(_SHAPES[kind.name], parts)
        if kind.name == _TABLE and len(parts) == 2:
            return Shape("map", parts)
        if parts or kind.name not in _SCALARS:
            raise DataError(f"a parameter of the type {kind.name} cannot be given")
        return _SCALARS[kind.name]

    def reader(self, kind: Type) -> str:
        """An OCaml function that makes such a value of what was read."""
        if kind.name in self.unions:
            return f"crosstune_to_{kind.name}"
        if kind.name == "*":
            names = [f"v{number}" for number in range(len(kind.inner))]
            made = ", ".join(
                f"({self.reader(each)} {name})" for each, name in zip(kind.inner, names, strict=True)
            )
            matched = f"match Crosstune_wire.items v with [{'; '.join(names)}] -> ({made})"
            return f"(fun v -> {matched} | _ -> Crosstune_wire.wrong ())"
        return self._applied("to", kind, map(self.reader, kind.inner))

    def writer(self, kind: Type) -> str:
        """An OCaml function that writes such a value.

        Raises:
            DataError: it is no type of values.
        """
        if kind.name in self.unions:
            return f"crosstune_of_{kind.name}"
        if kind.name == "*":
            names = [f"v{number}" for number in range(len(kind.inner))]
            each = "; ".join(
                f"{self.writer(item)} {name}" for item, name in zip(kind.inner, names, strict=True)
            )
            return f"(fun ({', '.join(names)}) -> Crosstune_wire.of_tuple [{each}])"
        return self._applied("of", kind, map(self.writer, kind.inner))

    def _applied(self, how: str, kind: Type, inner: Iterable[str]) -> str:
        name = "table" if kind.name == _TABLE else kind.name
        known = kind.name in _SCALARS or kind.name in (*_ITEMS, _TABLE, "result")
        if not known or (how == "to" and kind.name == "result"):
            raise DataError(f"a value of the type {kind.name} cannot be sent")
        return f"({' '.join((f'Crosstune_wire.{how}_{name}', *inner))})"

    def conversions(self) -> str:
        """The functions that read and write values of the declared unions."""
        return "\n".join(self._union(name, parts) for name, parts in self.unions.items())

    def _union(self, name: str, parts: tuple[tuple[str, Type], ...]) -> str:
        reading = "\n".join(
            f"  | {_PATTERNS.get(kind.name, '_')} as v -> {constructor} ({self.reader(kind)} v)"
            for constructor, kind in sorted(parts, key=lambda part: part[1].name == "float")
        )
        writing = "\n".join(f"  | {constructor} v -> {self.writer(kind)} v" for constructor, kind in parts)
        return (
            f"let rec crosstune_to_{name} = function\n{reading}\n  | _ -> Crosstune_wire.wrong ()\n"
            f"let rec crosstune_of_{name} = function\n{writing}\n"
        )


_PATTERNS = {
    "bool": "Crosstune_wire.Bool _",
    "int": "Crosstune_wire.Int _",
    "float": "Crosstune_wire.(Float _ | Int _)",
    "string": "Crosstune_wire.Text _",
    "list": "Crosstune_wire.List _",
    "*": "Crosstune_wire.List _",
    _TABLE: "Crosstune_wire.Map _",
}
