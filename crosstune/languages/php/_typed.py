"""Types, values and declarations in PHP."""

from __future__ import annotations

from pathlib import Path

from crosstune.languages._typed import (
    Declared,
    Literals,
    Signature,
    TypedSyntax,
    ValueType,
    block_comment,
    snake,
    without_keyword,
)
from crosstune.languages.php._exercises import text

_NAMES = {"none": "null", "bool": "bool", "int": "int", "long": "int", "float": "float", "str": "string"}
_BUILT_IN = {"strlen", "sort", "max", "min", "count", "range", "end", "key", "next", "pow", "implode"}
"""Names of PHP's own functions, which cannot be defined again."""


def type_name(kind: ValueType) -> str:
    """A type as documentation comments (PHPStan) write it."""
    if kind.kind == "list":
        return f"list<{type_name(kind.item)}>" if kind.items else "array"
    if kind.kind == "tuple":
        return f"array{{{', '.join(map(type_name, kind.items))}}}"
    if kind.kind == "dict":
        return f"array<{', '.join(map(type_name, kind.items))}>" if kind.items else "array"
    if kind.kind == "optional":
        return f"{type_name(kind.item)}|null"
    if kind.kind == "union":
        return "|".join(dict.fromkeys(map(type_name, kind.items)))
    return _NAMES[kind.kind]


def _declared(kind: ValueType) -> str:
    """A type as declarations have it."""
    if kind.kind in ("list", "tuple", "dict"):
        return "array"
    if kind.kind == "optional":
        inner = _declared(kind.item)
        return f"{inner}|null" if "|" in inner else f"?{inner}"
    if kind.kind == "union":
        return "|".join(dict.fromkeys(map(_declared, kind.items)))
    return _NAMES[kind.kind]


def _list(items: list[str], _: ValueType) -> str:
    return f"[{', '.join(items)}]"


def _map(entries: list[tuple[str, str]], _: ValueType) -> str:
    return f"[{', '.join(f'{key} => {value}' for key, value in entries)}]"


def _declare(signature: Signature, doc: str, helper: str) -> Declared:
    tags = [f"@param {type_name(kind)} ${name}" for name, kind in signature.parameters]
    parameters = ", ".join(f"{_declared(kind)} ${name}" for name, kind in signature.parameters)
    given = f"<?php\n{helper}\n" if helper else "<?php\n"
    comment = block_comment(doc, more=["", *tags, f"@return {type_name(signature.result)}"])
    head = f"function {signature.name}({parameters}): {_declared(signature.result)} {{\n"
    return Declared(given=given, doc=comment, head=head, end="}\n")


TYPED = TypedSyntax(
    function_name=lambda name: without_keyword(snake(name), _BUILT_IN),
    parameter_name=lambda name: without_keyword(snake(name), {"this"}),
    literal=Literals(none="null", items=_list, entries=_map, text=text),
    declare=_declare,
    comment=block_comment,
    constants={"True": "true", "False": "false", "None": "null"},
    solutions=(Path(__file__).with_name("solutions.php"),),
)
