"""Types whose objects stay in the candidate's process: those that a benchmark asks for."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from crosstune.languages.go import _types

if TYPE_CHECKING:
    from tree_sitter import Node


def of(root: Node, entry_points: Collection[str]) -> frozenset[str]:
    """The names of the types that a declaration asks for: entry points are named like them or their methods,
    or a method of theirs has no body yet. None of them is an interface or has type parameters."""
    asked = {name.partition(".")[0] for name in entry_points}
    kinds = {_types.text(each.children[0]): each for each in _specs(root)}
    found = {name for name, spec in kinds.items() if name in asked and _is_concrete(spec)}
    for method in root.named_children:
        owner = owner_of(method)
        asks = is_open(method) or owner in asked or _name(method) in entry_points
        if owner and asks and (owner not in kinds or _is_concrete(kinds[owner])):
            found.add(owner)
    return frozenset(found)


def owner_of(method: Node) -> str:
    """The name of the type of a method's receiver; empty for anything else, and for generic types."""
    if method.type != "method_declaration":
        return ""
    receiver = method.child_by_field_name("receiver")
    parameter = receiver.named_children[0] if receiver and receiver.named_children else None
    kind = parameter.child_by_field_name("type") if parameter else None
    if kind is not None and kind.type == "pointer_type":
        kind = kind.named_children[0]
    return _types.text(kind) if kind is not None and kind.type == "type_identifier" else ""


def is_open(function: Node) -> bool:
    """Whether a function or method has no body, or one that does nothing, or nothing but panic."""
    if function.type not in ("function_declaration", "method_declaration"):
        return False
    body = function.child_by_field_name("body")
    statements = list(_statements(body)) if body else []
    return not statements or (len(statements) == 1 and _types.text(statements[0]).startswith("panic("))


def compiles(function: Node) -> bool:
    """Whether an open function can be compiled: it panics, or has an empty body and no result."""
    body = function.child_by_field_name("body")
    return body is not None and (function.child_by_field_name("result") is None or any(_statements(body)))


def mentions(function: Node, names: Collection[str]) -> bool:
    """Whether a parameter or a result is of one of these types."""
    parts = (function.child_by_field_name(name) for name in ("parameters", "result"))
    return any(
        each.type == "type_identifier" and _types.text(each) in names
        for part in parts
        if part
        for each in below(part)
    )


def below(node: Node) -> Iterator[Node]:
    """All nodes of a tree, in their order."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(current.children))


def _statements(body: Node) -> Iterator[Node]:
    for each in body.named_children:
        if each.type == "statement_list":
            yield from _statements(each)
        elif each.type != "comment":
            yield each


def _specs(root: Node) -> Iterator[Node]:
    for node in root.named_children:
        if node.type == "type_declaration":
            yield from (each for each in node.named_children if each.type in ("type_spec", "type_alias"))


def _is_concrete(spec: Node) -> bool:
    kind = spec.child_by_field_name("type")
    is_plain = spec.type == "type_spec" and not spec.child_by_field_name("type_parameters")
    return is_plain and kind is not None and kind.type != "interface_type"


def _name(node: Node) -> str:
    name = node.child_by_field_name("name")
    return _types.text(name) if name else ""
