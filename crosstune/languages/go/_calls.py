"""How the judge itself calls functions of Go candidates."""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crosstune.errors import DataError
from crosstune.languages import _call_names as call_names
from crosstune.languages._arguments import (
    ANY,
    BOOL,
    BYTES,
    FLOAT,
    UNICODE,
    CallPlan,
    CallTarget,
    FreeWriter,
    Likeness,
    Shape,
    integer,
    text,
)
from crosstune.languages.go import _declaration, _types
from crosstune.records import Program

if TYPE_CHECKING:
    from tree_sitter import Node

_U32 = struct.Struct(">I").pack
_ARRAY = re.compile(r"\[\s*\d+\s*\]")
_SCALARS = {
    **{f"int{bits}": integer(bits) for bits in (8, 16, 32, 64)},
    **{f"uint{bits}": integer(bits, signed=False) for bits in (8, 16, 32, 64)},
    "int": integer(64),
    "uint": integer(64, signed=False),
    "byte": Shape("code", least=0, most=255),
    "rune": Shape("code", least=0, most=(1 << 31) - 1),
    "float32": FLOAT,
    "float64": FLOAT,
    "bool": BOOL,
    "string": UNICODE,
    "any": ANY,
}


def plan(program: Program, calls: tuple[str, ...]) -> CallPlan:
    """
    Raises:
        DataError: a call names nothing that is declared, or a parameter is of no type of values.
    """
    points = call_names.entry_points(program.entry_points, calls)
    found = _declaration.read(program.declaration, points)
    if found.why_shared:
        raise DataError(found.why_shared)
    known = {each.key: each for each in found.functions}
    shapes = _Shapes(_declaration.types(program.declaration))
    targets = {}
    for call in calls:
        owner, _, name = call_names.named(call)
        function = known.get(f"{owner}.{name}" if owner else name)
        if function is None:
            raise DataError(f"a case calls {call}, which is not declared")
        targets[call] = CallTarget(
            function.key,
            maker=owner,
            parameters=tuple(shapes.of(each.text) for each in function.parameters),
            rest=function.is_variadic,
            failing="last" if function.results and function.results[-1].text == "error" else "",
        )
    return CallPlan(
        targets=targets,
        entry_points=points,
        declaration=program.declaration,
        candidate=program.candidate,
        write=_FREE.value,
        likeness=Likeness(empty_is_none=True, codes=True),
    )


@dataclass(frozen=True)
class _Shapes:
    """``declared`` are the meanings of the types that the benchmark declares; ``inside`` the shapes of those
    that are being read, None where that is none of fields."""

    declared: Mapping[str, Node]
    inside: Mapping[str, Shape | None] = field(default_factory=dict)

    def of(self, kind: str) -> Shape:
        """
        Raises:
            DataError: it is no type of values.
        """
        shape, rest = self._parsed(" ".join(kind.split()).replace(" ", ""))
        if rest:
            raise DataError(f"a parameter of the type {kind} cannot be given")
        return shape

    def _parsed(self, kind: str) -> tuple[Shape, str]:
        """The shape of the type that a text begins with, and the rest of the text."""
        if kind.startswith("[]"):
            item, rest = self._parsed(kind[2:])
            is_byte = item in (_SCALARS["byte"], _SCALARS["uint8"])
            return BYTES if is_byte else Shape("list", (item,)), rest
        if match := _ARRAY.match(kind):
            item, rest = self._parsed(kind[match.end() :])
            return Shape("list", (item,)), rest
        if kind.startswith("map["):
            key, rest = self._parsed(kind[4:])
            item, rest = self._parsed(rest.removeprefix("]"))
            return Shape("map", (key, item)), rest
        if kind.startswith("*"):
            item, rest = self._parsed(kind[1:])
            return Shape("optional", (item,)), rest
        if kind.startswith("interface{}"):
            return ANY, kind.removeprefix("interface{}")
        name = re.match(r"\w*", kind)
        if name is None or not (found := self._named(name[0])):
            raise DataError(f"a parameter of the type {kind} cannot be given")
        return found, kind[name.end() :]

    def _named(self, name: str) -> Shape | None:
        meaning = self.declared.get(name)
        if meaning is None:
            return _SCALARS.get(name)
        if name in self.inside:
            if (outer := self.inside[name]) is None:
                raise DataError(f"a parameter of the type {name}, which is made of itself, cannot be given")
            return outer
        if meaning.type != "struct_type":
            return _Shapes(self.declared, {**self.inside, name: None}).of(_types.text(meaning))
        fields = _declaration.fields(meaning)
        shape = Shape("record", (), name, fields=tuple(each for each, _ in fields))
        within = _Shapes(self.declared, {**self.inside, name: shape})
        # A structure may point to others of its type, so its shape is a part of itself.
        object.__setattr__(shape, "parts", tuple(within.of(kind) for _, kind in fields))
        return shape


class _InInterface(FreeWriter):
    """Writes what an interface holds: lists and maps with the names of their types."""

    def value(self, value: Any, depth: int) -> bytes:
        if isinstance(value, list | tuple):
            return b"K" + text("[]interface {}") + super().value(list(value), depth + 1)
        return super().value(value, depth)


def _map(writer: FreeWriter, value: dict[Any, Any], depth: int) -> bytes:
    key = "string" if all(isinstance(each, str) for each in value) else "interface {}"
    return b"K" + text(f"map[{key}]interface {{}}") + writer.plain_map(value, depth + 1)


_FREE = _InInterface(entries=_map)
