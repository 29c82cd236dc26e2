"""Types as Haskell writes them: ``[(String, Int)] -> Maybe Bool``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from crosstune.errors import DataError
from crosstune.languages._arguments import ANY, BOOL, FLOAT, NOTHING, UNICODE, Shape, integer

_TOKEN = re.compile(r"[A-Za-z_][\w.']*|->|=>|[(),\[\]]|\S")
_SCALARS = {
    "Int": integer(64),
    "Int64": integer(64),
    "Int32": integer(32),
    "Word8": integer(8, signed=False),
    "Integer": Shape("large"),
    "Double": FLOAT,
    "Float": FLOAT,
    "Bool": BOOL,
    "Char": Shape("character", most=0x10FFFF),
    "String": UNICODE,
    "()": NOTHING,
}
_APPLIED = {"Maybe": "optional", "Map": "map", "Set": "set", "[]": "list", "(,)": "tuple"}


@dataclass(frozen=True)
class Type:
    """``name`` is that of a constructor, ``[]`` for lists and ``(,)`` for tuples, with the types within."""

    name: str
    inner: tuple[Type, ...] = ()


Union = tuple[tuple[str, Type], ...]


def parsed(text: str) -> Type:
    """
    Raises:
        DataError: it is no type of values.
    """
    (found,) = parameters(text)[-1:]
    return found


def parameters(text: str) -> tuple[Type, ...]:
    """The types between the arrows: those of the parameters, and the last one of the result.

    Raises:
        DataError: one is no type of values.
    """
    tokens = _TOKEN.findall(text)
    if "=>" in tokens or "forall" in tokens:
        raise DataError(f"the type {text} is not that of one function")
    found, at = list[Type](), 0
    while True:
        kind, at = _applied(tokens, at)
        found.append(kind)
        if tokens[at : at + 1] != ["->"]:
            break
        at += 1
    if at != len(tokens):
        raise DataError(f"{' '.join(tokens[at:])!r} of the type {text} is no type of values")
    return tuple(found)


def _applied(tokens: list[str], at: int) -> tuple[Type, int]:
    """A constructor with its arguments."""
    head, at = _atom(tokens, at)
    inner = list(head.inner)
    while at < len(tokens) and (tokens[at] in "([" or re.match(r"[A-Za-z_]", tokens[at])):
        each, at = _atom(tokens, at)
        inner.append(each)
    return Type(head.name, tuple(inner)), at


def _atom(tokens: list[str], at: int) -> tuple[Type, int]:
    opening = tokens[at] if at < len(tokens) else ""
    if re.match(r"[A-Za-z_]", opening):
        return Type(opening.rpartition(".")[2]), at + 1
    if opening == "[":
        inner, at = _applied(tokens, at + 1)
        return Type("[]", (inner,)), _closed(tokens, at, "]")
    if opening != "(":
        raise DataError(f"no type of values at {opening!r}")
    if tokens[at + 1 : at + 2] == [")"]:
        return Type("()"), at + 2
    parts = list[Type]()
    while tokens[at : at + 1] and tokens[at] in "(,":
        part, at = _applied(tokens, at + 1)
        parts.append(part)
    return (parts[0] if len(parts) == 1 else Type("(,)", tuple(parts))), _closed(tokens, at, ")")


def _closed(tokens: list[str], at: int, bracket: str) -> int:
    if tokens[at : at + 1] != [bracket]:
        raise DataError("a function as a parameter, or a bracket that is not closed")
    return at + 1


def shape(kind: Type, unions: Mapping[str, Union]) -> Shape:
    """
    Raises:
        DataError: it is no type of values.
    """
    if kind.name in unions:
        return ANY
    if kind == Type("[]", (Type("Char"),)):
        return UNICODE
    parts = tuple(shape(each, unions) for each in kind.inner)
    if kind.name in _APPLIED and parts:
        return Shape(_APPLIED[kind.name], parts)
    if parts or kind.name not in _SCALARS:
        raise DataError(f"a parameter of the type {kind.name} cannot be given")
    return _SCALARS[kind.name]


def pattern(kind: Type) -> str:
    """What the values look like that such a type takes."""
    found = {
        "Bool": "CrosstuneWire.Bool' _",
        "Int": "CrosstuneWire.Int' _",
        "Integer": "CrosstuneWire.Int' _",
        "Double": "CrosstuneWire.Float' _",
        "String": "CrosstuneWire.Text' _",
        "[]": "CrosstuneWire.List' _",
        "(,)": "CrosstuneWire.List' _",
        "Map": "CrosstuneWire.Map' _",
        "()": "CrosstuneWire.Nothing'",
    }
    return found.get(kind.name, "_")
