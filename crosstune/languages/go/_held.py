"""Which expressions of Go's tests are what the candidate has returned, a part of it, or contain some."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from crosstune.languages.go import _objects, _types

if TYPE_CHECKING:
    from tree_sitter import Node

RESULT, CONTAINER = "result", "container"
"""What tests could change that is the candidate's, and the tests' own value that contains such."""
_ROUNDS = 10
_BINDINGS = ("short_var_declaration", "assignment_statement", "var_spec")
_FUNCTIONS = ("function_declaration", "method_declaration")
_NOTED = frozenset({*_BINDINGS, "range_clause", "call_expression", "return_statement", "keyed_element"})
_PARTS = frozenset({"selector_expression", "index_expression", "type_assertion_expression"})
_COPIES = frozenset({"Clone", "Collect", "Sorted", "Values", "Concat"})
_VIEWS = frozenset({"IntSlice", "StringSlice", "Float64Slice", "Reverse"})
_BUILT_IN = frozenset({"append", "len", "cap", "copy", "make", "new", "delete", "panic", "string", "print"})
Variable = tuple[int, str]
"""The beginning of the function that it is in (-1: none), and its name or ``x.field``."""


class Held:
    """``results`` says for each function of the candidate which of its results can be changed."""

    def __init__(self, root: Node, results: Mapping[str, tuple[bool, ...]]) -> None:
        self.results = dict(results)
        self.kinds: dict[Variable, str] = {}
        self.nodes = list(_placed(root))
        self._own = {
            text_of(name): node
            for node in root.named_children
            if node.type == "function_declaration" and (name := node.child_by_field_name("name"))
        }
        noted = [(scope, node) for scope, node in self.nodes if node.type in _NOTED]
        if any(node.type == "literal_element" and self._is_function(node) for _, node in self.nodes):
            self._escape()
        for _ in range(_ROUNDS):
            before = len(self.kinds) + len(self.results)
            for scope, node in noted:
                self._note(scope, node)
            if before == len(self.kinds) + len(self.results):
                break

    def kind(self, scope: int, node: Node | None) -> str:
        """`RESULT`, `CONTAINER` or nothing."""
        inner = False
        while node is not None:
            own = self._kind_of(scope, node)
            if own or node.type not in _THROUGH:
                return RESULT if own and inner else own
            inner = inner or node.type in _PARTS or _is_dereference(node)
            node = node.child_by_field_name("operand") or node.named_children[-1]
        return ""

    def _kind_of(self, scope: int, node: Node) -> str:
        if node.type in ("identifier", "selector_expression"):
            name = text_of(node)
            return self.kinds.get((scope, name)) or self.kinds.get((-1, name), "")
        if node.type == "call_expression":
            return self._of_call(scope, node)
        if node.type == "composite_literal":
            body = node.child_by_field_name("body")
            values = (each.named_children[-1] for each in body.named_children) if body else ()
            return CONTAINER if any(self.kind(scope, _unwrapped(each)) for each in values) else ""
        return ""

    def _of_call(self, scope: int, call: Node) -> str:
        name, given = called(call), arguments(call)
        if any(self.results.get(name, ())):
            return RESULT
        kinds = [self.kind(scope, each) for each in given]
        if name in _VIEWS and kinds:
            return kinds[0]
        if name == "append" and kinds:
            return kinds[0] or (CONTAINER if any(kinds) else "")
        return CONTAINER if name in _COPIES and any(kinds) else ""

    def _note(self, scope: int, node: Node) -> None:
        if node.type in _BINDINGS:
            self._bind(scope, *sides(node))
        elif node.type == "range_clause":
            left, right = sides(node)
            if right and self.kind(scope, right[0]) and len(left) > 1:
                self._hold(scope, left[-1], RESULT)
        elif node.type == "return_statement":
            for value in node.named_children[0].named_children if node.named_children else ():
                if self.kind(scope, value):
                    self.results.update(
                        {name: (True,) for name, own in self._own.items() if own.start_byte == scope}
                    )
        elif node.type == "call_expression":
            self._pass(scope, node)
        elif self._is_function(node.named_children[-1]):
            self.results.setdefault(text_of(node.named_children[0]), (True,))

    def _bind(self, scope: int, left: Sequence[Node], right: Sequence[Node]) -> None:
        if len(right) == 1 and len(left) > 1:
            kinds = [RESULT if each else "" for each in self.results.get(called(right[0]), ())]
        else:
            kinds = [self.kind(scope, each) for each in right]
            for name, value in zip(left, right, strict=False):
                if self._is_function(value) or self._returns(scope, value):
                    self.results.setdefault(text_of(name), (True,))
        for name, kind in zip(left, kinds, strict=False):
            if kind:
                self._hold(scope, name, kind)

    def _hold(self, scope: int, target: Node, kind: str) -> None:
        if target.type == "index_expression":
            target, kind = target.child_by_field_name("operand") or target, CONTAINER
        self.kinds.setdefault((scope, text_of(target)), kind)

    def _pass(self, scope: int, call: Node) -> None:
        """The parameters of the tests' own functions."""
        own = self._own.get(called(call))
        if own is None:
            return
        names = list(_parameters(own))
        for name, value in zip(names, arguments(call), strict=False):
            if kind := self.kind(scope, value):
                self.kinds.setdefault((own.start_byte, name), kind)
            elif self._is_function(value):
                self.results.setdefault(name, (True,))

    def _is_function(self, node: Node) -> bool:
        """Whether a value is a function of the candidate's that returns what can be changed."""
        node = _unwrapped(node)
        name = text_of(node)
        if node.type == "selector_expression":
            name = name.rpartition(".")[2]
        return node.type in ("identifier", "selector_expression") and any(self.results.get(name, ()))

    def _returns(self, scope: int, value: Node) -> bool:
        """Whether a function in the tests' text returns a result."""
        if value.type != "func_literal":
            return False
        return any(
            self.kind(scope, each)
            for node in _objects.below(value)
            if node.type == "return_statement" and node.named_children
            for each in node.named_children[0].named_children
        )

    def _escape(self) -> None:
        """A function is in a list of the tests: whatever they call may be it."""
        packages = {"t", "b", "fmt", "strings", "sort", "slices", "maps", "reflect", "errors", "assert"}
        for _, node in self.nodes:
            if node.type != "call_expression" or called(node) in _BUILT_IN or called(node) in self._own:
                continue
            function = node.child_by_field_name("function")
            owner = function.child_by_field_name("operand") if function else None
            if owner is None or text_of(owner) not in packages:
                self.results.setdefault(called(node), (True,))


_THROUGH = _PARTS | {
    "slice_expression",
    "parenthesized_expression",
    "unary_expression",
    "variadic_argument",
    "literal_element",
    "expression_list",
}


def _placed(root: Node) -> Iterator[tuple[int, Node]]:
    """All nodes, each with the beginning of the function that it is in."""
    for part in root.named_children:
        scope = part.start_byte if part.type in _FUNCTIONS else -1
        yield from ((scope, node) for node in _objects.below(part))


def _is_dereference(node: Node) -> bool:
    return node.type == "unary_expression" and text_of(node).startswith("*")


def _unwrapped(node: Node) -> Node:
    while node.type == "literal_element" and node.named_children:
        node = node.named_children[0]
    return node


def _parameters(function: Node) -> Iterator[str]:
    listed = function.child_by_field_name("parameters")
    for each in listed.named_children if listed else ():
        yield from map(text_of, each.children_by_field_name("name"))


def sides(node: Node) -> tuple[list[Node], list[Node]]:
    """The targets and values of a binding."""
    if node.type == "var_spec":
        value = node.child_by_field_name("value")
        return node.children_by_field_name("name"), value.named_children if value else []
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if right and node.type == "range_clause":
        return left.named_children if left else [], [right]
    return left.named_children if left else [], right.named_children if right else []


def called(call: Node) -> str:
    """The name of the function or method that is called; empty if it is no call."""
    function = call.child_by_field_name("function") if call.type == "call_expression" else None
    if function is not None and function.type == "selector_expression":
        function = function.child_by_field_name("field")
    return text_of(function) if function else ""


def owner_of(call: Node) -> Node | None:
    """That whose method, or the package whose function, is called."""
    function = call.child_by_field_name("function")
    is_selector = function is not None and function.type == "selector_expression"
    return function.child_by_field_name("operand") if function and is_selector else None


def arguments(call: Node) -> list[Node]:
    found = call.child_by_field_name("arguments")
    return found.named_children if found else []


text_of = _types.text
