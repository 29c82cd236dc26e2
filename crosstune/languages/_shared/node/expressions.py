"""Parts of parsed JavaScript and TypeScript: what expressions are made of, and what names are bound to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from crosstune.languages._shared.node import names
from crosstune.languages._shared.node.names import text_of

if TYPE_CHECKING:
    from tree_sitter import Node

SAME = frozenset({"===", "!==", "==", "!="})
SAME_CALLS = frozenset(["strictEqual", "notStrictEqual", "toBe", "is"])
_WRAPPED = (
    "await_expression",
    "parenthesized_expression",
    "non_null_expression",
    "as_expression",
    "satisfies_expression",
)


def unwrapped(node: Node | None) -> Node | None:
    """An expression without parentheses, ``await`` and types."""
    while node and node.type in _WRAPPED:
        node = node.named_children[0] if node.named_children else None
    return node


def owner_of(node: Node) -> Node | None:
    """What an attribute, a call or an item is one of."""
    if node.type == "call_expression":
        return node.child_by_field_name("function")
    if node.type in ("member_expression", "subscript_expression"):
        return node.child_by_field_name("object")
    return unwrapped(node) if node.type in _WRAPPED else None


def compared(node: Node) -> list[Node]:
    """The two sides of a comparison of identities: of operands, or in an assertion."""
    if node.type == "binary_expression":
        is_same = text_of(node.child_by_field_name("operator")) in SAME
        sides = [node.child_by_field_name(each) for each in ("left", "right")]
        return [each for each in sides if each] if is_same else []
    if node.type == "call_expression":
        name = text_of(node.child_by_field_name("function")).rpartition(".")[2]
        return arguments_of(node)[:2] if name in SAME_CALLS else []
    return []


def first_name(node: Node | None) -> str:
    """``a`` of ``a.b.c``."""
    while node and node.type == "member_expression":
        node = node.child_by_field_name("object")
    return text_of(node)


def is_own_module(value: Node) -> bool:
    """Whether an expression loads the candidate's module, which has a relative path."""
    value = unwrapped(value) or value
    if value.type != "call_expression" or text_of(value.child_by_field_name("function")) != "require":
        return False
    return any(map(is_own, arguments_of(value)[:1]))


def is_own(name: Node | None) -> bool:
    return text_of(name).strip("'\"`").startswith(".")


def declarators(nodes: list[Node]) -> Iterator[tuple[str, Node]]:
    """The names that get a value, and the values."""
    for node, value in assigned(nodes):
        if node.type == "identifier":
            yield text_of(node), value


def bindings(nodes: list[Node]) -> Iterator[tuple[str, Node]]:
    """The names, those of patterns too, and the attributes of ``this`` that get a value, or a part of it."""
    for node, value in assigned(nodes):
        if node.type == "member_expression":
            if text_of(node.child_by_field_name("object")) == "this":
                yield text_of(node), value
        else:
            for name in names.in_pattern(node):
                yield name, value


def assigned(nodes: list[Node]) -> Iterator[tuple[Node, Node]]:
    for node in nodes:
        fields = {"variable_declarator": ("name", "value"), "assignment_expression": ("left", "right")}
        if node.type in fields:
            target, value = map(node.child_by_field_name, fields[node.type])
            if target and value:
                yield target, value


def returned(nodes: list[Node]) -> Iterator[tuple[str, Node]]:
    """The names of the tests' functions, and what they return."""
    for node in nodes:
        if node.type not in names.FUNCTIONS:
            continue
        holder = node.parent if node.parent and node.parent.type == "variable_declarator" else node
        name, body = text_of(holder.child_by_field_name("name")), node.child_by_field_name("body")
        if body and body.type != "statement_block":
            yield name, body
        for inner in body.named_children if body else ():
            if inner.type == "return_statement" and inner.named_children:
                yield name, inner.named_children[0]


def arguments_of(call: Node) -> list[Node]:
    listed = call.child_by_field_name("arguments")
    return [each for each in listed.named_children if each.type != "comment"] if listed else []
