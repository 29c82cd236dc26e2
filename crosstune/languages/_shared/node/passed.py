"""What tests in JavaScript or TypeScript pass to the candidate that is no value, so they need its process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from crosstune.languages._shared.node import names
from crosstune.languages._shared.node.expressions import declarators, returned
from crosstune.languages._shared.node.names import text_of
from crosstune.languages._shared.node.uses import Tests

if TYPE_CHECKING:
    from tree_sitter import Node

_PROMISING = frozenset({"then", "catch", "finally"})
_ITERATING = frozenset({"values", "entries", "keys", "matchAll", "[Symbol.iterator]"})
_GENERATORS = ("generator_function_declaration", "generator_function")
_PARTS = ("object", "array", "parenthesized_expression", "ternary_expression", "as_expression")


def objection(tests: Tests, arguments: list[Node]) -> str:
    """What is passed that is no value; empty if all are values."""
    if any(map(tests.holds_function, arguments)):
        return "a function or an object of their own"
    if any(_holds(tests, each, _is_promise) for each in arguments):
        return "a promise of their own"
    return "an iterator of their own" if any(_holds(tests, each, _is_iterator) for each in arguments) else ""


def _holds(tests: Tests, node: Node, is_one: Callable[[Tests, Node], bool], deep: int = 3) -> bool:
    """Whether a value is such a one, or an array or object that holds one."""
    if node.type == "identifier":
        values = (value for name, value in declarators(tests.nodes) if name == text_of(node))
        return deep > 0 and any(_holds(tests, value, is_one, deep - 1) for value in values)
    if node.type == "pair":
        value = node.child_by_field_name("value")
        return value is not None and _holds(tests, value, is_one, deep)
    if node.type in _PARTS:
        return any(_holds(tests, each, is_one, deep) for each in node.named_children)
    return node.type == "call_expression" and is_one(tests, node)


def _is_promise(tests: Tests, call: Node) -> bool:
    owner, name = _called(call)
    if owner == "Promise" or (owner and name in _PROMISING):
        return True
    return not owner and name in set(_promising(tests))


def _promising(tests: Tests) -> Iterator[str]:
    """The functions of the tests that return promises."""
    for node in tests.nodes:
        if node.type in names.FUNCTIONS and any(child.type == "async" for child in node.children):
            yield _name(node)
    for name, value in returned(tests.nodes):
        made = value.child_by_field_name("constructor") or value.child_by_field_name("function")
        if text_of(made).partition(".")[0] == "Promise":
            yield name


def _is_iterator(tests: Tests, call: Node) -> bool:
    owner, name = _called(call)
    if owner:
        return name in _ITERATING and owner != "Object"
    return any(node.type in _GENERATORS and _name(node) == name for node in tests.nodes)


def _called(call: Node) -> tuple[str, str]:
    """What a method is called of, and its name."""
    function = call.child_by_field_name("function")
    if function is None or function.type not in ("member_expression", "subscript_expression"):
        return "", text_of(function)
    name = text_of(function.child_by_field_name("property"))
    owner = text_of(function.child_by_field_name("object"))
    return owner, name or f"[{text_of(function.child_by_field_name('index'))}]"


def _name(function: Node) -> str:
    holder = (
        function.parent if function.parent and function.parent.type == "variable_declarator" else function
    )
    return text_of(holder.child_by_field_name("name"))
