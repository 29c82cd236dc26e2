"""References that a candidate returns in C++: apart, they refer to copies."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from crosstune.languages._shared.native.calls_in_tests import Result, Tests, called
from crosstune.languages._shared.native.nodes import text_of

_LOOKING = frozenset({"size", "empty", "length", "find", "count", "c_str", "str", "substr", "compare"})
_COPYING = frozenset({"assert", "to_string", "string", "vector", "abs", "fabs"})
_VALUES = ("expression_statement", "return_statement", "unary_expression", "condition_clause")


def objections(tests: Tests) -> Iterator[str]:
    for call, callee in tests.calls:
        if callee.result is Result.REFERENCE and not _is_value(call):
            yield f"{called(call)} returns a reference through which the tests may change something"
        if callee.result is Result.CONSTANT and _is_kept(call):
            yield f"the tests keep a reference that {called(call)} returns"


def _is_value(call: Node) -> bool:
    """Whether the tests use nothing but the value of a result."""
    node, parent = call, call.parent
    while parent is not None and parent.type in ("parenthesized_expression", "subscript_expression"):
        node, parent = parent, parent.parent
    if parent is None:
        return True
    match parent.type:
        case "field_expression":
            outer = parent.parent
            looks = text_of(parent.child_by_field_name("field")) in _LOOKING
            return looks and outer is not None and outer.type == "call_expression" and _is_value(outer)
        case "binary_expression":
            is_value = text_of(parent.child_by_field_name("operator")) != ">>"
        case "init_declarator" | "for_range_loop":
            declared = re.split("[:=]", text_of(parent).replace("::", ""))[0]
            is_value = not _is_reference(parent) or "const" in declared
        case "assignment_expression":
            is_value = parent.child_by_field_name("right") == node
        case "argument_list":
            is_value = parent.parent is not None and called(parent.parent) in _COPYING
        case _:
            is_value = parent.type in _VALUES
    return is_value


def _is_kept(call: Node) -> bool:
    """Whether a reference to something constant is used for more than its value at that time."""
    node, parent = call, call.parent
    while parent is not None and parent.type == "parenthesized_expression":
        node, parent = parent, parent.parent
    if parent is None:
        return False
    if parent.type == "init_declarator":
        return _is_reference(parent)
    return parent.type == "pointer_expression" and text_of(parent).startswith("&") and node.type != "comment"


def _is_reference(declaring: Node) -> bool:
    declarator = declaring.child_by_field_name("declarator")
    return declarator is not None and declarator.type == "reference_declarator"
