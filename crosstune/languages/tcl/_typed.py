"""Types, values and declarations in Tcl."""

from __future__ import annotations

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
    "none": "empty string",
    "bool": "boolean",
    "int": "integer",
    "long": "integer",
    "float": "double",
    "str": "string",
}
_PLAIN = re.compile(r"[^\s\\{}\[\]\"$;#]+")
_SPECIAL = re.compile(r"[\\{}\[\]\"$;\s]")
_SPACES = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}


def type_name(kind: ValueType) -> str:
    """A type as comments write it."""
    if kind.kind == "list":
        return f"list of {type_name(kind.item)}" if kind.items else "list"
    if kind.kind == "tuple":
        return f"list {{{' '.join(map(type_name, kind.items))}}}"
    if kind.kind == "dict":
        return f"dict of {type_name(kind.items[1])}" if kind.items else "dict"
    if kind.kind == "optional":
        return f"{type_name(kind.item)} or empty string"
    if kind.kind == "union":
        return " or ".join(dict.fromkeys(map(type_name, kind.items)))
    return _NAMES[kind.kind]


def literal(value: object, _kind: ValueType | None = None) -> str:
    """A value as a word of a command."""
    if isinstance(value, str):
        return word(value)
    if isinstance(value, dict):
        value = [part for entry in value.items() for part in entry]
    if isinstance(value, list | tuple):
        return f"{{{' '.join(map(literal, value))}}}"
    if isinstance(value, bool):
        return str(value).lower()
    return "{}" if value is None else repr(value)


def word(text: str) -> str:
    """A text, in braces where it is not a word by itself."""
    if _PLAIN.fullmatch(text):
        return text
    if "\\" not in text and _is_balanced(text):
        return f"{{{text}}}"
    return _SPECIAL.sub(lambda found: _SPACES.get(found[0], f"\\{found[0]}"), text)


def _is_balanced(text: str) -> bool:
    depth = 0
    for each in text:
        depth += (each == "{") - (each == "}")
        if depth < 0:
            return False
    return depth == 0


def _comment(doc: str) -> str:
    return line_comment(doc, "#")


def _declare(signature: Signature, doc: str, helper: str) -> Declared:
    parameters = [f"{name}: {type_name(kind)}" for name, kind in signature.parameters]
    lines = "\n".join((doc, "", *parameters, f"returns: {type_name(signature.result)}"))
    names = " ".join(name for name, _ in signature.parameters)
    given = f"{helper}\n" if helper else ""
    head = f"proc {signature.name} {{{names}}} {{\n"
    return Declared(given=given, doc=_comment(lines), head=head, end="}\n")


TYPED = TypedSyntax(
    function_name=snake,
    parameter_name=snake,
    literal=literal,
    declare=_declare,
    comment=_comment,
    constants={"True": "true", "False": "false", "None": "an empty string"},
    application=lambda name, texts: " ".join((name, *texts)),
    solutions=(Path(__file__).with_name("solutions.tcl"),),
)
