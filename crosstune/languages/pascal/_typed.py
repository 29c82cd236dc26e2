"""Types, values and declarations in Pascal: Free Pascal's, in the mode ``objfpc``."""

from __future__ import annotations

from pathlib import Path

from crosstune.languages._typed import (
    Declared,
    Literals,
    Signature,
    TypedSyntax,
    ValueType,
    line_comment,
    pascal,
    snake,
    without_keyword,
)

_KEYWORDS = {"and", "array", "begin", "case", "const", "div", "do", "downto", "else", "end", "file", "for"}
_KEYWORDS |= {
    "function",
    "if",
    "in",
    "is",
    "mod",
    "nil",
    "not",
    "object",
    "of",
    "on",
    "operator",
    "or",
    "out",
}
_KEYWORDS |= {"procedure", "program", "record", "repeat", "set", "shl", "shr", "string", "then", "to"}
_KEYWORDS |= {"type", "unit", "until", "uses", "var", "while", "with", "xor", "result"}
_SCALARS = {"bool": "Boolean", "int": "Integer", "long": "Int64", "float": "Double", "str": "string"}
_FIELDS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth")


def type_name(kind: ValueType) -> str:
    if kind.kind in ("optional", "union", "none"):
        return "Variant"
    return _SCALARS.get(kind.kind) or f"T{_word(kind)}"


def _word(kind: ValueType) -> str:
    """What a type contributes to the names of others."""
    inside = "".join(_word(each) for each in kind.items)
    if kind.kind == "list":
        return f"{_word(kind.item)}Array"
    if kind.kind == "tuple":
        return f"{_word(kind.items[0])}{len(kind.items)}Tuple" if kind.is_uniform else f"{inside}Tuple"
    if kind.kind == "dict":
        return f"{inside or 'StringInteger'}Map"
    return {"str": "String"}.get(kind.kind, type_name(kind))


def _definition(kind: ValueType) -> str:
    """The definition of a type that Pascal does not have; empty for any other."""
    if kind.kind == "list":
        return f"array of {type_name(kind.item)}"
    if kind.kind == "tuple":
        pairs = zip(_FIELDS, kind.items, strict=False)
        return f"record {' '.join(f'{name}: {type_name(each)};' for name, each in pairs)} end"
    if kind.kind == "dict":
        key, item = map(type_name, kind.items) if kind.items else ("string", "Integer")
        return f"specialize TFPGMap<{key}, {item}>"
    return ""


def _text(value: str) -> str:
    """In single quotes; control characters by their codes."""
    quoted = value.replace("'", "''")
    for code in (9, 10, 13):
        quoted = quoted.replace(chr(code), f"'#{code}'")
    return f"'{quoted}'"


LITERALS = Literals(
    none="Null",
    items=lambda items, kind: f"({', '.join(items)})" if kind.kind == "tuple" else f"[{', '.join(items)}]",
    entries=lambda entries, _: f"[{', '.join(f'{key}: {value}' for key, value in entries)}]",
    text=_text,
)


def _comment(doc: str) -> str:
    return line_comment(doc, "//")


def _declare(signature: Signature, doc: str, helper: str) -> Declared:
    kinds = [part for _, kind in signature.parameters for part in kind.parts()]
    kinds += signature.result.parts()
    defined = {type_name(kind): _definition(kind) for kind in kinds if _definition(kind)}
    used = [name for name, needed in _UNITS.items() if needed & {kind.kind for kind in kinds}]
    given = f"{{$mode objfpc}}{{$H+}}\nuses {', '.join(('SysUtils', 'Math', *used))};\n\n"
    if defined:
        given += "".join(("type\n", *(f"  {name} = {text};\n" for name, text in defined.items()), "\n"))
    given += f"{helper}\n" if helper else ""
    parameters = "; ".join(f"{_by(kind)}{name}: {type_name(kind)}" for name, kind in signature.parameters)
    head = f"function {signature.name}({parameters}): {type_name(signature.result)};\n"
    return Declared(given=given, doc=_comment(doc), head=head, end="")


_UNITS = {"fgl": {"dict"}, "Variants": {"optional", "union"}}


def _by(kind: ValueType) -> str:
    return "" if kind.is_scalar and kind.kind != "str" else "const "


TYPED = TypedSyntax(
    function_name=lambda name: pascal(snake(name)),
    parameter_name=lambda name: without_keyword(snake(name), _KEYWORDS),
    literal=LITERALS,
    declare=_declare,
    comment=_comment,
    constants={"True": "True", "False": "False", "None": "Null"},
    solutions=(Path(__file__).with_name("solutions.pas"),),
)
