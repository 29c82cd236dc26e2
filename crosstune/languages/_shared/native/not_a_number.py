"""Whether tests in C or C++ foresee numbers that are none.

``if (fabs(result - 2) > 1e-6) fail();`` accepts NaN, which no program has to return for that. Where tests
have nothing that could tell a NaN from other numbers, one that a candidate returns arrives as a number far
from all others, for which such a comparison is true.
"""

from __future__ import annotations

import re

from tree_sitter import Node

from crosstune.languages._shared.native.nodes import descendants, text_of
from crosstune.parsing import CodeParser

_FORESEEING = re.compile(
    r"nan|^(?:isfinite|isnormal|fpclassify|isunordered|is(?:less|greater)\w*|signbit|memcmp|bit_cast|reinterpret_cast|to_string"
    r"|to_chars|format|\w*printf|\w*stringstream)$",
    re.IGNORECASE,
)
_RELATIONS = frozenset({"<", ">", "<=", ">=", "==", "!="})


def is_foreseen(root: Node) -> bool:
    """Whether the tests may tell a NaN from other numbers: by a function or text, by a comparison of a number
    with itself, or by one that is negated."""
    for node in descendants(root, lambda each: each.type != "preproc_include"):
        if "identifier" in node.type and _FORESEEING.search(text_of(node)):
            return True
        if _compares(node) and _side(node, "left") == _side(node, "right"):
            return True
        if node.type == "unary_expression" and text_of(node).startswith("!") and _negates_comparison(node):
            return True
    return False


def _compares(node: Node) -> bool:
    is_binary = node.type == "binary_expression"
    return is_binary and text_of(node.child_by_field_name("operator")) in _RELATIONS


def _side(node: Node, name: str) -> str:
    return text_of(node.child_by_field_name(name))


def _negates_comparison(node: Node) -> bool:
    inner = node.child_by_field_name("argument")
    while inner is not None and inner.type == "parenthesized_expression":
        inner = inner.named_children[0] if inner.named_children else None
    return inner is not None and _compares(inner)


def unforeseen(tests: str, grammar: str, function: str) -> str:
    """The text that calls a ``function`` before ``main`` if the tests foresee no NaN; else empty."""
    root = CodeParser(grammar).parse(tests)
    if root is None or is_foreseen(root):
        return ""
    name = "crosstune_foresees_no_nan"
    return f"__attribute__((constructor)) static void {name}(void) {{ {function}(); }}\n"
