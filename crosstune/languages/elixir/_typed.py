"""Types, values and declarations in Elixir: a function of the module ``Solution``."""

from __future__ import annotations

import textwrap
from pathlib import Path

from crosstune.languages._typed import (
    Declared,
    Literals,
    Signature,
    TypedSyntax,
    ValueType,
    quoted,
    snake,
    without_keyword,
)

_NAMES = {
    "none": "nil",
    "bool": "boolean()",
    "int": "integer()",
    "long": "integer()",
    "float": "float()",
    "str": "String.t()",
}
_KEYWORDS = {
    "after",
    "and",
    "catch",
    "do",
    "else",
    "end",
    "false",
    "fn",
    "in",
    "nil",
    "not",
    "or",
    "rescue",
} | {
    "true",
    "when",
}


def type_name(kind: ValueType) -> str:
    if kind.kind == "list":
        return f"[{type_name(kind.item)}]" if kind.items else "list()"
    if kind.kind == "tuple":
        return f"{{{', '.join(map(type_name, kind.items))}}}"
    if kind.kind == "dict":
        return f"%{{{' => '.join(map(type_name, kind.items))}}}" if kind.items else "map()"
    if kind.kind == "optional":
        return f"{type_name(kind.item)} | nil"
    if kind.kind == "union":
        return " | ".join(dict.fromkeys(map(type_name, kind.items)))
    return _NAMES[kind.kind]


def text(value: str) -> str:
    """In double quotes; ``#{`` would begin an expression."""
    return quoted(value).replace("#{", "\\#{")


def number(value: float, _: ValueType) -> str:
    """Powers of ten need a fraction before them."""
    shown = repr(value)
    return shown.replace("e", ".0e") if "e" in shown and "." not in shown else shown


def _items(items: list[str], kind: ValueType) -> str:
    inside = ", ".join(items)
    return f"{{{inside}}}" if kind.kind == "tuple" else f"[{inside}]"


LITERALS = Literals(
    none="nil",
    items=_items,
    entries=lambda pairs, _: f"%{{{', '.join(f'{key} => {value}' for key, value in pairs)}}}",
    text=text,
    number=number,
)


def comment(doc: str) -> str:
    shown = doc.replace('"""', "'''").rstrip()
    return f'@doc ~S"""\n{shown}\n"""\n'


def _declare(signature: Signature, doc: str, helper: str) -> Declared:
    given = "defmodule Solution do\n"
    if helper:
        given += _indented(helper) + "\n"
    kinds = ", ".join(type_name(kind) for _, kind in signature.parameters)
    names = ", ".join(name for name, _ in signature.parameters)
    spec = f"  @spec {signature.name}({kinds}) :: {type_name(signature.result)}\n"
    head = f"{spec}  def {signature.name}({names}) do\n"
    return Declared(given=given, doc=_indented(comment(doc)), head=head, end="  end\nend\n")


def _indented(code: str) -> str:
    return textwrap.indent(code, "  ")


TYPED = TypedSyntax(
    function_name=lambda name: snake(name).lower(),
    parameter_name=lambda name: without_keyword(snake(name).lower(), _KEYWORDS),
    literal=LITERALS,
    declare=_declare,
    comment=comment,
    constants={"True": "true", "False": "false", "None": "nil"},
    solutions=(Path(__file__).with_name("solutions.ex"),),
)
