"""Types, values and declarations in CoffeeScript, whose values are JavaScript's."""

from __future__ import annotations

from pathlib import Path

from crosstune.languages._shared.node.typed import CONSTANTS, LITERALS, documented
from crosstune.languages._typed import (
    Declared,
    Signature,
    TypedSyntax,
    camel,
    line_comment,
    without_keyword,
)

_KEYWORDS = {"and", "by", "class", "delete", "do", "for", "if", "in", "is", "isnt", "loop", "new", "no"}
_KEYWORDS |= {"not", "null", "of", "off", "on", "or", "return", "switch", "then", "this", "try", "typeof"}
_KEYWORDS |= {"unless", "until", "when", "while", "yes", "arguments", "eval"}


def _comment(doc: str) -> str:
    return line_comment(doc, "#")


def _declare(signature: Signature, doc: str, helper: str) -> Declared:
    lines = "\n".join((doc, *documented(signature)))
    names = ", ".join(name for name, _ in signature.parameters)
    given = f"{helper}\n" if helper else ""
    return Declared(given=given, doc=_comment(lines), head=f"{signature.name} = ({names}) ->\n", end="")


TYPED = TypedSyntax(
    function_name=camel,
    parameter_name=lambda name: without_keyword(camel(name), _KEYWORDS),
    literal=LITERALS,
    declare=_declare,
    comment=_comment,
    constants=CONSTANTS,
    one_number=True,
    solutions=(Path(__file__).with_name("solutions.coffee"),),
)
