"""Types, values and declarations in OCaml. Dictionaries are hash tables, a union is a type that the prompt
defines."""

from __future__ import annotations

from pathlib import Path

from crosstune.languages._typed import (
    Declared,
    Literals,
    Signature,
    TypedSyntax,
    ValueType,
    snake,
    without_keyword,
)

_NAMES = {"none": "unit", "bool": "bool", "int": "int", "long": "int", "float": "float", "str": "string"}
_VARIANTS = {"bool": "Bool", "int": "Int", "long": "Int", "float": "Float", "str": "Text"}
_MORE_VARIANTS = {"list": "List", "tuple": "Tuple", "dict": "Table"}
_KEYWORDS = {
    *(
        "and",
        "as",
        "begin",
        "class",
        "done",
        "end",
        "exception",
        "external",
        "fun",
        "function",
        "in",
        "include",
    ),
    *(
        "match",
        "method",
        "module",
        "new",
        "object",
        "of",
        "open",
        "rec",
        "sig",
        "struct",
        "then",
        "to",
        "type",
    ),
    *("val", "virtual", "with", "let", "mod", "land", "lor", "lxor", "lsl", "lsr", "asr"),
}


def type_name(kind: ValueType) -> str:
    if kind.kind == "list":
        return f"{_inside(kind.item)} list"
    if kind.kind == "tuple":
        return " * ".join(map(_inside, kind.items)) if len(kind.items) > 1 else f"{_inside(kind.item)} list"
    if kind.kind == "dict":
        return f"({', '.join(map(type_name, kind.items)) or 'string, int'}) Hashtbl.t"
    if kind.kind == "optional":
        return f"{_inside(kind.item)} option"
    return "value" if kind.kind == "union" else _NAMES[kind.kind]


def _inside(kind: ValueType) -> str:
    name = type_name(kind)
    return f"({name})" if kind.kind == "tuple" and len(kind.items) > 1 else name


def _variant(kind: ValueType) -> str:
    return {**_VARIANTS, **_MORE_VARIANTS}[kind.kind]


def _items(items: list[str], kind: ValueType) -> str:
    if kind.kind == "tuple" and len(items) > 1:
        return f"({', '.join(items)})"
    return f"[{'; '.join(items)}]"


def text(value: str) -> str:
    """In double quotes, with OCaml's escapes."""
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return '"' + "".join(escapes.get(each, each) for each in value) + '"'


def number(value: float, kind: ValueType) -> str:
    return repr(value).replace("inf", "infinity") if kind.kind == "float" else repr(value)


def argument_number(value: float, kind: ValueType) -> str:
    """Negative numbers are arguments in parentheses."""
    return f"({number(value, kind)})" if value < 0 else number(value, kind)


def _entries(pairs: list[tuple[str, str]], _: ValueType) -> str:
    inside = "; ".join(f"({key}, {value})" for key, value in pairs)
    return f"(Hashtbl.of_seq (List.to_seq [{inside}]))"


LITERALS = Literals(
    none="None",
    some=lambda value: f"(Some {value})",
    items=_items,
    entries=_entries,
    chosen=lambda value, kind: f"({_variant(kind)} {value})",
    text=text,
    number=argument_number,
)


def comment(doc: str) -> str:
    """A string in a comment is read as one, so quotation marks without a partner are left out."""
    shown = doc.replace("(*", "( *").replace("*)", "* )")
    if _opens_a_string(shown):
        shown = shown.replace('"', "'")
    return f"(** {shown.strip()} *)\n"


def _opens_a_string(doc: str) -> bool:
    return doc.replace('\\"', "").count('"') % 2 == 1 or "'\"'" in doc or "\\" in doc


def _declare(signature: Signature, doc: str, helper: str) -> Declared:
    kinds = [kind for _, kind in signature.parameters] + [signature.result]
    parts = {part: None for kind in kinds for part in kind.parts()}
    given = ""
    for union in (each for each in parts if each.kind == "union"):
        variants = "".join(f"  | {_variant(each)} of {type_name(each)}\n" for each in union.items)
        given += f"type value =\n{variants}\n"
    given += f"{helper}\n" if helper else ""
    parameters = " ".join(f"({name} : {type_name(kind)})" for name, kind in signature.parameters) or "()"
    head = f"let rec {signature.name} {parameters} : {type_name(signature.result)} =\n"
    return Declared(given=given, doc=comment(doc), head=head, end="")


TYPED = TypedSyntax(
    function_name=lambda name: snake(name).lower(),
    parameter_name=lambda name: without_keyword(snake(name).lower(), _KEYWORDS),
    literal=LITERALS,
    declare=_declare,
    comment=comment,
    constants={"True": "true", "False": "false"},
    solutions=(Path(__file__).with_name("solutions.ml"),),
    application=lambda name, texts: " ".join((name, *texts)),
)
