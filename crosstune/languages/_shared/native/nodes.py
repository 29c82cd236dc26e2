"""Walk through the syntax trees of C and C++."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tree_sitter import Node

from crosstune.parsing import decoded


def descendants(node: Node, enter: Callable[[Node], bool] = lambda _: True) -> Iterator[Node]:
    """The node and all below it, in their order; those below a node that ``enter`` refuses are left out."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        if enter(current):
            waiting.extend(reversed(current.children))


def text_of(node: Node | None) -> str:
    """The source text of a node; empty for None."""
    return decoded(node.text) if node and node.text else ""


def name_of_function(definition: Node) -> str:
    """The plain name of a function definition; empty for operators, destructors and conversions."""
    node = definition.child_by_field_name("declarator")
    while node and node.type not in ("identifier", "field_identifier"):
        if node.type == "qualified_identifier":
            node = node.child_by_field_name("name")
        elif inner := node.child_by_field_name("declarator"):
            node = inner
        else:
            node = node.named_children[0] if node.type == "reference_declarator" else None
    return text_of(node)
