"""Whether tests in JavaScript or TypeScript make objects that contain themselves.

Where tests use objects of the candidate, such an object cannot be passed to it: it has a number, which never
occurs within itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from crosstune.languages._shared.node.expressions import arguments_of, assigned
from crosstune.languages._shared.node.names import text_of, walk
from crosstune.languages._shared.node.uses import CHANGING, Tests

if TYPE_CHECKING:
    from tree_sitter import Node

_PARTS = ("member_expression", "subscript_expression")
_CONTAINERS = ("object", "array", "identifier")


def objections(tests: Tests) -> Iterator[str]:
    added = list(_added(tests))
    holds: dict[str, set[str]] = {}
    for name, inner in (*added, *_made_of(tests)):
        holds.setdefault(name, set()).add(inner)
    for name, inner in added:
        if name in _reached(inner, holds):
            yield f"the tests let {name!r} contain itself"


def _added(tests: Tests) -> Iterator[tuple[str, str]]:
    """What becomes a part of which object that the tests have made: ``a.next = b``, ``a.push(b)``."""
    for node in tests.nodes:
        owner: Node | None = None
        values: list[Node] = []
        if node.type == "assignment_expression":
            target, value = node.child_by_field_name("left"), node.child_by_field_name("right")
            owner, values = (target, [value]) if target and value and target.type in _PARTS else (None, [])
        elif (function := node.child_by_field_name("function")) and _adds(function):
            owner, values = function.child_by_field_name("object"), arguments_of(node)
        name = _root(owner)
        if name in tests.bound and name not in tests.objects:
            for value in values:
                yield from ((name, inner) for inner in _names(value))


def _adds(function: Node) -> bool:
    return text_of(function.child_by_field_name("property")) in CHANGING


def _made_of(tests: Tests) -> Iterator[tuple[str, str]]:
    for target, value in assigned(tests.nodes):
        if target.type == "identifier":
            yield from ((text_of(target), inner) for inner in _names(value))


def _names(value: Node) -> Iterator[str]:
    """The names of the objects that a value is, or contains."""
    if value.type in _CONTAINERS:
        kinds = ("identifier", "shorthand_property_identifier")
        yield from (text_of(each) for each in walk(value) if each.type in kinds)


def _root(node: Node | None) -> str:
    while node and node.type in _PARTS:
        node = node.child_by_field_name("object")
    return text_of(node) if node and node.type == "identifier" else ""


def _reached(name: str, holds: dict[str, set[str]]) -> set[str]:
    found, waiting = set[str](), [name]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found.add(current)
            waiting.extend(holds.get(current, ()))
    return found
