"""Types, values and declarations in JavaScript and TypeScript."""

from __future__ import annotations

import json
from collections.abc import Mapping

from crosstune.languages._typed import (
    Declared,
    Literals,
    Signature,
    TypedSyntax,
    ValueType,
    block_comment,
    camel,
    without_keyword,
)

_KEYWORDS = {"arguments", "delete", "eval", "function", "in", "new", "null", "this", "typeof", "void", "with"}
_NAMES = {"none": "null", "bool": "boolean", "int": "number", "long": "number", "float": "number"}


def type_name(kind: ValueType) -> str:
    if kind.kind == "list":
        item = type_name(kind.items[0]) if kind.items else "unknown"
        return f"({item})[]" if " | " in item else f"{item}[]"
    if kind.kind == "tuple":
        return f"[{', '.join(map(type_name, kind.items))}]"
    if kind.kind == "dict":
        return f"Record<string, {type_name(kind.items[1]) if kind.items else 'unknown'}>"
    if kind.kind == "optional":
        return f"{type_name(kind.item)} | null"
    if kind.kind == "union":
        return " | ".join(dict.fromkeys(map(type_name, kind.items)))
    return {"str": "string", **_NAMES}[kind.kind]


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _number(value: float, _kind: ValueType) -> str:
    return repr(int(value) if value == int(value) else value)


LITERALS = Literals(
    none="null",
    items=lambda items, _: f"[{', '.join(items)}]",
    entries=lambda entries, _: f"{{{', '.join(f'{key}: {value}' for key, value in entries)}}}",
    text=_text,
    number=_number,
)


def documented(signature: Signature) -> list[str]:
    """The lines that describe parameters and result."""
    parameters = [f"@param {{{type_name(kind)}}} {name}" for name, kind in signature.parameters]
    return ["", *parameters, f"@returns {{{type_name(signature.result)}}}"]


def _declare_javascript(signature: Signature, doc: str, helper: str) -> Declared:
    names = ", ".join(name for name, _ in signature.parameters)
    head = f"function {signature.name}({names}) {{\n"
    given = f"{helper}\n" if helper else ""
    documentation = block_comment(doc, more=documented(signature))
    return Declared(given=given, doc=documentation, head=head, end="}\n")


def _declare_typescript(signature: Signature, doc: str, helper: str) -> Declared:
    parameters = ", ".join(f"{name}: {type_name(kind)}" for name, kind in signature.parameters)
    head = f"function {signature.name}({parameters}): {type_name(signature.result)} {{\n"
    return Declared(given=f"{helper}\n" if helper else "", doc=block_comment(doc), head=head, end="}\n")


def _parameter_name(name: str) -> str:
    return without_keyword(camel(name), _KEYWORDS)


CONSTANTS: Mapping[str, str] = {"True": "true", "False": "false", "None": "null"}

JAVASCRIPT = TypedSyntax(
    function_name=camel,
    parameter_name=_parameter_name,
    literal=LITERALS,
    declare=_declare_javascript,
    comment=block_comment,
    constants=CONSTANTS,
    one_number=True,
)
TYPESCRIPT = TypedSyntax(
    function_name=camel,
    parameter_name=_parameter_name,
    literal=LITERALS,
    declare=_declare_typescript,
    comment=block_comment,
    constants=CONSTANTS,
    one_number=True,
)
