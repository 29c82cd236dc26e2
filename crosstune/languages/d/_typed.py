"""Types, values and declarations in D. A union is an `Algebraic`."""

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

_NAMES = {"none": "typeof(null)", "bool": "bool", "int": "int", "long": "long", "float": "double"}
_KEYWORDS = {
    *("alias", "body", "byte", "case", "cast", "char", "class", "const", "debug", "delegate", "delete", "do"),
    *("double", "else", "enum", "export", "final", "float", "for", "function", "if", "in", "int", "is"),
    *("lazy", "long", "mixin", "module", "new", "null", "out", "real", "ref", "scope", "short", "string"),
    *(
        "struct",
        "super",
        "switch",
        "template",
        "this",
        "throw",
        "try",
        "union",
        "unittest",
        "version",
        "with",
    ),
}


def type_name(kind: ValueType) -> str:
    if kind.kind == "list":
        return f"{type_name(kind.item)}[]"
    if kind.kind == "tuple":
        return f"Tuple!({', '.join(map(type_name, kind.items))})"
    if kind.kind == "dict":
        keys, items = map(type_name, kind.items) if kind.items else ("string", "int")
        return f"{items}[{keys}]"
    if kind.kind == "optional":
        return f"Nullable!({type_name(kind.item)})"
    if kind.kind == "union":
        return f"Algebraic!({', '.join(map(type_name, kind.items))})"
    return {**_NAMES, "str": "string"}[kind.kind]


def _items(items: list[str], kind: ValueType) -> str:
    return f"tuple({', '.join(items)})" if kind.kind == "tuple" else f"[{', '.join(items)}]"


LITERALS = Literals(
    none="null",
    items=_items,
    entries=lambda pairs, _: f"[{', '.join(f'{key}: {value}' for key, value in pairs)}]",
    text=quoted,
    number=lambda value, kind: (
        repr(value).replace("inf", "double.infinity") if kind.kind == "float" else repr(value)
    ),
)


def comment(doc: str) -> str:
    return block_comment(doc)


def _declare(signature: Signature, doc: str, helper: str) -> Declared:
    kinds = [kind for _, kind in signature.parameters] + [signature.result]
    parts = {part.kind for kind in kinds for part in kind.parts()}
    given = "import std.typecons;\n" if parts & {"tuple", "optional"} else ""
    given += "import std.variant;\n" if "union" in parts else ""
    given = f"{given}\n" if given else ""
    given += f"{helper}\n" if helper else ""
    parameters = ", ".join(f"{type_name(kind)} {name}" for name, kind in signature.parameters)
    head = f"{type_name(signature.result)} {signature.name}({parameters}) {{\n"
    return Declared(given=given, doc=comment(doc), head=head, end="}\n")


TYPED = TypedSyntax(
    function_name=camel,
    parameter_name=lambda name: without_keyword(camel(name), _KEYWORDS),
    literal=LITERALS,
    declare=_declare,
    comment=comment,
    constants={"True": "true", "False": "false", "None": "null"},
    solutions=(Path(__file__).with_name("solutions.d"),),
)
