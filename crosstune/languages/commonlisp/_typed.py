"""Types, values and declarations in Common Lisp: types are written into the comment."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

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

_NAMES = {
    "none": "null",
    "bool": "boolean",
    "int": "integer",
    "long": "integer",
    "float": "double-float",
    "str": "string",
}


def type_name(kind: ValueType) -> str:
    """A type, as comments describe it: the language's own say nothing of what is in a list."""
    inside = [type_name(each) for each in kind.items]
    if kind.kind == "list":
        return f"(list of {inside[0]})" if inside else "list"
    if kind.kind == "tuple":
        return f"(list {' '.join(inside)})"
    if kind.kind == "dict":
        return f"(hash-table of {' to '.join(inside)}, test equal)" if inside else "hash-table"
    if kind.kind == "optional":
        return f"{inside[0]} or nil"
    return " or ".join(dict.fromkeys(inside)) if kind.kind == "union" else _NAMES[kind.kind]


@dataclass(frozen=True, kw_only=True)
class _Literals(Literals):
    """Truth is ``t``, falsehood ``nil``."""

    def __call__(self, value: Any, kind: ValueType) -> str:
        if isinstance(value, bool):
            return "t" if value else "nil"
        return super().__call__(value, kind)


def text(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def number(value: float, _: ValueType) -> str:
    """Fractions are double floats: the usual ones have half of their digits."""
    shown = repr(value)
    if isinstance(value, int):
        return shown
    return shown.replace("e", "d") if "e" in shown else f"{shown}d0"


def _entries(pairs: list[tuple[str, str]], _: ValueType) -> str:
    made = "(make-hash-table :test 'equal)"
    if not pairs:
        return made
    inside = " ".join(f"(gethash {key} table) {value}" for key, value in pairs)
    return f"(let ((table {made})) (setf {inside}) table)"


LITERALS = _Literals(
    none="nil",
    items=lambda items, _: f"(list {' '.join(items)})" if items else "'()",
    entries=_entries,
    text=text,
    number=number,
)


def comment(doc: str) -> str:
    return line_comment(doc, ";;")


def _declare(signature: Signature, doc: str, helper: str) -> Declared:
    parameters = [f"{name} : {type_name(kind)}" for name, kind in signature.parameters]
    lines = "\n".join((doc, "", *parameters, f"returns {type_name(signature.result)}"))
    names = " ".join(name for name, _ in signature.parameters)
    given = f"{helper}\n" if helper else ""
    return Declared(given=given, doc=comment(lines), head=f"(defun {signature.name} ({names})\n", end=")\n")


def lisp_name(name: str) -> str:
    """``find_zero`` as ``find-zero``."""
    return snake(name).replace("_", "-").lower()


TYPED = TypedSyntax(
    function_name=lisp_name,
    parameter_name=lambda name: without_keyword(lisp_name(name), {"t", "nil", "pi"}),
    literal=LITERALS,
    declare=_declare,
    comment=comment,
    constants={"True": "t", "False": "nil", "None": "nil"},
    solutions=(Path(__file__).with_name("solutions.lisp"),),
    application=lambda name, texts: f"({' '.join((name, *texts))})",
)
