"""Whether tests in JavaScript or TypeScript see changes in what they and the candidate both have.

Apart, results are copies: two rows that are one array for the candidate are two for the tests, and an array
that it keeps is another one. Tests that change what a function has returned share its process. Those that use
objects of the candidate do not have to: what they and it both have is compared with each question, if the
tests may see a difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from crosstune.languages._shared.node.expressions import arguments_of, assigned, first_name
from crosstune.languages._shared.node.names import in_pattern, text_of, walk
from crosstune.languages._shared.node.uses import CHANGING, Tests

if TYPE_CHECKING:
    from tree_sitter import Node

_ASSIGNING = ("assignment_expression", "augmented_assignment_expression", "update_expression")
_PARTS = ("member_expression", "subscript_expression")
_CALLS = ("call_expression", "new_expression")


def objections(tests: Tests) -> Iterator[str]:
    if tests.use_objects:
        return
    for changed in _changed(tests):
        if _is_result(tests, _root(changed)):
            yield f"the tests change {text_of(_root(changed))[:40]!r}, which the candidate has returned"


def _changed(tests: Tests) -> Iterator[Node]:
    """What tests assign to, or change by a method that has the name of one of a collection."""
    for node in tests.nodes:
        changed = None
        if node.type in _ASSIGNING:
            target = node.child_by_field_name("left") or node.child_by_field_name("argument")
            changed = target if target and target.type in _PARTS else None
        elif node.type == "call_expression":
            changed = _changed_by(node)
        if changed:
            yield changed


def _changed_by(call: Node) -> Node | None:
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
    if node.type == "call_expression":
        return text_of(node.child_by_field_name("function")) in tests.called
    return text_of(node) in tests.results


def matter(tests: Tests) -> bool:
    """Whether tests that use objects may see a change in what both have: they change it, or look at it again
    after the candidate was called."""
    return _change_common(tests) or _look_again(tests)


def _change_common(tests: Tests) -> bool:
    passed = {text_of(each) for call in _questions(tests) for each in walk(*arguments_of(call))}
    for changed in _changed(tests):
        if tests.is_object(changed) or text_of(changed) in tests.classes:
            continue  # its own method, or field
        if text_of(_root(changed)) in passed or tests.is_remote(changed):
            return True
    return False


def _questions(tests: Tests) -> Iterator[Node]:
    """The calls of the candidate."""
    for node in tests.nodes:
        if node.type not in _CALLS:
            continue
        function = node.child_by_field_name("function") or node.child_by_field_name("constructor")
        if function and (tests.is_remote(function) or first_name(function) in tests.called):
            yield node


def _look_again(tests: Tests) -> bool:
    ends = sorted((call.end_byte, call.start_byte) for call in _questions(tests))
    common: dict[str, int] = {}
    for end, name in sorted(_becoming_common(tests)):
        common.setdefault(name, end)
    for node in tests.nodes:
        since = common.get(text_of(node)) if node.type == "identifier" else None
        if since is not None and any(since <= start and end <= node.start_byte for end, start in ends):
            return True
    return False


def _becoming_common(tests: Tests) -> Iterator[tuple[int, str]]:
    """Names of what the candidate returns and what is passed to it, and where that has happened."""
    for target, value in assigned(tests.nodes):
        if tests.is_remote(value) and not tests.is_object(value):
            for name in in_pattern(target):
                yield value.end_byte, name
    for call in _questions(tests):
        for node in walk(*arguments_of(call)):
            if node.type == "identifier" and not tests.is_object(node):
                yield call.end_byte, text_of(node)
