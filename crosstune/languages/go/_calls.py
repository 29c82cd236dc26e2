"""How the judge itself calls functions of Go candidates."""

from __future__ import annotations

import re
import struct
from typing import Any

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
from crosstune.languages.go import _declaration
from crosstune.records import Program

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
    if methods := [each for each in calls if call_names.named(each)[0]]:
        raise DataError(f"a case calls {methods[0]}; in Go cases call functions")
    points = call_names.entry_points(program.entry_points, calls)
    found = _declaration.read(program.declaration, points)
    if found.why_shared:
        raise DataError(found.why_shared)
    known = {each.name: each for each in found.functions}
    if missing := [each for each in calls if each not in known]:
        raise DataError(f"a case calls {missing[0]}, which is not declared")
    targets = {}
    for call in calls:
        parameters = tuple(_shape(each.text) for each in known[call].parameters)
        targets[call] = CallTarget(call, parameters=parameters, rest=known[call].is_variadic)
    return CallPlan(
        targets=targets,
        entry_points=points,
        declaration=program.declaration,
        candidate=program.candidate,
        write=_FREE.value,
        likeness=Likeness(empty_is_none=True, codes=True),
    )


def _shape(declared: str) -> Shape:
    """
    Raises:
        DataError: it is no type of values.
    """
    shape, rest = _parsed(declared.replace(" ", ""))
    if rest:
        raise DataError(f"a parameter of the type {declared} cannot be given")
    return shape


def _parsed(kind: str) -> tuple[Shape, str]:
    """The shape of the type that a text begins with, and the rest of the text."""
    if kind.startswith("[]"):
        item, rest = _parsed(kind[2:])
        return BYTES if item == _SCALARS["byte"] or item == _SCALARS["uint8"] else Shape(
            "list", (item,)
        ), rest
    if match := _ARRAY.match(kind):
        item, rest = _parsed(kind[match.end() :])
        return Shape("list", (item,)), rest
    if kind.startswith("map["):
        key, rest = _parsed(kind[4:])
        item, rest = _parsed(rest.removeprefix("]"))
        return Shape("map", (key, item)), rest
    if kind.startswith("*"):
        item, rest = _parsed(kind[1:])
        return Shape("optional", (item,)), rest
    if kind.startswith("interface{}"):
        return ANY, kind.removeprefix("interface{}")
    name = re.match(r"\w*", kind)
    found = _SCALARS.get(name[0]) if name else None
    if name is None or found is None:
        raise DataError(f"a parameter of the type {kind} cannot be given")
    return found, kind[name.end() :]


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
