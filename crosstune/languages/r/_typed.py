"""Types, values and declarations in R."""

from __future__ import annotations

import json
import re
from pathlib import Path

from crosstune.languages._typed import (
    Declared,
    Signature,
    TypedSyntax,
    ValueType,
    line_comment,
    snake,
)

_NAMES = {
    "none": "NULL",
    "bool": "logical",
    "int": "numeric",
    "long": "numeric",
    "float": "numeric",
    "str": "character",
}
_NAME = re.compile(r"[A-Za-z][\w.]*", re.ASCII)
_SCALARS = ("bool", "number", "str")


def type_name(kind: ValueType) -> str:
    """A type as documentation (roxygen) describes it: scalars are vectors of one item."""
    if kind.kind == "list":
        is_vector = kind.items and kind.item.is_scalar
        return f"{type_name(kind.item)} vector" if is_vector else f"list of {_inside(kind)}"
    if kind.kind == "tuple":
        return f"list({', '.join(map(type_name, kind.items))})"
    if kind.kind == "dict":
        return f"named list of {type_name(kind.items[1])}" if kind.items else "named list"
    if kind.kind == "optional":
        return f"{type_name(kind.item)} or NULL"
    if kind.kind == "union":
        return " or ".join(dict.fromkeys(map(type_name, kind.items)))
    return _NAMES[kind.kind]


def _inside(kind: ValueType) -> str:
    return type_name(kind.item) if kind.items else "values"


def _kind_of(value: object) -> str:
    if isinstance(value, bool):
        return "bool"
    return "number" if isinstance(value, int | float) else "str" if isinstance(value, str) else "other"


def literal(value: object, kind: ValueType) -> str:
    """Scalars of one type are a vector, other values a list; nothing at all is ``c()``."""
    if isinstance(value, list | tuple):
        kinds = set(map(_kind_of, value))
        maker = "c" if len(kinds) <= 1 and kinds <= set(_SCALARS) else "list"
        return f"{maker}({', '.join(literal(each, kind) for each in value)})"
    if isinstance(value, dict):
        entries = (f"{_key(key)} = {literal(each, kind)}" for key, each in value.items())
        return f"list({', '.join(entries)})"
    return _scalar(value)


def _key(key: str) -> str:
    return key if _NAME.fullmatch(key) else text(key)


def text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _scalar(value: object) -> str:
    if value is None or isinstance(value, bool):
        return {None: "NULL", True: "TRUE", False: "FALSE"}[value]
    written = text(value) if isinstance(value, str) else repr(value)
    return {"inf": "Inf", "-inf": "-Inf", "nan": "NaN"}.get(written, written)


def _comment(doc: str) -> str:
    return line_comment(doc, "#'")


def _declare(signature: Signature, doc: str, helper: str) -> Declared:
    parameters = [f"@param {name} {type_name(kind)}" for name, kind in signature.parameters]
    lines = "\n".join((doc, "", *parameters, f"@return {type_name(signature.result)}"))
    names = ", ".join(name for name, _ in signature.parameters)
    given = f"{helper}\n" if helper else ""
    head = f"{signature.name} <- function({names}) {{\n"
    return Declared(given=given, doc=_comment(lines), head=head, end="}\n")


TYPED = TypedSyntax(
    function_name=snake,
    parameter_name=snake,
    literal=literal,
    declare=_declare,
    comment=_comment,
    constants={"True": "TRUE", "False": "FALSE", "None": "NULL"},
    one_number=True,
    solutions=(Path(__file__).with_name("solutions.R"),),
)
