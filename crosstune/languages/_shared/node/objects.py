"""Tests that use objects of the candidate, which stay in its process: what they need, and what that excludes.

The tests have a stub for each object. Its attributes are read and its methods called where the object is; it
has the identity of the object, and its fields when the tests ask for all of them. What they pass are values
and such objects.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from crosstune.languages._shared.node import changes, cycles, names, passed, results
from crosstune.languages._shared.node.expressions import arguments_of, unwrapped
from crosstune.languages._shared.node.names import text_of
from crosstune.languages._shared.node.uses import Tests

if TYPE_CHECKING:
    from tree_sitter import Node

_REFLECTING = frozenset(
    """
    getOwnPropertyNames getOwnPropertyDescriptor getOwnPropertyDescriptors getOwnPropertySymbols isFrozen
    isSealed isExtensible structuredClone inspect
    """.split()  # noqa: SIM905
)
_CONVERTING = frozenset(["+", "-", "*", "/", "%", "**", "<", ">", "<=", ">=", "==", "!="])
_TO_TEXT = frozenset({"String", "parseInt", "parseFloat"})
_CONVERTERS = frozenset({"String", "Number", "parseInt", "parseFloat", "BigInt", "isNaN"})
_NAMING = ("variable_declarator", "import_specifier", "import_clause", "type_query", "unary_expression")
_MOST_CALLS = 10_000
_EQUAL = frozenset({"equal", "notEqual"})


def objections(tests: Tests) -> Iterator[str]:
    """What tests do with objects that only one process allows."""
    for node in tests.nodes:
        if node.type in ("call_expression", "new_expression"):
            yield from _of_call(tests, node)
        elif node.type in ("assignment_expression", "augmented_assignment_expression", "update_expression"):
            yield from _of_assignment(tests, node)
        elif node.type == "unary_expression" and text_of(node).startswith("delete"):
            if tests.is_remote(unwrapped(node.named_children[0])):
                yield "the tests delete an attribute of an object of the candidate"
        elif node.type in ("identifier", "property_identifier") and text_of(node) in _REFLECTING:
            yield f"the tests use {text_of(node)}"
        if node.type == "for_statement" and _is_long(tests, node):
            yield "the tests call the candidate too often"
        if node.type == "identifier" and text_of(node) in tests.classes and not _is_usual(tests, node):
            yield f"the tests use {text_of(node)!r} otherwise than to make objects"
    yield from cycles.objections(tests)
    # A method may return the object itself, which would be converted where a value is expected.
    if not _converts(tests).isdisjoint(_converted_parts(tests)):
        yield "the tests convert an object of the candidate and what it returns"
    elif any(results.is_object(tests, each) for node in tests.nodes for each in _converted(node)):
        yield "the tests convert an object that the candidate returns"


def _of_call(tests: Tests, node: Node) -> Iterator[str]:
    function = node.child_by_field_name("function") or node.child_by_field_name("constructor")
    if function is None or not (tests.is_remote(function) or _is_class(tests, function)):
        return
    what = passed.objection(tests, arguments_of(node))
    if what and not results.is_local(tests, function):
        yield f"the tests pass {what} to {text_of(function)[:40]!r}"


def _is_long(tests: Tests, loop: Node) -> bool:
    """Whether a loop asks the candidate so often that the questions take seconds."""
    condition = loop.child_by_field_name("condition")
    counts = [_number(each) for each in names.walk(condition)] if condition else []
    if max(counts, default=0) < _MOST_CALLS:
        return False
    called = (
        each.child_by_field_name("function") for each in names.walk(loop) if each.type == "call_expression"
    )
    return any(tests.is_remote(each) or text_of(each) in tests.called for each in called)


def _number(node: Node) -> float:
    try:
        return float(text_of(node).replace("_", "")) if node.type == "number" else 0
    except ValueError:
        return 0


def _is_class(tests: Tests, node: Node) -> bool:
    return text_of(node).partition(".")[0] in tests.classes


def _of_assignment(tests: Tests, node: Node) -> Iterator[str]:
    target = node.child_by_field_name("left") or node.child_by_field_name("argument")
    if target is None or target.type not in ("member_expression", "subscript_expression"):
        return
    owner, value = target.child_by_field_name("object"), node.child_by_field_name("right")
    if not (tests.is_remote(owner) or (owner and _is_class(tests, owner))):
        return
    if value and tests.holds_function(value):
        yield f"the tests replace {text_of(target)[:40]!r}"


def _is_usual(tests: Tests, node: Node) -> bool:
    """Whether a class is used to make an object, for its attributes, or to be called, asked for or named."""
    above = node.parent
    if above is None:
        return False
    if above.type == "binary_expression":
        return text_of(above.child_by_field_name("operator")) == "instanceof"
    if above.type == "arguments":
        return _is_parameter(tests, above, node)
    of = (above.child_by_field_name(each) for each in ("function", "constructor", "object"))
    return node in of or above.type in _NAMING


def _is_parameter(tests: Tests, listed: Node, node: Node) -> bool:
    """Whether a class is passed to a function of the tests that has a name for it."""
    call = listed.parent
    name = text_of(call.child_by_field_name("function")) if call else ""
    return node.type == "identifier" and bool(tests.parameter(name, listed.named_children.index(node)))


def settings(tests: Tests | str) -> dict[str, object]:
    """What the tests' process has to know about the tests' use of objects."""
    if isinstance(tests, str) or not tests.use_objects:
        return {"objects": False}
    return {
        "objects": True,
        "methods": sorted(_methods(tests)),
        "converts": sorted(_converts(tests)),
        "watches": changes.matter(tests),
        "values": results.values(tests),
    }


def _methods(tests: Tests) -> set[str]:
    """The names of attributes that are only called."""
    called, read = set[str](), set[str]()
    for node in tests.nodes:
        if node.type == "member_expression":
            above = node.parent
            is_called = (
                above is not None
                and above.type == "call_expression"
                and node == above.child_by_field_name("function")
                and b"?." not in (above.text or b"")
            )
            (called if is_called else read).add(text_of(node.child_by_field_name("property")))
    return called - read


def _converts(tests: Tests) -> set[str]:
    """What the tests use an object as that they have made: ``text``, ``number``."""
    if not tests.may_convert:
        return set()
    return {_kind(node) for node in tests.nodes if any(map(tests.is_object, _converted(node)))}


def _converted_parts(tests: Tests) -> set[str]:
    """What the tests convert to in the same way whose value the candidate has returned."""
    return {
        _kind(node)
        for node in tests.nodes
        if any(tests.is_remote(each) and not tests.is_object(each) for each in _converted(node))
    }


def _kind(node: Node) -> str:
    function = text_of(node.child_by_field_name("function")) if node.type == "call_expression" else ""
    is_text = node.type == "template_substitution" or function in _TO_TEXT
    return "text" if is_text else "number"


def _converted(node: Node) -> list[Node]:
    if node.type == "template_substitution":
        return node.named_children
    if node.type == "unary_expression" and text_of(node)[:1] in "+-":
        return node.named_children
    if node.type == "binary_expression" and text_of(node.child_by_field_name("operator")) in _CONVERTING:
        sides = [side for each in ("left", "right") if (side := node.child_by_field_name(each))]
        return [] if any(text_of(side) in ("null", "undefined") for side in sides) else sides
    if node.type == "call_expression":
        name = text_of(node.child_by_field_name("function"))
        if name in _CONVERTERS or name.rpartition(".")[2] in _EQUAL:
            return arguments_of(node)[:2]
    return []
