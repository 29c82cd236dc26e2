"""Whether tests in JavaScript or TypeScript change what the candidate has returned.

Apart, results are copies: two rows that are one array for the candidate are two for the tests, and an array
that it keeps is another one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from crosstune.languages._shared.node.names import text_of
from crosstune.languages._shared.node.uses import CHANGING, Tests

if TYPE_CHECKING:
    from tree_sitter import Node

_ASSIGNING = ("assignment_expression", "augmented_assignment_expression", "update_expression")
_PARTS = ("member_expression", "subscript_expression")


def objections(tests: Tests) -> Iterator[str]:
    for node in tests.nodes:
        changed = None
        if node.type in _ASSIGNING:
            target = node.child_by_field_name("left") or node.child_by_field_name("argument")
            changed = target if target and target.type in _PARTS else None
        elif node.type == "call_expression":
            changed = _changed_by(node)
        if changed and _is_result(tests, _root(changed)):
            yield f"the tests change {text_of(_root(changed))[:40]!r}, which the candidate has returned"


def _changed_by(call: Node) -> Node | None:
    """What a method changes that has the name of one of a collection."""
    function = call.child_by_field_name("function")
    if function is None or function.type != "member_expression":
        return None
    changes = text_of(function.child_by_field_name("property")) in CHANGING
    return function.child_by_field_name("object") if changes else None


def _root(node: Node) -> Node:
    """What an element or an attribute belongs to."""
    while node.type in _PARTS and (owner := node.child_by_field_name("object")):
        node = owner
    return node


def _is_result(tests: Tests, node: Node) -> bool:
    """Where tests use objects, these change by their own methods: what a method returns may be the object."""
    if tests.use_objects:
        return False
    if node.type == "call_expression":
        return text_of(node.child_by_field_name("function")) in tests.called
    return text_of(node) in tests.results
