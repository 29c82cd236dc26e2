"""Types, values and declarations in Erlang. Texts are lists of characters; nothing is ``undefined``."""

from __future__ import annotations

from pathlib import Path

from crosstune.languages._typed import (
    Declared,
    Literals,
    Signature,
    TypedSyntax,
    ValueType,
    camel,
    line_comment,
    pascal,
    quoted,
    snake,
    without_keyword,
)

_NAMES = {
    "none": "undefined",
    "bool": "boolean()",
    "int": "integer()",
    "long": "integer()",
    "float": "float()",
    "str": "string()",
}
_RESERVED = {
    *("after", "and", "andalso", "band", "begin", "bnot", "bor", "bsl", "bsr", "bxor", "case", "catch"),
    *("cond", "div", "end", "fun", "if", "let", "not", "of", "or", "orelse", "receive", "rem", "try"),
    *("when", "xor", "maybe", "else"),
}


def type_name(kind: ValueType) -> str:
    if kind.kind == "list":
        return f"[{type_name(kind.item)}]" if kind.items else "list()"
    if kind.kind == "tuple":
        return f"{{{', '.join(map(type_name, kind.items))}}}"
    if kind.kind == "dict":
        return f"#{{{' => '.join(map(type_name, kind.items))}}}" if kind.items else "map()"
    if kind.kind == "optional":
        return f"{type_name(kind.item)} | undefined"
    if kind.kind == "union":
        return " | ".join(dict.fromkeys(map(type_name, kind.items)))
    return _NAMES[kind.kind]


def number(value: float, _: ValueType) -> str:
    """Powers of ten need a fraction before them."""
    shown = repr(value)
    return shown.replace("e", ".0e") if "e" in shown and "." not in shown else shown


def _items(items: list[str], kind: ValueType) -> str:
    inside = ", ".join(items)
    return f"{{{inside}}}" if kind.kind == "tuple" else f"[{inside}]"


LITERALS = Literals(
    none="undefined",
    items=_items,
    entries=lambda pairs, _: f"#{{{', '.join(f'{key} => {value}' for key, value in pairs)}}}",
    text=quoted,
    number=number,
)


def comment(doc: str) -> str:
    return line_comment(doc, "%%")


def _declare(signature: Signature, doc: str, helper: str) -> Declared:
    given = f"{helper}\n" if helper else ""
    kinds = ", ".join(type_name(kind) for _, kind in signature.parameters)
    names = ", ".join(name for name, _ in signature.parameters)
    spec = f"-spec {signature.name}({kinds}) -> {type_name(signature.result)}.\n"
    return Declared(given=given, doc=comment(doc), head=f"{spec}{signature.name}({names}) ->\n", end="")


TYPED = TypedSyntax(
    function_name=lambda name: without_keyword(snake(name).lower(), _RESERVED),
    parameter_name=lambda name: pascal(camel(name)),
    literal=LITERALS,
    declare=_declare,
    comment=comment,
    constants={"True": "true", "False": "false", "None": "undefined"},
    solutions=(Path(__file__).with_name("solutions.erl"),),
)
