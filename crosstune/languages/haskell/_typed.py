"""Types, values and declarations in Haskell. Dictionaries are `Data.Map`, a union is a type that the prompt
defines."""

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
    quoted,
    without_keyword,
)

_NAMES = {"none": "()", "bool": "Bool", "int": "Int", "long": "Integer", "float": "Double", "str": "String"}
_VARIANTS = {"bool": "Bool", "int": "Int", "long": "Int", "float": "Number", "str": "Text"}
_MORE_VARIANTS = {"list": "List", "tuple": "Tuple", "dict": "Table"}
_KEYWORDS = {
    *("case", "class", "data", "default", "deriving", "do", "else", "foreign", "if", "import", "in", "infix"),
    *("instance", "let", "module", "newtype", "of", "then", "type", "where"),
}


def type_name(kind: ValueType) -> str:
    if kind.kind == "list" or (kind.kind == "tuple" and len(kind.items) < 2):
        return f"[{type_name(kind.item)}]"
    if kind.kind == "tuple":
        return f"({', '.join(map(type_name, kind.items))})"
    if kind.kind == "dict":
        return f"Map.Map {' '.join(map(_atom, kind.items)) or 'String Int'}"
    if kind.kind == "optional":
        return f"Maybe {_atom(kind.item)}"
    return "Value" if kind.kind == "union" else _NAMES[kind.kind]


def _atom(kind: ValueType) -> str:
    name = type_name(kind)
    return f"({name})" if " " in name and not name.startswith(("[", "(")) else name


def _variant(kind: ValueType) -> str:
    return f"{ {**_VARIANTS, **_MORE_VARIANTS}[kind.kind] }Value".replace(" ", "")


def _items(items: list[str], kind: ValueType) -> str:
    opening, closing = "()" if kind.kind == "tuple" and len(items) > 1 else "[]"
    return f"{opening}{', '.join(items)}{closing}"


def _number(value: float, kind: ValueType) -> str:
    """Negative numbers are arguments in parentheses."""
    text = repr(value).replace("inf", "(1 / 0)") if kind.kind == "float" else repr(value)
    return f"({text})" if value < 0 else text


class _Values(Literals):
    """Truth values begin with capital letters."""

    def __call__(self, value: object, kind: ValueType) -> str:
        is_bool = isinstance(value, bool) and kind.kind == "bool"
        return repr(value) if is_bool else super().__call__(value, kind)


LITERALS = _Values(
    none="Nothing",
    some=lambda value: f"(Just {value})",
    items=_items,
    entries=lambda pairs, _: f"(Map.fromList [{', '.join(f'({key}, {value})' for key, value in pairs)}])",
    chosen=lambda value, kind: f"({_variant(kind)} {value})",
    text=quoted,
    number=_number,
)


def comment(doc: str) -> str:
    return line_comment(doc, "--")


def _declare(signature: Signature, doc: str, helper: str) -> Declared:
    kinds = [kind for _, kind in signature.parameters] + [signature.result]
    parts = {part: None for kind in kinds for part in kind.parts()}
    given = "module Main where\n\n"
    given += "import qualified Data.Map as Map\n\n" if any(each.kind == "dict" for each in parts) else ""
    for union in (each for each in parts if each.kind == "union"):
        variants = "\n  | ".join(f"{_variant(each)} {_atom(each)}" for each in union.items)
        given += f"data Value\n  = {variants}\n  deriving (Eq, Ord, Show)\n\n"
    given += f"{helper}\n" if helper else ""
    types = " -> ".join(map(type_name, kinds))
    names = "".join(f" {name}" for name, _ in signature.parameters)
    head = f"{signature.name} :: {types}\n{signature.name}{names} =\n"
    return Declared(given=given, doc=comment(doc), head=head, end="")


TYPED = TypedSyntax(
    function_name=camel,
    parameter_name=lambda name: without_keyword(camel(name), _KEYWORDS),
    literal=LITERALS,
    declare=_declare,
    comment=comment,
    constants={"None": "Nothing"},
    solutions=(Path(__file__).with_name("solutions.hs"),),
    application=lambda name, texts: " ".join((name, *texts)),
)
