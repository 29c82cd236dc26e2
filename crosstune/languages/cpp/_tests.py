"""Why tests in C++ need the objects of a class in their own process."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tree_sitter import Node

from crosstune.languages._shared.native.nodes import descendants, text_of
from crosstune.languages.cpp._classes import Class, Method
from crosstune.parsing import CodeParser

_THREADS = re.compile(
    r"\bstd::(?:j?thread|async)\b|<(?:thread|future)>|\bpthread_create\b|\bj?thread\s+\w+\s*[({]"
)
# What looks at a class, rather than at the values of its objects.
_LOOKS = re.compile(
    r"\b(?:typeid|dynamic_cast|reinterpret_cast|bit_cast|memcpy|memset|memcmp|offsetof|is_[a-z_]+<|noexcept)"
)
# Errors that arrive in the tests as what they were.
_CAUGHT = """
exception invalid_argument out_of_range length_error domain_error logic_error overflow_error
underflow_error range_error runtime_error bad_cast int char string
"""


def why_shared(classes: Sequence[Class], tests: str) -> str:
    if used := _THREADS.search(tests):
        return f"the tests use {used[0]}"
    if not classes and "catch" not in tests:
        return ""
    root = CodeParser("cpp").parse(tests)
    if root is None:
        return "the tests do not parse"
    return _caught(root) or _looked_at(root, classes) or _not_plain(root, classes)


def _caught(root: Node) -> str:
    for node in descendants(root):
        if node.type == "catch_clause":
            parameters = node.child_by_field_name("parameters")
            for each in parameters.named_children if parameters else ():
                kind = text_of(each.child_by_field_name("type")).rpartition("::")[2]
                if kind and kind not in _CAUGHT.split():
                    return f"the tests catch {kind}"
    return ""


def _looked_at(root: Node, classes: Sequence[Class]) -> str:
    if not classes:
        return ""
    names = {each.name for each in classes}
    text = text_of(root)
    if found := _LOOKS.search(text):
        return f"the tests use {found[0].rstrip('<')}"
    for node in descendants(root):
        inside = {text_of(each) for each in descendants(node)} if node.type in _USES else set[str]()
        if names & inside:
            return f"the tests {_USES[node.type]} {min(names & inside)}"
    return ""


_USES = {"base_class_clause": "derive from", "sizeof_expression": "ask for the size of"}


def _not_plain(root: Node, classes: Sequence[Class]) -> str:
    """Methods that return or take what is no value."""
    names = {each.name for each in classes}
    for each in classes:
        for method in each.methods:
            if reason := _why_no_value(method, names, root):
                return f"{each.name}::{method.name} {reason}"
    return ""


def _why_no_value(method: Method, names: set[str], root: Node) -> str:
    function = method.type
    is_object = bool(names & set(re.findall(r"\w+", function.head)))
    if function.returns_pointer and not is_object:
        return "returns a pointer"
    if any(each.is_pointer and each.type not in names for each in function.parameters):
        return "takes a pointer"
    changes = function.head.endswith("&") and not re.search(r"\bconst\b", function.head)
    if changes and not is_object and (method.name.startswith("operator") or _is_bound(root, method.name)):
        return "returns a reference through which the tests may change the object"
    return ""


def _is_bound(root: Node, name: str) -> bool:
    """Whether the tests may use the result of a method for more than its value."""
    for node in descendants(root):
        function = node.child_by_field_name("function") if node.type == "call_expression" else None
        field = function.child_by_field_name("field") if function else None
        if field is not None and text_of(field) == name and not _is_value(node):
            return True
    return False


def _is_value(call: Node) -> bool:
    parent = call.parent
    while parent is not None and parent.type == "parenthesized_expression":
        call, parent = parent, parent.parent
    if parent is None:
        return True
    if parent.type == "binary_expression":
        return text_of(parent.child_by_field_name("operator")) != ">>"
    if parent.type == "init_declarator":
        declarator = parent.child_by_field_name("declarator")
        return declarator is not None and declarator.type == "identifier"
    if parent.type == "argument_list":
        called = parent.parent.child_by_field_name("function") if parent.parent else None
        return text_of(called) in ("assert", "to_string", "std::to_string")
    return parent.type in ("expression_statement", "return_statement", "unary_expression", "condition_clause")
