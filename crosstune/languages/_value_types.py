"""The type of each parameter and result, from the values of all calls and from the annotations."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from crosstune.languages._typed import BOOL, EMPTY, FLOAT, INT, LONG, NONE, STR, Signature, ValueType

INT_LIMIT = 1 << 31
"""Integers from here on need more than 32 bits."""

_NAMES = {"bool": BOOL, "int": INT, "float": FLOAT, "str": STR}
_NUMBERS = ("int", "long", "float")


def type_of(value: Any) -> ValueType:
    """The type of one value."""
    if value is None:
        return NONE
    if isinstance(value, int) and not isinstance(value, bool):
        return INT if -INT_LIMIT <= value < INT_LIMIT else LONG
    if isinstance(value, list):
        items = joined(map(type_of, value))
        return ValueType("list", (items,)) if items else EMPTY
    if isinstance(value, tuple):
        return ValueType("tuple", tuple(map(type_of, value)))
    if isinstance(value, dict):
        keys, items = joined(map(type_of, value)), joined(map(type_of, value.values()))
        return ValueType("dict", (keys, items) if keys and items else ())
    return _NAMES[type(value).__name__]


def annotated(text: str) -> ValueType | None:
    """The type that an annotation names; None if it says nothing, such as ``list``."""
    return _annotated(ast.parse(text, mode="eval").body) if text else None


def _annotated(node: ast.expr) -> ValueType | None:
    if isinstance(node, ast.Name):
        return _NAMES.get(node.id)
    if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Name):
        return None
    inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    items = [_annotated(each) for each in inner]
    known = tuple(each for each in items if each)
    kind = node.value.id.lower()
    if len(known) < len(items) or kind not in ("list", "tuple", "optional", "dict"):
        return None
    return ValueType(kind, known)  # type: ignore[arg-type]  # checked above


def declared_type(annotation: str, values: Iterable[Any]) -> ValueType | None:
    """The narrowest type of all ``values`` and of what an annotation names; None if there are neither."""
    named = annotated(annotation)
    return joined([*([named] if named else []), *map(type_of, values)])


def signature_of(name: str, parameters: Sequence[tuple[str, ValueType]], result: ValueType) -> Signature:
    """The signature in which all unions are one, as a language declares one type for them."""
    kinds = [*(kind for _, kind in parameters), result]
    unions = [part for kind in kinds for part in kind.parts() if part.kind == "union"]
    both = joined(each for union in unions for each in union.items)
    *others, result = [_with_union(kind, both) for kind in kinds] if both else kinds
    return Signature(name, tuple(zip((each for each, _ in parameters), others, strict=True)), result)


def _with_union(kind: ValueType, union: ValueType) -> ValueType:
    if kind.kind == "union":
        return union
    return replace(kind, items=tuple(_with_union(each, union) for each in kind.items))


def joined(types: Iterable[ValueType]) -> ValueType | None:
    """The narrowest type that all ``types`` fit; None if there are none. Integers and fractions beside other
    types stay separate, so numbers come last."""
    found = sorted(dict.fromkeys(types), key=lambda each: each.kind in _NUMBERS)
    return functools.reduce(join, found, None)


def join(left: ValueType | None, right: ValueType) -> ValueType:
    """The narrowest type that both fit: integers among fractions are fractions, tuples of several lengths are
    lists, None makes a value optional, and other types make a union."""
    if left is None or left == right:
        return right
    kinds = {left.kind, right.kind}
    if kinds <= set(_NUMBERS):
        return max(left, right, key=lambda each: _NUMBERS.index(each.kind))
    if "none" in kinds:
        return optional(right if left.kind == "none" else left)
    if "optional" in kinds:
        inner = [each.item if each.kind == "optional" else each for each in (left, right)]
        return optional(join(inner[0], inner[1]))
    if left.kind == right.kind or kinds == {"list", "tuple"}:
        return _same_kind(left, right)
    return _union(left, right)


def optional(inner: ValueType) -> ValueType:
    return inner if inner.kind in ("optional", "none") else ValueType("optional", (inner,))


def _same_kind(left: ValueType, right: ValueType) -> ValueType:
    if left.kind == "union":
        return _union(left, right)
    if left.kind != right.kind or (left.kind == "tuple" and len(left.items) != len(right.items)):
        return _list(left, right)
    if not left.items or not right.items:
        return left if left.items else right
    return ValueType(left.kind, tuple(map(join, left.items, right.items)))


def _list(left: ValueType, right: ValueType) -> ValueType:
    items = joined((*left.items, *right.items))
    return ValueType("list", (items,) if items else ())


def _union(left: ValueType, right: ValueType) -> ValueType:
    """A union, in which integers and fractions are separate."""
    alternatives: dict[str, ValueType] = {}
    for each in (*_alternatives(left), *_alternatives(right)):
        known = alternatives.get(each.kind)
        alternatives[each.kind] = join(known, each)
    return ValueType("union", tuple(alternatives[kind] for kind in sorted(alternatives)))


def _alternatives(each: ValueType) -> tuple[ValueType, ...]:
    return each.items if each.kind == "union" else (each,)
