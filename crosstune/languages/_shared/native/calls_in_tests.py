"""What tests in C or C++ call of the candidate's, and with which variables."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tree_sitter import Node

from crosstune.languages._shared.native.nodes import descendants, text_of

NAMES = ("identifier", "type_identifier")
_BLOCKS = """
compound_statement for_statement for_range_loop function_definition lambda_expression translation_unit
"""
_DECLARING = (
    "init_declarator",
    "declaration",
    "parameter_declaration",
    "optional_parameter_declaration",
    "for_range_loop",
)
Variable = tuple[str, int]
"""A name, and where the innermost block begins that declares it; -1 if none does."""


class Result(StrEnum):
    """What a function returns: ``POINTER`` to some storage, ``VIEW``: another value that points into it."""

    VALUE = "value"
    REFERENCE = "reference"
    CONSTANT = "constant reference"
    POINTER = "pointer"
    VIEW = "view"


@dataclass(frozen=True)
class Callee:
    """A function or method: which parameters are ``referring`` (references or pointers), and which of these
    are ``changing`` (not to something constant)."""

    result: Result = Result.VALUE
    referring: frozenset[int] = frozenset()
    changing: frozenset[int] = frozenset()


class Tests:
    """The syntax tree of tests, and the calls of ``functions`` and ``methods``, by their names. ``classes``
    are those that may keep what their objects are made with, each with whether they may change it."""

    def __init__(
        self,
        root: Node,
        functions: Mapping[str, Callee],
        methods: Mapping[str, Callee],
        classes: Mapping[str, bool],
    ) -> None:
        self._functions, self._methods, self.classes = functions, methods, classes
        self.nodes = defaultdict[str, list[Node]](list)
        for node in descendants(root):
            self.nodes[node.type].append(node)
        self._scopes = defaultdict[str, list[tuple[int, int]]](list)
        for kind in _DECLARING:
            for node in self.nodes[kind]:
                self._declare(node)
        for scopes in self._scopes.values():
            scopes.sort()
        self.uses = defaultdict[Variable, list[Node]](list)
        for kind in NAMES:
            for node in self.nodes[kind]:
                self.uses[self.variable(node)].append(node)
        nodes = self.nodes["call_expression"]
        found = [(node, callee) for node in nodes if (callee := self.callee(node))]
        self.calls = sorted(found, key=lambda each: each[0].start_byte)
        self._starts = [node.start_byte for node, _ in self.calls]

    def _declare(self, node: Node) -> None:
        for declarator in node.children_by_field_name("declarator"):
            if name := declared_name(declarator):
                block = _block(node)
                self._scopes[text_of(name)].append((block.start_byte, block.end_byte))

    def variable(self, name: Node) -> Variable:
        text, at = text_of(name), name.start_byte
        scopes = self._scopes[text]
        for number in range(bisect_right(scopes, (at, 1 << 62)) - 1, -1, -1):
            start, end = scopes[number]
            if at < end:
                return text, start
        return text, -1

    def callee(self, call: Node) -> Callee | None:
        function = call.child_by_field_name("function")
        if function is not None and function.type == "field_expression":
            return self._methods.get(called(call))
        return self._functions.get(called(call))

    def calls_after(self, at: int) -> list[tuple[Node, Callee]]:
        return self.calls[bisect_left(self._starts, at) :]

    def variables_in(self, node: Node) -> set[Variable]:
        return {self.variable(each) for each in descendants(node) if each.type in NAMES}


def called(call: Node) -> str:
    """The plain name of what is called."""
    function = call.child_by_field_name("function")
    if function is not None and function.type == "field_expression":
        return text_of(function.child_by_field_name("field"))
    name = text_of(function).rpartition("::")[2]
    return name.partition("<")[0]


def arguments_of(call: Node) -> list[Node]:
    found = call.child_by_field_name("arguments")
    return [each for each in found.named_children if each.type != "comment"] if found else []


def declared_name(declarator: Node | None) -> Node | None:
    """The name that a declarator declares."""
    while declarator is not None and declarator.type not in NAMES:
        inner = declarator.child_by_field_name("declarator")
        if inner is None and declarator.type in ("reference_declarator", "parenthesized_declarator"):
            inner = declarator.named_children[0] if declarator.named_children else None
        declarator = inner
    return declarator


def root_of(node: Node | None) -> Node | None:
    """The variable or call that an expression is a part of, or the address of: ``v`` of ``&v[0].first``."""
    while node is not None and node.type not in (*NAMES, "call_expression"):
        inner = node.child_by_field_name("argument") or node.child_by_field_name("left")
        if inner is None and node.type in ("parenthesized_expression", "cast_expression"):
            inner = node.named_children[-1] if node.named_children else None
        node = inner
    return node


def statement_of(node: Node) -> Node:
    """The innermost statement around an expression."""
    while node.parent is not None and not node.type.endswith("statement") and node.type != "declaration":
        node = node.parent
    return node


def _block(node: Node) -> Node:
    around = node.parent if node.type not in _BLOCKS.split() else node
    while around is not None and around.parent is not None and around.type not in _BLOCKS.split():
        around = around.parent
    return around or node
