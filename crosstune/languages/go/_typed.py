"""Types, values and declarations in Go. Tuples are arrays; optional values and unions are interfaces."""

from __future__ import annotations

from crosstune.languages._typed import (
    Declared,
    Literals,
    Signature,
    TypedSyntax,
    ValueType,
    camel,
    line_comment,
    pascal,
    without_keyword,
)

_NAMES = {"bool": "bool", "int": "int", "long": "int", "float": "float64", "str": "string"}
_KEYWORDS = {"func", "interface", "map", "range", "select", "string", "strings", "type", "var"}


def type_name(kind: ValueType) -> str:
    if kind.kind == "list":
        return f"[]{type_name(kind.item)}"
    if kind.kind == "tuple":
        return f"[{len(kind.items)}]{type_name(kind.items[0]) if kind.is_uniform else 'interface{}'}"
    if kind.kind == "dict":
        keys, items = map(type_name, kind.items) if kind.items else ("string", "int")
        return f"map[{keys}]{items}"
    return "interface{}" if kind.kind in ("optional", "union") else _NAMES[kind.kind]


LITERALS = Literals(
    none="nil",
    items=lambda items, kind: f"{type_name(kind)}{{{', '.join(items)}}}",
    entries=lambda pairs, kind: (
        f"{type_name(kind)}{{{', '.join(f'{key}: {value}' for key, value in pairs)}}}"
    ),
)


def comment(doc: str) -> str:
    return line_comment(doc, "//")


def _declare(signature: Signature, doc: str, helper: str) -> Declared:
    parameters = ", ".join(f"{name} {type_name(kind)}" for name, kind in signature.parameters)
    head = f"func {signature.name}({parameters}) {type_name(signature.result)} {{\n"
    return Declared(given=f"{helper}\n" if helper else "", doc=comment(doc), head=head, end="}\n")


TYPED = TypedSyntax(
    function_name=pascal,
    parameter_name=lambda name: without_keyword(camel(name), _KEYWORDS),
    literal=LITERALS,
    declare=_declare,
    comment=comment,
    constants={"True": "true", "False": "false", "None": "nil"},
)
