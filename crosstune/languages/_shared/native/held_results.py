"""Pointers and views that a candidate returns: apart, they point into copies."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from crosstune.languages._shared.native.calls_in_tests import (
    NAMES,
    Result,
    Tests,
    Variable,
    arguments_of,
    called,
    declared_name,
    root_of,
    statement_of,
)
from crosstune.languages._shared.native.nodes import descendants, name_of_function, text_of

_ROUNDS = 10
# Each result is compared with all uses of its variable.
_MOST_CALLS = 100
_POINTING = (Result.POINTER, Result.VIEW)
_COMPARING = frozenset({"==", "!=", "<", ">", "<=", ">=", "-"})
_NOTHING = frozenset({"NULL", "nullptr", "0"})
_CHANGING_FIRST = """
memset memcpy memmove bzero strcpy strncpy strcat strncat stpcpy sprintf snprintf qsort strtok strtok_r
realloc sort stable_sort reverse fill fill_n iota swap rotate iter_swap shuffle
"""
# A text of a type of its own is a copy.
_COPIES = re.compile(r"\bstring\s*$")


def objections(tests: Tests) -> Iterator[str]:
    if not any(callee.result in _POINTING for _, callee in tests.calls):
        return
    if len(tests.calls) > _MOST_CALLS:
        yield "the tests call too often to follow what becomes of the results"
        return
    yield from _Held(tests).objections()


class _Held:
    def __init__(self, tests: Tests) -> None:
        self.tests = tests
        self.values = dict[Variable, list[tuple[Node, Node, bool]]]()
        """Variables, each with where it is set to a result, that result, and whether it is a pointer."""
        before = -1
        for _ in range(_ROUNDS):
            if before == (before := sum(map(len, self.values.values()))):
                break
            self._follow()

    def _follow(self) -> None:
        for node in self.tests.nodes["init_declarator"]:
            declared = text_of(node.parent.child_by_field_name("type")) if node.parent else ""
            is_copy = _COPIES.search(declared) and "*" not in text_of(node).partition("=")[0]
            if not is_copy:
                self._hold(declared_name(node), node.child_by_field_name("value"))
        for node in self.tests.nodes["assignment_expression"]:
            left = node.child_by_field_name("left")
            if left is not None and left.type in NAMES and self._may_hold(left):
                self._hold(left, node.child_by_field_name("right"))
        for node in self.tests.nodes["call_expression"]:
            if self.tests.callee(node) is None and any(map(self._holding, arguments_of(node))):
                self._pass(node)

    def _may_hold(self, name: Node) -> bool:
        """Whether it is not declared as a text of its own."""
        for node in self.tests.uses[self.tests.variable(name)]:
            parent = node.parent
            kind = parent.child_by_field_name("type") if parent else None
            if parent is not None and parent.type == "declaration" and _COPIES.search(text_of(kind)):
                return False
        return True

    def _hold(self, name: Node | None, value: Node | None) -> None:
        kind = self._holding(value)
        if name is not None and value is not None and kind:
            known = self.values.setdefault(self.tests.variable(name), [])
            if all(each.start_byte != name.start_byte for each, _, _ in known):
                known.append((name, value, kind is Result.POINTER))

    def _pass(self, call: Node) -> None:
        """The parameters of a function of the tests' own."""
        for function in self.tests.nodes["function_definition"]:
            if name_of_function(function) == called(call):
                parameters = [
                    each
                    for each in descendants(function, lambda node: node.type != "compound_statement")
                    if each.type == "parameter_declaration"
                ]
                for given, parameter in zip(arguments_of(call), parameters, strict=False):
                    self._hold(declared_name(parameter.child_by_field_name("declarator")), given)

    def _holding(self, node: Node | None) -> Result | None:
        """What kind of a result a value is, if it is one."""
        while node is not None and node.type in ("parenthesized_expression", "cast_expression"):
            node = node.named_children[-1]
        if node is None:
            return None
        if node.type == "call_expression":
            callee = self.tests.callee(node)
            return callee.result if callee and callee.result in _POINTING else None
        if node.type in NAMES:
            held = self.values.get(self.tests.variable(node))
            return (Result.POINTER if any(each[2] for each in held) else Result.VIEW) if held else None
        if node.type == "conditional_expression":
            return next(filter(None, map(self._holding, node.named_children[1:])), None)
        is_sum = node.type == "binary_expression" and text_of(node.child_by_field_name("operator")) in "+-"
        found = self._holding(node.child_by_field_name("left")) if is_sum else None
        return found if found is Result.POINTER else None

    def objections(self) -> Iterator[str]:
        for node in self._changed():
            if self._holding(root_of(node)):
                yield f"the tests change {text_of(root_of(node))[:40]}, which the candidate has returned"
        for node in self.tests.nodes["binary_expression"]:
            if self._compares_places(node):
                yield f"the tests compare pointers: {text_of(node)[:60]}"
        for node in self.tests.nodes["field_expression"]:
            asked = text_of(node.child_by_field_name("field")) in ("data", "begin", "cbegin")
            if asked and self._holding(node.child_by_field_name("argument")) is Result.VIEW:
                yield f"the tests ask where something is: {text_of(node)[:60]}"
        for variable, values in self.values.items():
            if any(self._is_stale(variable, name, value) for name, value, _ in values):
                yield f"the tests use {variable[0]} after a later call or change"

    def _changed(self) -> Iterator[Node]:
        """What the tests change in place, whosever it is."""
        for kind in ("assignment_expression", "update_expression"):
            for node in self.tests.nodes[kind]:
                left = node.child_by_field_name("left") or node.child_by_field_name("argument")
                if left is not None and _is_within(left):
                    yield left
        for call in self.tests.nodes["call_expression"]:
            if called(call) in _CHANGING_FIRST.split() and arguments_of(call):
                yield arguments_of(call)[0]

    def _compares_places(self, node: Node) -> bool:
        sides = [node.child_by_field_name(side) for side in ("left", "right")]
        if text_of(node.child_by_field_name("operator")) not in _COMPARING:
            return False
        is_nothing = any(text_of(each) in _NOTHING for each in sides)
        return not is_nothing and any(self._holding(each) is Result.POINTER for each in sides)

    def _is_stale(self, variable: Variable, name: Node, value: Node) -> bool:
        """Whether a result is used after a later call, or after a change of what it may be a part of."""
        uses = [each for each in self.tests.uses[variable] if each.start_byte > value.end_byte]
        end = min((each.start_byte for each in uses if _is_set(each)), default=1 << 62)
        later = [call.start_byte for call, _ in self.tests.calls_after(value.end_byte)[:1]]
        later += [each.start_byte for each in self._sources(value) if each.start_byte > value.end_byte]
        last = [statement_of(each).end_byte for each in uses if each.start_byte < end and not _is_freed(each)]
        return bool(later) and any(min(later) < each for each in last) and name.type in NAMES

    def _sources(self, value: Node) -> Iterator[Node]:
        """Where the variables change that a result was made of."""
        variables = self.tests.variables_in(value)
        for node in self._changed():
            root = root_of(node)
            if root is not None and root.type in NAMES and self.tests.variable(root) in variables:
                yield root


def _is_within(node: Node) -> bool:
    """Whether it is a part of something that is pointed to."""
    while node.type != "call_expression" and (inner := node.child_by_field_name("argument")) is not None:
        is_plain = node.type == "field_expression" and "->" not in [each.type for each in node.children]
        if not is_plain:
            return True
        node = inner
    return node.type == "parenthesized_expression" and _is_within(node.named_children[0])


def _is_set(name: Node) -> bool:
    parent = name.parent
    return (
        parent is not None
        and parent.type == "assignment_expression"
        and parent.child_by_field_name("left") == name
    )


def _is_freed(name: Node) -> bool:
    call = name.parent.parent if name.parent else None
    return call is not None and call.type == "call_expression" and called(call) == "free"
