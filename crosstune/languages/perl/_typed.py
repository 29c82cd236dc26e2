"""Types, values and declarations in Perl."""

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
from crosstune.languages.perl._exercises import text

_NAMES = {
    "none": "undef",
    "bool": "boolean",
    "int": "integer",
    "long": "integer",
    "float": "number",
    "str": "string",
}
_BUILT_IN = {"sort", "sum", "max", "min", "length", "reverse", "join", "split", "print", "y", "s", "m", "q"}
"""Names that mean something else without ``&``."""
_SORTED = {"a", "b"}
"""The variables of ``sort``, which cannot be declared where it is used."""


def type_name(kind: ValueType) -> str:
    """A type as comments write it."""
    if kind.kind == "list":
        return f"reference to an array of {type_name(kind.item)}" if kind.items else "reference to an array"
    if kind.kind == "tuple":
        return f"reference to an array [{', '.join(map(type_name, kind.items))}]"
    if kind.kind == "dict":
        return f"reference to a hash of {type_name(kind.items[1])}" if kind.items else "reference to a hash"
    if kind.kind == "optional":
        return f"{type_name(kind.item)} or undef"
    if kind.kind == "union":
        return " or ".join(dict.fromkeys(map(type_name, kind.items)))
    return _NAMES[kind.kind]


def _list(items: list[str], _: ValueType) -> str:
    return f"[{', '.join(items)}]"


def _map(entries: list[tuple[str, str]], _: ValueType) -> str:
    return f"{{{', '.join(f'{key} => {value}' for key, value in entries)}}}"


_WRITE = Literals(none="undef", items=_list, entries=_map, text=text)


def _literal(value: object, kind: ValueType) -> str:
    return _WRITE(_numbers(value), kind)


def _numbers(value: object) -> object:
    """Booleans as 1 and 0."""
    if isinstance(value, list | tuple):
        return type(value)(map(_numbers, value))
    return int(value) if isinstance(value, bool) else value


def _comment(doc: str) -> str:
    return line_comment(doc, "#")


def _declare(signature: Signature, doc: str, helper: str) -> Declared:
    parameters = [f"${name}: {type_name(kind)}" for name, kind in signature.parameters]
    lines = "\n".join((doc, "", *parameters, f"returns: {type_name(signature.result)}"))
    names = ", ".join(f"${name}" for name, _ in signature.parameters)
    given = f"{helper}\n" if helper else ""
    head = f"sub {signature.name} {{\n    my ({names}) = @_;\n"
    return Declared(given=given, doc=_comment(lines), head=head, end="}\n")


def _function_name(name: str) -> str:
    written = snake(name)
    return f"{written}_of" if written in _BUILT_IN else written


TYPED = TypedSyntax(
    function_name=_function_name,
    parameter_name=lambda name: without_keyword(snake(name), _SORTED),
    literal=_literal,
    declare=_declare,
    comment=_comment,
    constants={"True": "1", "False": "0", "None": "undef"},
    solutions=(Path(__file__).with_name("solutions.pl"),),
)
