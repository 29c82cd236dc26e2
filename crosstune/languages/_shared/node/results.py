"""What tests in JavaScript or TypeScript do with what members of the candidate's objects return.

A class of the candidate can have methods of any name, so an object of it could answer tests that expect an
array or a text (``s.values().includes(5)``). The tests show which results are values: they use them only by
names that arrays and texts have, and that no class of the program has. Where the names are those of a
collection with state, a result may be either, so such tests share the candidate's process.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from crosstune.languages._shared.node import names
from crosstune.languages._shared.node.expressions import arguments_of, assigned, unwrapped
from crosstune.languages._shared.node.names import text_of
from crosstune.languages._shared.node.uses import CHANGING, METHODS, Tests

if TYPE_CHECKING:
    from tree_sitter import Node

Source = tuple[str, int]
"""A member by which a result was returned (a function by its name), and how deep in it a part is."""

# Of any object, or as usual in classes of one's own as in those of the language.
_OF_ANY = frozenset(
    "toString toLocaleString valueOf toJSON hasOwnProperty propertyIsEnumerable then catch finally".split()  # noqa: SIM905
)
_OF_OBJECTS = frozenset({"equals", "compare", "next", "test", "exec"})
_OF_STATE = (CHANGING | {"get", "has"}) - {"splice", "fill", "sort", "reverse", "copyWithin"}
_OF_TEXTS = frozenset(
    """
    charAt charCodeAt codePointAt endsWith localeCompare normalize padEnd padStart startsWith substring substr
    toLowerCase toLocaleLowerCase toUpperCase toLocaleUpperCase trim trimEnd trimStart toFixed toPrecision
    """.split()  # noqa: SIM905
)
_CALLED = METHODS - _OF_ANY - _OF_OBJECTS
_OF_VALUES = (METHODS | {"length", "size"}) - _OF_ANY - _OF_OBJECTS | {"[]"}
_PROMISED = frozenset({"then", "catch", "finally"})
# The methods of an array that return such an array, or one of its items.
_SAME = frozenset(
    "filter slice sort reverse concat flat toSorted toReversed toSpliced splice fill values with trim".split()  # noqa: SIM905
)
_ONE = frozenset("at pop shift find findLast".split())  # noqa: SIM905
_EACH = frozenset("map forEach filter every some find findIndex findLast flatMap".split())  # noqa: SIM905


class Results:
    """How the tests use what the candidate's members return."""

    def __init__(self, tests: Tests) -> None:
        self._tests = tests
        self._named: dict[str, set[Source]] = {}
        for _ in range(3):  # a result may be named again
            for name, source in list(self._bound()):
                self._named.setdefault(name, set()).add(source)
        self.uses: dict[Source, set[str]] = {}
        for source, use in self._used():
            self.uses.setdefault(source, set()).add(use)

    @functools.cached_property
    def own(self) -> set[str]:
        """The members of the program's classes, as far as the tests and what is given show them."""
        tests = self._tests
        found = set(tests.given_members)
        for node in tests.nodes:
            owner = node.child_by_field_name("object") if node.type == "member_expression" else None
            if owner and (tests.is_object(owner) or text_of(owner) in tests.classes):
                found.add(text_of(node.child_by_field_name("property")))
        return found

    def values(self) -> Iterator[Source]:
        """Those that return values."""
        return (source for source, is_sure in self._undeclared() if is_sure)

    def ambiguous(self) -> Iterator[Source]:
        """Those that return values or objects of the candidate."""
        return (source for source, is_sure in self._undeclared() if not is_sure)

    def _undeclared(self) -> Iterator[tuple[Source, bool]]:
        """What the tests use by the names of values alone, and whether it is one for sure."""
        for source, found in self.uses.items():
            known = found - _OF_ANY
            if known.isdisjoint(_CALLED) or not known <= _OF_VALUES or not known.isdisjoint(self.own):
                continue
            if source[0] not in self._tests.typed:
                yield source, self._is_value(source, known)

    def _is_value(self, source: Source, known: set[str]) -> bool:
        """Without objects, only what a function returns may be one: a collection with state."""
        tests = self._tests
        if not tests.use_objects and (source[0] not in tests.called or source[1] > 0):
            return True
        if not known.isdisjoint(_OF_STATE):
            return False
        return not tests.use_objects or tests.shows_classes or not known.isdisjoint(_OF_TEXTS)

    def _bound(self) -> Iterator[tuple[str, Source]]:
        for target, value in assigned(self._tests.nodes):
            for name, depth, member in _parts(target):
                for source in self.sources(value):
                    yield name, (member, 0) if member else (source[0], source[1] + depth)
        for node in self._tests.nodes:
            if node.type == "for_in_statement" and any(child.type == "of" for child in node.children):
                yield from self._items(node.child_by_field_name("left"), node.child_by_field_name("right"))
            elif node.type == "call_expression":
                function = node.child_by_field_name("function")
                if function and text_of(function.child_by_field_name("property")) in _EACH:
                    for parameter in _first_parameters(node):
                        yield from self._items(parameter, function.child_by_field_name("object"))

    def _items(self, target: Node | None, of: Node | None) -> Iterator[tuple[str, Source]]:
        if target and target.type == "identifier":
            for name, depth in self.sources(of):
                yield text_of(target), (name, depth + 1)

    def _used(self) -> Iterator[tuple[Source, str]]:
        for node in self._tests.nodes:
            if node.type == "member_expression":
                for source in self.sources(node.child_by_field_name("object")):
                    yield source, text_of(node.child_by_field_name("property"))
            elif node.type == "subscript_expression" and _is_number(node.child_by_field_name("index")):
                for source in self.sources(node.child_by_field_name("object")):
                    yield source, "[]"
            elif node.type == "binary_expression" and "instanceof" in text_of(node):
                for source in self.sources(node.child_by_field_name("left")):
                    yield source, f"instanceof {text_of(node.child_by_field_name('right'))}"
        for target, value in assigned(self._tests.nodes):
            for _name, _depth, member in _parts(target):
                for source in self.sources(value):
                    if member:
                        yield source, member

    def sources(self, node: Node | None) -> set[Source]:
        """What an expression may be a result of, or a part of one."""
        node = unwrapped(node)
        if node is None:
            return set()
        if node.type == "identifier":
            return set() if self._tests.is_object(node) else self._named.get(text_of(node), set())
        if node.type == "call_expression":
            return self._of_call(node)
        owner = node.child_by_field_name("object")
        if node.type == "subscript_expression":
            return {(name, depth + 1) for name, depth in self.sources(owner)}
        if node.type == "member_expression" and owner and self._is_candidates(owner):
            return {(text_of(node.child_by_field_name("property")), 0)}
        return set()

    def _of_call(self, call: Node) -> set[Source]:
        function = unwrapped(call.child_by_field_name("function"))
        if function is None:
            return set()
        if function.type != "member_expression":
            name = text_of(function)
            return {(name, 0)} if name in self._tests.called else set()
        owner, name = (
            function.child_by_field_name("object"),
            text_of(function.child_by_field_name("property")),
        )
        above = self.sources(owner)
        found = set(above) if name in _SAME else set[Source]()
        found |= {(each, depth + 1) for each, depth in above if name in _ONE}
        return found | ({(name, 0)} if owner and self._is_candidates(owner) else set())

    def _is_candidates(self, owner: Node) -> bool:
        return self._tests.is_remote(owner) or text_of(owner) in self._tests.called


def _parts(target: Node) -> Iterator[tuple[str, int, str]]:
    """The names that a pattern binds: how deep their items are, or the members that they are."""
    if target.type == "identifier":
        yield text_of(target), 0, ""
    elif target.type == "array_pattern":
        for each in target.named_children:
            if each.type == "identifier":
                yield text_of(each), 1, ""
    elif target.type == "object_pattern":
        for each in target.named_children:
            if each.type == "shorthand_property_identifier_pattern":
                yield text_of(each), 0, text_of(each)
            elif each.type == "pair_pattern":
                yield text_of(each.child_by_field_name("value")), 0, text_of(each.child_by_field_name("key"))


def _is_number(node: Node | None) -> bool:
    return node is not None and node.type == "number"


def _first_parameters(call: Node) -> Iterator[Node]:
    for function in arguments_of(call)[:1]:
        if function.type not in names.FUNCTIONS:
            continue
        if single := function.child_by_field_name("parameter"):
            yield single
        listed = function.child_by_field_name("parameters")
        for each in (listed.named_children if listed else [])[:1]:
            yield each.child_by_field_name("pattern") or each


def is_local(tests: Tests, function: Node) -> bool:
    """Whether a method is called of a value or a promise, which the tests' process has itself."""
    owner, name = function.child_by_field_name("object"), text_of(function.child_by_field_name("property"))
    if owner is None or name in _PROMISED:
        return owner is not None
    found = of_tests(tests)
    sources = found.sources(owner)
    return bool(sources) and sources <= set(found.values())


def is_object(tests: Tests, node: Node) -> bool:
    """Whether an expression is what a member has returned that returns objects of the program's classes."""
    found = of_tests(tests)
    return tests.may_convert and any(
        not found.uses.get(source, set()).isdisjoint(found.own) for source in found.sources(node)
    )


def of_tests(tests: Tests) -> Results:
    return tests.once(Results)


def values(tests: Tests) -> list[Source]:
    """The members that return values, and how deep in their results these are."""
    return sorted(of_tests(tests).values())


def objections(tests: Tests) -> Iterator[str]:
    for name, _depth in of_tests(tests).ambiguous():
        yield f"{name!r} may return to the tests a value of the language or an object"
