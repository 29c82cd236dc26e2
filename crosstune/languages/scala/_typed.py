"""Types, values and declarations in Scala: a method of the object ``Solution``. A union is an `Any`."""

from __future__ import annotations

import textwrap
from pathlib import Path

from crosstune.languages._typed import (
    Declared,
    Literals,
    Signature,
    TypedSyntax,
    ValueType,
    block_comment,
    camel,
    quoted,
    without_keyword,
)

_NAMES = {"none": "Unit", "bool": "Boolean", "int": "Int", "long": "Long", "float": "Double", "str": "String"}
_KEYWORDS = {
    *("abstract", "case", "catch", "class", "def", "do", "else", "extends", "false", "final", "finally"),
    *("for", "forSome", "if", "implicit", "import", "lazy", "match", "new", "null", "object", "override"),
    *("package", "private", "protected", "return", "sealed", "super", "this", "throw", "trait", "try"),
    *("true", "type", "val", "var", "while", "with", "yield"),
}


def type_name(kind: ValueType) -> str:
    if kind.kind == "tuple" and len(kind.items) > 1:
        return f"({', '.join(map(type_name, kind.items))})"
    if kind.kind in ("list", "tuple"):
        return f"List[{type_name(kind.item)}]"
    if kind.kind == "dict":
        return f"Map[{', '.join(map(type_name, kind.items)) or 'String, Int'}]"
    if kind.kind == "optional":
        return f"Option[{type_name(kind.item)}]"
    return "Any" if kind.kind == "union" else _NAMES[kind.kind]


def _items(items: list[str], kind: ValueType) -> str:
    is_tuple = kind.kind == "tuple" and len(items) > 1
    return f"{'' if is_tuple else 'List'}({', '.join(items)})"


LITERALS = Literals(
    none="None",
    some=lambda value: f"Some({value})",
    items=_items,
    entries=lambda pairs, _: f"Map({', '.join(f'{key} -> {value}' for key, value in pairs)})",
    text=quoted,
    number=lambda value, kind: f"{value}L" if kind.kind == "long" else repr(value),
)


def _declare(signature: Signature, doc: str, helper: str) -> Declared:
    given = "object Solution {\n"
    if helper:
        given += textwrap.indent(helper, "  ") + "\n"
    parameters = ", ".join(f"{name}: {type_name(kind)}" for name, kind in signature.parameters)
    head = f"  def {signature.name}({parameters}): {type_name(signature.result)} = {{\n"
    return Declared(given=given, doc=block_comment(doc, "  "), head=head, end="  }\n}\n")


TYPED = TypedSyntax(
    function_name=camel,
    parameter_name=lambda name: without_keyword(camel(name), _KEYWORDS),
    literal=LITERALS,
    declare=_declare,
    comment=block_comment,
    constants={"True": "true", "False": "false"},
    solutions=(Path(__file__).with_name("solutions.scala"),),
)
