"""Types, values and declarations in C#: a method of the class ``Solution``. A union is an ``object``."""

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
    pascal,
    quoted,
    without_keyword,
)

_NAMES = {"none": "object", "bool": "bool", "int": "int", "long": "long", "float": "double", "str": "string"}
_KEYWORDS = {
    *("as", "base", "bool", "byte", "case", "char", "checked", "class", "const", "decimal", "default"),
    *("delegate", "do", "double", "else", "enum", "event", "explicit", "extern", "false", "finally"),
    *("fixed", "float", "for", "foreach", "if", "implicit", "in", "int", "interface", "internal", "is"),
    *("lock", "long", "namespace", "new", "null", "object", "operator", "out", "override", "params"),
    *("private", "public", "readonly", "ref", "return", "short", "sizeof", "static", "string", "struct"),
    *("switch", "this", "throw", "true", "try", "typeof", "uint", "unchecked", "using", "virtual", "void"),
}


def type_name(kind: ValueType) -> str:
    if kind.kind == "list":
        return f"List<{type_name(kind.item)}>"
    if kind.kind == "tuple":
        return f"({', '.join(map(type_name, kind.items))})" if len(kind.items) > 1 else _one(kind)
    if kind.kind == "dict":
        return f"Dictionary<{', '.join(map(type_name, kind.items)) or 'string, int'}>"
    if kind.kind == "optional":
        is_value = kind.item.kind in ("bool", "int", "long", "float", "tuple")
        return f"{type_name(kind.item)}{'?' * is_value}"
    return "object" if kind.kind == "union" else _NAMES[kind.kind]


def _one(kind: ValueType) -> str:
    return f"Tuple<{type_name(kind.item)}>"


def _items(items: list[str], kind: ValueType) -> str:
    if kind.kind == "tuple":
        return f"({', '.join(items)})" if len(items) > 1 else f"Tuple.Create({items[0]})"
    return f"new {type_name(kind)} {{ {', '.join(items)} }}" if items else f"new {type_name(kind)}()"


def _entries(pairs: list[tuple[str, str]], kind: ValueType) -> str:
    inside = ", ".join(f"[{key}] = {value}" for key, value in pairs)
    return f"new {type_name(kind)} {{ {inside} }}" if inside else f"new {type_name(kind)}()"


def _number(value: float, kind: ValueType) -> str:
    return f"{value}L" if kind.kind == "long" else repr(value)


LITERALS = Literals(none="null", items=_items, entries=_entries, text=quoted, number=_number)


def _declare(signature: Signature, doc: str, helper: str) -> Declared:
    given = "using System;\nusing System.Collections.Generic;\nusing System.Linq;\nusing System.Text;\n\n"
    given += "public class Solution\n{\n"
    if helper:
        given += textwrap.indent(helper, "    ") + "\n"
    parameters = ", ".join(f"{type_name(kind)} {name}" for name, kind in signature.parameters)
    head = f"    public static {type_name(signature.result)} {signature.name}({parameters})\n    {{\n"
    return Declared(given=given, doc=block_comment(doc, "    "), head=head, end="    }\n}\n")


TYPED = TypedSyntax(
    function_name=lambda name: pascal(camel(name)),
    parameter_name=lambda name: without_keyword(camel(name), _KEYWORDS),
    literal=LITERALS,
    declare=_declare,
    comment=block_comment,
    constants={"True": "true", "False": "false", "None": "null"},
    solutions=(Path(__file__).with_name("solutions.cs"),),
)
