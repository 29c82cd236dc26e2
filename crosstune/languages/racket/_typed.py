"""Types, values and declarations in Racket and Scheme."""

from __future__ import annotations

import math
from pathlib import Path

from crosstune.languages._typed import (
    Declared,
    Literals,
    Signature,
    TypedSyntax,
    ValueType,
    line_comment,
    snake,
)

_NAMES = {
    "none": "#f",
    "bool": "boolean?",
    "int": "exact-integer?",
    "long": "exact-integer?",
    "float": "real?",
    "str": "string?",
}
_TAKEN = {"string": "str", "values": "vals", "list": "lst"}
"""Parameters that would hide what their function needs, by other names."""


def type_name(kind: ValueType) -> str:
    """A type as contracts write it."""
    inside = " ".join(dict.fromkeys(map(type_name, kind.items)))
    if kind.kind == "list":
        return f"(listof {inside})" if kind.items else "list?"
    if kind.kind == "tuple":
        return f"(list/c {' '.join(map(type_name, kind.items))})"
    if kind.kind == "dict":
        return f"(hash/c {' '.join(map(type_name, kind.items))})" if kind.items else "hash?"
    if kind.kind == "optional":
        return f"(or/c {inside} #f)"
    return f"(or/c {inside})" if kind.kind == "union" else _NAMES[kind.kind]


def _number(value: float, _kind: ValueType) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return "+nan.0" if math.isnan(value) else "+inf.0" if value > 0 else "-inf.0"
    return repr(value)


def _made(maker: str, parts: list[str]) -> str:
    return f"({' '.join((maker, *parts))})"


_WRITE = Literals(
    none="#f",
    items=lambda items, _: _made("list", items),
    entries=lambda entries, _: _made("hash", [part for entry in entries for part in entry]),
    number=_number,
)


def literal(value: object, kind: ValueType) -> str:
    """Booleans are ``#t`` and ``#f``."""
    return _WRITE(value, kind)


def _comment(doc: str) -> str:
    return line_comment(doc, ";;")


def _declare(signature: Signature, doc: str, helper: str) -> Declared:
    parameters = [f"{name} : {type_name(kind)}" for name, kind in signature.parameters]
    lines = "\n".join((doc, "", *parameters, f"returns {type_name(signature.result)}"))
    names = " ".join((signature.name, *(name for name, _ in signature.parameters)))
    given = "\n".join(("#lang racket\n", *((helper,) if helper else ())))
    return Declared(given=f"{given}\n", doc=_comment(lines), head=f"(define ({names})\n", end=")\n")


def function_name(name: str) -> str:
    """``find_zero`` as ``find-zero``."""
    return snake(name).replace("_", "-")


def _parameter_name(name: str) -> str:
    return _TAKEN.get(name, function_name(name))


TYPED = TypedSyntax(
    function_name=function_name,
    parameter_name=_parameter_name,
    literal=literal,
    declare=_declare,
    comment=_comment,
    constants={"True": "#t", "False": "#f", "None": "#f"},
    application=lambda name, texts: _made(name, list(texts)),
    solutions=(Path(__file__).with_name("solutions.rkt"),),
)
