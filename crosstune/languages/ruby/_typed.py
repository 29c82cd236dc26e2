"""Types, values and declarations in Ruby."""

from __future__ import annotations

import json
from pathlib import Path

from crosstune.languages._typed import (
    Declared,
    Literals,
    Signature,
    TypedSyntax,
    ValueType,
    line_comment,
    snake,
    without_keyword,
)

_KEYWORDS = {"begin", "class", "def", "end", "in", "module", "next", "nil", "not", "self", "then", "when"}
_NAMES = {
    "none": "nil",
    "bool": "Boolean",
    "int": "Integer",
    "long": "Integer",
    "float": "Float",
    "str": "String",
}


def type_name(kind: ValueType) -> str:
    """A type as documentation comments write it."""
    if kind.kind == "list":
        return f"Array<{type_name(kind.items[0])}>" if kind.items else "Array"
    if kind.kind == "tuple":
        return f"Array({', '.join(map(type_name, kind.items))})"
    if kind.kind == "dict":
        return f"Hash{{{' => '.join(map(type_name, kind.items))}}}" if kind.items else "Hash"
    if kind.kind == "optional":
        return f"{type_name(kind.item)}, nil"
    if kind.kind == "union":
        return ", ".join(dict.fromkeys(map(type_name, kind.items)))
    return _NAMES[kind.kind]


def text(value: str) -> str:
    """In double quotes; ``#`` would begin an expression."""
    return json.dumps(value, ensure_ascii=False).replace("#", "\\#")


LITERALS = Literals(
    none="nil",
    items=lambda items, _: f"[{', '.join(items)}]",
    entries=lambda entries, _: f"{{{', '.join(f'{key} => {value}' for key, value in entries)}}}",
    text=text,
)


def _comment(doc: str) -> str:
    return line_comment(doc, "#")


def _declare(signature: Signature, doc: str, helper: str) -> Declared:
    parameters = [f"@param {name} [{type_name(kind)}]" for name, kind in signature.parameters]
    lines = "\n".join((doc, "", *parameters, f"@return [{type_name(signature.result)}]"))
    names = ", ".join(name for name, _ in signature.parameters)
    given = f"{helper}\n" if helper else ""
    return Declared(given=given, doc=_comment(lines), head=f"def {signature.name}({names})\n", end="end\n")


TYPED = TypedSyntax(
    function_name=lambda name: snake(name).lower(),
    parameter_name=lambda name: without_keyword(snake(name).lower(), _KEYWORDS),
    literal=LITERALS,
    declare=_declare,
    comment=_comment,
    constants={"True": "true", "False": "false", "None": "nil"},
    solutions=(Path(__file__).with_name("solutions.rb"),),
)
