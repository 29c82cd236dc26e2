"""Types, values and declarations in Rust. A union is an enumeration that the prompt defines."""

from __future__ import annotations

from crosstune.languages._typed import (
    Declared,
    Literals,
    Signature,
    TypedSyntax,
    ValueType,
    line_comment,
    quoted,
    snake,
    without_keyword,
)

_NAMES = {"bool": "bool", "int": "i32", "long": "i64", "float": "f64", "str": "String"}
_VARIANTS = {"bool": "Bool", "int": "Int", "long": "Int", "float": "Float", "str": "Text"}
_MORE_VARIANTS = {"list": "List", "tuple": "Tuple", "dict": "Map"}
_KEYWORDS = {"fn", "impl", "in", "match", "mod", "ref", "self", "type", "use", "where"}


def type_name(kind: ValueType) -> str:
    if kind.kind == "list":
        return f"Vec<{type_name(kind.item)}>"
    if kind.kind == "tuple":
        return f"({', '.join(map(type_name, kind.items))})"
    if kind.kind == "dict":
        return f"HashMap<{', '.join(map(type_name, kind.items)) or 'String, i32'}>"
    if kind.kind == "optional":
        return f"Option<{type_name(kind.item)}>"
    return "Value" if kind.kind == "union" else _NAMES[kind.kind]


def _variant(kind: ValueType) -> str:
    return {**_VARIANTS, **_MORE_VARIANTS}[kind.kind]


def _items(items: list[str], kind: ValueType) -> str:
    return f"({', '.join(items)})" if kind.kind == "tuple" else f"vec![{', '.join(items)}]"


LITERALS = Literals(
    none="None",
    some=lambda text: f"Some({text})",
    items=_items,
    entries=lambda pairs, _: f"HashMap::from([{', '.join(f'({key}, {value})' for key, value in pairs)}])",
    chosen=lambda text, kind: f"Value::{_variant(kind)}({text})",
    text=lambda value: f"{quoted(value)}.to_string()",
)


def comment(doc: str) -> str:
    return line_comment(doc, "///")


def _declare(signature: Signature, doc: str, helper: str) -> Declared:
    kinds = [kind for _, kind in signature.parameters] + [signature.result]
    parts = {part: None for kind in kinds for part in kind.parts()}
    given = "use std::collections::HashMap;\n\n" if any(each.kind == "dict" for each in parts) else ""
    for union in (each for each in parts if each.kind == "union"):
        variants = "".join(f"    {_variant(each)}({type_name(each)}),\n" for each in union.items)
        given += f"#[derive(Clone, Debug, PartialEq)]\npub enum Value {{\n{variants}}}\n\n"
    given += f"{helper}\n" if helper else ""
    parameters = ", ".join(f"{name}: {type_name(kind)}" for name, kind in signature.parameters)
    head = f"fn {signature.name}({parameters}) -> {type_name(signature.result)} {{\n"
    return Declared(given=given, doc=comment(doc), head=head, end="}\n")


TYPED = TypedSyntax(
    function_name=snake,
    parameter_name=lambda name: without_keyword(snake(name), _KEYWORDS),
    literal=LITERALS,
    declare=_declare,
    comment=comment,
    constants={"True": "true", "False": "false"},
)
