"""Types, values and declarations in Lua."""

from __future__ import annotations

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

_KEYWORDS = {
    "and",
    "do",
    "end",
    "for",
    "function",
    "goto",
    "if",
    "in",
    "local",
    "nil",
    "not",
    "or",
    "repeat",
    "then",
}
_LIBRARIES = {"string", "table", "math", "next", "type", "select"}
"""Parameters of these names would hide what their function needs."""
_NAMES = {
    "none": "nil",
    "bool": "boolean",
    "int": "integer",
    "long": "integer",
    "float": "number",
    "str": "string",
}


def type_name(kind: ValueType) -> str:
    """A type as annotations (LuaLS) write it."""
    if kind.kind == "list":
        inner = type_name(kind.item) if kind.items else "any"
        return f"({inner})[]" if "|" in inner else f"{inner}[]"
    if kind.kind == "tuple":
        parts = (f"[{number}]: {type_name(each)}" for number, each in enumerate(kind.items, 1))
        return f"{{ {', '.join(parts)} }}"
    if kind.kind == "dict":
        return f"table<{', '.join(map(type_name, kind.items))}>" if kind.items else "table"
    if kind.kind == "optional":
        return f"{type_name(kind.item)}|nil"
    if kind.kind == "union":
        return "|".join(dict.fromkeys(map(type_name, kind.items)))
    return _NAMES[kind.kind]


def _list(items: list[str], _: ValueType) -> str:
    return f"{{{', '.join(items)}}}"


def _map(entries: list[tuple[str, str]], _: ValueType) -> str:
    return f"{{{', '.join(f'[{key}] = {value}' for key, value in entries)}}}"


def _comment(doc: str) -> str:
    return line_comment(doc, "--")


def _declare(signature: Signature, doc: str, helper: str) -> Declared:
    parameters = [f"@param {name} {type_name(kind)}" for name, kind in signature.parameters]
    lines = "\n".join((doc, "", *parameters, f"@return {type_name(signature.result)}"))
    names = ", ".join(name for name, _ in signature.parameters)
    given = f"{helper}\n" if helper else ""
    head = f"local function {signature.name}({names})\n"
    return Declared(given=given, doc=_comment(lines), head=head, end="end\n")


TYPED = TypedSyntax(
    function_name=snake,
    parameter_name=lambda name: without_keyword(snake(name), _KEYWORDS | _LIBRARIES),
    literal=Literals(none="nil", items=_list, entries=_map),
    declare=_declare,
    comment=_comment,
    constants={"True": "true", "False": "false", "None": "nil"},
    solutions=(Path(__file__).with_name("solutions.lua"),),
)
