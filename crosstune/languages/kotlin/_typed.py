"""Types, values and declarations in Kotlin. A union is an `Any`."""

from __future__ import annotations

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

_NAMES = {"none": "Nothing?", "bool": "Boolean", "int": "Int", "long": "Long", "float": "Double"}
_KEYWORDS = {
    *("as", "break", "class", "continue", "do", "else", "false", "for", "fun", "if", "in", "interface", "is"),
    *("null", "object", "package", "return", "super", "this", "throw", "true", "try", "typealias", "typeof"),
    *("val", "var", "when", "while"),
}


def type_name(kind: ValueType) -> str:
    if kind.kind == "tuple" and len(kind.items) in (2, 3):
        return f"{'Pair' if len(kind.items) == 2 else 'Triple'}<{', '.join(map(type_name, kind.items))}>"
    if kind.kind in ("list", "tuple"):
        return f"List<{type_name(kind.item) if kind.kind == 'list' or kind.is_uniform else 'Any?'}>"
    if kind.kind == "dict":
        return f"Map<{', '.join(map(type_name, kind.items)) or 'String, Int'}>"
    if kind.kind == "optional":
        return f"{type_name(kind.item)}?"
    return "Any" if kind.kind == "union" else {**_NAMES, "str": "String"}[kind.kind]


def _items(items: list[str], kind: ValueType) -> str:
    if kind.kind == "tuple" and len(items) in (2, 3):
        return f"{'Pair' if len(items) == 2 else 'Triple'}({', '.join(items)})"
    return f"listOf({', '.join(items)})" if items else f"emptyList{_of(kind)}()"


def _of(kind: ValueType) -> str:
    """The types within, where nothing says which they are."""
    return f"<{type_name(kind).partition('<')[2]}"


def text(value: str) -> str:
    return quoted(value).replace("$", "\\$")


def _entries(pairs: list[tuple[str, str]], kind: ValueType) -> str:
    inside = ", ".join(f"{key} to {value}" for key, value in pairs)
    return f"mapOf({inside})" if inside else f"emptyMap{_of(kind)}()"


LITERALS = Literals(
    none="null",
    items=_items,
    entries=_entries,
    text=text,
    number=lambda value, kind: f"{value}L" if kind.kind == "long" else repr(value),
)


def _declare(signature: Signature, doc: str, helper: str) -> Declared:
    given = f"{helper}\n" if helper else ""
    parameters = ", ".join(f"{name}: {type_name(kind)}" for name, kind in signature.parameters)
    head = f"fun {signature.name}({parameters}): {type_name(signature.result)} {{\n"
    return Declared(given=given, doc=block_comment(doc), head=head, end="}\n")


TYPED = TypedSyntax(
    function_name=camel,
    parameter_name=lambda name: without_keyword(camel(name), _KEYWORDS),
    literal=LITERALS,
    declare=_declare,
    comment=block_comment,
    constants={"True": "true", "False": "false", "None": "null"},
    solutions=(Path(__file__).with_name("solutions.kt"),),
)
