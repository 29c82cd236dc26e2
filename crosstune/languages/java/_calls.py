"""How the judge itself calls methods of Java candidates."""

from __future__ import annotations

import re

from crosstune.errors import DataError
from crosstune.languages import _call_names as call_names
from crosstune.languages._arguments import (
    ANY,
    BOOL,
    BYTES,
    FLOAT,
    TEXT,
    CallPlan,
    CallTarget,
    FreeWriter,
    Likeness,
    Shape,
    ShapeWriter,
    integer,
    text,
    whole,
)
from crosstune.languages._type_text import TypeText, parsed
from crosstune.languages.java._declared import Member, declared
from crosstune.records import Program

_LARGE = Shape("large")
_PRIMITIVES = {
    "int": ("I", integer(32)),
    "long": ("J", Shape("made", (integer(64),), name="Long")),
    "short": ("S", Shape("made", (integer(16),), name="Short")),
    "byte": ("B", Shape("made", (integer(8),), name="Byte")),
    "double": ("D", FLOAT),
    "float": ("F", Shape("single")),
    "boolean": ("Z", BOOL),
    "char": ("C", Shape("character", most=0xFFFF)),
}
_BOXES = {
    "Integer": _PRIMITIVES["int"][1],
    "Character": _PRIMITIVES["char"][1],
    **{name.capitalize(): shape for name, (_, shape) in _PRIMITIVES.items() if name not in ("int", "char")},
}
_SCALARS = {
    **{name: shape for name, (_, shape) in _PRIMITIVES.items()},
    **_BOXES,
    "String": TEXT,
    "CharSequence": TEXT,
    "BigInteger": _LARGE,
    "Object": ANY,
    "Number": ANY,
    "Comparable": ANY,
}
_OF_LANG = frozenset({*_BOXES, "String", "CharSequence", "Object", "Number"})
_UTIL = frozenset({"List", "Map", "Set", "ArrayList", "HashMap", "HashSet", "Collection"})
_PLAIN = {
    **dict.fromkeys(("List", "ArrayList", "Collection", "Iterable"), "list"),
    **dict.fromkeys(("Set", "HashSet"), "set"),
    **dict.fromkeys(("Map", "HashMap"), "map"),
}
_OTHERS = {
    **{name: ("list", name) for name in ("LinkedList", "Vector", "Stack", "ArrayDeque", "PriorityQueue")},
    "Deque": ("list", "ArrayDeque"),
    "Queue": ("list", "LinkedList"),
    "LinkedHashSet": ("list", "LinkedHashSet"),
    **dict.fromkeys(("TreeSet", "SortedSet", "NavigableSet"), ("list", "TreeSet")),
    "LinkedHashMap": ("map", "LinkedHashMap"),
    **dict.fromkeys(("TreeMap", "SortedMap", "NavigableMap"), ("map", "TreeMap")),
    "Hashtable": ("map", "Hashtable"),
}
"""The shape of what each is made of, and its name in the protocol."""
_TUPLES = frozenset({"Unit", "Pair", "Triplet", "Quartet", "Quintet", "Sextet"})


def plan(program: Program, calls: tuple[str, ...]) -> CallPlan:
    """
    Raises:
        DataError: a call names nothing that is declared, or a parameter is of no type of values.
    """
    points = program.entry_points or tuple(dict.fromkeys(_name(each) for each in calls))
    found = declared(program.declaration, points)
    if found.why_shared:
        raise DataError(found.why_shared)
    return CallPlan(
        targets={each: _target(each, found.members) for each in calls},
        entry_points=points,
        declaration=program.declaration,
        candidate=program.candidate,
        write=_FREE.value,
        likeness=Likeness(),
    )


def _name(call: str) -> str:
    owner, _, name = call_names.named(call)
    return f"{owner}.{name}" if owner else name


def _target(call: str, members: tuple[Member, ...]) -> CallTarget:
    owner, _, name = call_names.named(call)
    found = [each for each in members if each.name == name and owner in ("", each.owner)]
    if not found:
        raise DataError(f"a case calls {call}, which is not declared")
    member = found[-1]
    parameters = tuple(_shape(each.type) for each in member.parameters)
    return CallTarget(
        member.key, maker="" if member.static else f"new {member.owner}()", parameters=parameters
    )


def _shape(declared_type: str) -> Shape:
    """
    Raises:
        DataError: it is no type of values.
    """
    try:
        plain = re.sub(r"\bfinal\b|\?\s*(?:extends|super)\b|\bjava\.(?:util|lang|math)\.", " ", declared_type)
        return _shape_of(parsed(plain))
    except (KeyError, ValueError):
        raise DataError(f"a parameter of the type {declared_type} cannot be given") from None


def _shape_of(kind: TypeText) -> Shape:
    """
    Raises:
        KeyError, ValueError: it is no type of values.
    """
    if kind.marks:
        return _array(TypeText(kind.name, kind.arguments, kind.marks[1:]))
    name, parts = kind.name, tuple(map(_shape_of, kind.arguments))
    item, pair = parts[:1] or (ANY,), parts[:2] if len(parts) == 2 else (ANY, ANY)
    if name in _PLAIN:
        return Shape(_PLAIN[name], pair if _PLAIN[name] == "map" else item)
    if name in _OTHERS:
        kind_of, made = _OTHERS[name]
        return Shape("made", (Shape(kind_of, pair if kind_of == "map" else item),), name=made)
    return _made_of(name, parts)


def _made_of(name: str, parts: tuple[Shape, ...]) -> Shape:
    if name == "Optional":
        return Shape("maybe", parts[:1] or (ANY,), name=name)
    if name in _TUPLES:
        return Shape("made", (Shape("row", parts),), name=f"org.javatuples.{name}")
    if name in ("Entry", "Map.Entry"):
        return Shape("made", (Shape("tuple", parts[:2]),), name="SimpleEntry")
    shape = _SCALARS[name]
    primitive = name in _PRIMITIVES
    return shape if primitive or shape is ANY else Shape("optional", (shape,))


def _array(item: TypeText) -> Shape:
    """An array: its type's name in the Java machine, and its items."""
    shape = _shape_of(item)
    if item.name == "byte" and not item.marks:
        return BYTES
    if item.name == "long" and not item.marks:
        shape = integer(64)
    return Shape("made", (Shape("list", (shape,)),), name=f"[{_machine_name(item)}")


def _machine_name(kind: TypeText) -> str:
    dimensions = "[" * len(kind.marks)
    if kind.name in _PRIMITIVES:
        return f"{dimensions}{_PRIMITIVES[kind.name][0]}"
    package = "java.lang" if kind.name in _OF_LANG else "java.util" if kind.name in _UTIL else "java.math"
    return f"{dimensions}L{package}.{kind.name};"


def _number(value: int) -> bytes:
    """An Integer, a Long or a BigInteger."""
    if -(1 << 31) <= value < 1 << 31:
        return whole(value)
    if -(1 << 63) <= value < 1 << 63:
        return b"K" + text("Long") + whole(value)
    return ShapeWriter(_FREE.value).value(value, _LARGE, 0)


_FREE: FreeWriter = FreeWriter(b"l", _number)
