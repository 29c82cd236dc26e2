"""What tests do with objects that stay in the candidate's process, as far as it needs the objects themselves.

Tests have a pointer, or a value, that stands for such an object. They may keep it, compare it with another
pointer or nil, call its methods and pass it on. Copies of a value and comparisons of what objects contain are
not the same for what stands for them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from crosstune.languages.go import _objects, _types
from crosstune.parsing import CodeParser

if TYPE_CHECKING:
    from tree_sitter import Node

_OF_POINTERS = ("pointer_type", "composite_literal", "var_spec", "parenthesized_type")
_BINDINGS = ("short_var_declaration", "assignment_statement")
# Functions that do no more with a pointer than keep it, compare it with nil or call its methods.
_HARMLESS = frozenset({"append", "NotNil", "Nil", "NotNilf", "Nilf", "NotEmpty"})
_CALLERS = frozenset({"heap", "sort"})


def why_shared(tests: str, names: Collection[str], results: Mapping[str, tuple[str, ...]]) -> str:
    """Why tests need the objects of the types ``names`` themselves; empty if they do not.

    Args:
        results: the types of the results of all functions and methods that return such objects or may take
            them, by name.
    """
    root = CodeParser("go").parse(tests)
    if root is None:
        return "the tests do not parse"
    return _Uses(root, names, results).why_shared()


class _Uses:
    def __init__(self, root: Node, names: Collection[str], results: Mapping[str, tuple[str, ...]]) -> None:
        self._nodes = list(_objects.below(root))
        self._types, self._results = frozenset(names), results
        self._bound: dict[tuple[int, str], str] = {}
        self._own = set(self._own_functions())
        for _ in range(3):  # an object may be named again
            for node in self._nodes:
                self._bind(node)

    def why_shared(self) -> str:
        for node in self._nodes:
            if node.type == "go_statement":
                return "the tests call methods from goroutines"
            if node.type == "type_identifier" and (reason := self._type_reason(node)):
                return reason
            kind = self._kind(node)
            if kind and not _is_name_only(node) and not self._is_allowed(node, kind):
                where = node.parent or node
                return f"the tests use an object of {kind.lstrip('*')}: {_types.text(where)[:80]}"
        return ""

    def _own_functions(self) -> Iterator[str]:
        """The names of the tests' own functions."""
        for node in self._nodes:
            if node.type == "function_declaration":
                yield _types.text(node.child_by_field_name("name") or node)
            elif node.type in _BINDINGS:
                for name, value in _pairs(node):
                    if value.type == "func_literal":
                        yield _types.text(name)

    def _bind(self, node: Node) -> None:
        if node.type in _BINDINGS:
            left, right = _side(node, "left"), _side(node, "right")
            self._bind_all(left, right)
        elif node.type in ("var_spec", "parameter_declaration"):
            kind = node.child_by_field_name("type")
            names = node.children_by_field_name("name")
            if kind and _types.text(kind).lstrip("*") in self._types:
                self._bound |= {_scoped(each): _types.text(kind) for each in names}
            else:
                value = node.child_by_field_name("value")
                self._bind_all(names, value.named_children if value else [])
        elif node.type == "range_clause":
            self._bind_items(node)

    def _bind_all(self, left: list[Node], right: list[Node]) -> None:
        kinds = [self._kind(each) for each in right]
        if len(right) == 1 and len(left) > 1:
            kinds = list(self._results_of(right[0]))
        for name, kind in zip(left, kinds, strict=False):
            if kind and name.type == "identifier":
                self._bound[_scoped(name)] = kind

    def _bind_items(self, clause: Node) -> None:
        """The items of a list could be objects if there are lists of objects."""
        lists = [
            each
            for each in self._nodes
            if each.type in ("slice_type", "array_type", "map_type")
            and not self._types.isdisjoint(map(_types.text, _objects.below(each)))
        ]
        if lists:
            kind = f"*{min(self._types)}"
            for name in _side(clause, "left")[1:]:
                self._bound.setdefault(_scoped(name), kind)

    def _results_of(self, call: Node) -> tuple[str, ...]:
        if call.type != "call_expression":
            return ()
        kinds = self._results.get(_called(call), ())
        return tuple(each if each.lstrip("*") in self._types else "" for each in kinds)

    def _kind(self, node: Node) -> str:
        """The type of an expression that is an object, ``T`` or ``*T``; empty for any other."""
        found = ""
        match node.type:
            case "identifier":
                found = self._bound.get(_scoped(node), self._bound.get((0, _types.text(node)), ""))
            case "parenthesized_expression" if node.named_children:
                found = self._kind(node.named_children[0])
            case "call_expression" if _called(node) == "new":
                arguments = node.child_by_field_name("arguments")
                found = f"*{_types.text(arguments).strip('() ')}" if arguments else ""
            case "call_expression" if len(results := self._results_of(node)) == 1:
                found = results[0]
            case "composite_literal":
                found = _types.text(node.children[0])
            case "unary_expression" if _operator(node) == "&":
                inner = self._kind(node.named_children[-1])
                found = f"*{inner}" if inner else ""
        return found if found.removeprefix("*") in self._types else ""

    def _type_reason(self, node: Node) -> str:
        """Why the use of a type's name needs values of it."""
        name, parent = _types.text(node), node.parent
        if name not in self._types or parent is None:
            return ""
        is_made = parent.type == "argument_list" and parent.parent and _called(parent.parent) == "new"
        is_embedded = parent.type == "field_declaration" and _types.text(parent).startswith("*")
        if is_made or is_embedded or parent.type in _OF_POINTERS:
            return ""
        return f"the tests have values of {name} in others"

    def _is_allowed(self, node: Node, kind: str) -> bool:
        parent = node.parent
        is_pointer = kind.startswith("*")
        match parent.type if parent else "":
            case "parenthesized_expression" | "selector_expression" | "expression_statement":
                allowed = True  # what is in parentheses is looked at itself
            case "argument_list":
                allowed = bool(parent and parent.parent and self._may_take(parent.parent, kind))
            case "unary_expression":
                allowed = _operator(parent) == "&" and not is_pointer
            case "expression_list" | "var_spec":
                allowed = is_pointer or node.type in ("call_expression", "composite_literal")
            case "binary_expression":
                allowed = is_pointer and _operator(parent) in ("==", "!=")
            case "literal_element" | "return_statement":
                allowed = is_pointer
            case _:
                allowed = False
        return allowed

    def _may_take(self, call: Node, kind: str) -> bool:
        """Whether a call may have an object as an argument."""
        name = _called(call)
        if name in self._results:
            return True
        function = call.child_by_field_name("function")
        package = function.child_by_field_name("operand") if function else None
        is_caller = package is not None and _types.text(package) in _CALLERS
        return kind.startswith("*") and (name in self._own or name in _HARMLESS or is_caller)


def _scoped(name: Node) -> tuple[int, str]:
    """A name with the place of the test function that it is in; 0: it is outside of them."""
    node, place = name, 0
    while node.parent:
        if node.type in ("function_declaration", "method_declaration"):
            place = node.start_byte + 1
        node = node.parent
    return place, _types.text(name)


def _is_name_only(node: Node) -> bool:
    """Whether an identifier is not an expression: it is bound, or names a field."""
    parent = node.parent
    if node.type != "identifier" or parent is None:
        return False
    if parent.type == "expression_list" and parent.parent:
        return parent.parent.child_by_field_name("left") == parent
    if parent.type == "literal_element" and parent.parent and parent.parent.type == "keyed_element":
        return parent.parent.named_children[0] == parent
    if parent.type in ("var_spec", "parameter_declaration"):
        return node in parent.children_by_field_name("name")
    return False


def _pairs(node: Node) -> Iterable[tuple[Node, Node]]:
    return zip(_side(node, "left"), _side(node, "right"), strict=False)


def _side(node: Node, name: str) -> list[Node]:
    side = node.child_by_field_name(name)
    return side.named_children if side else []


def _called(call: Node) -> str:
    """The name of the function or method that is called."""
    function = call.child_by_field_name("function")
    if function is not None and function.type == "selector_expression":
        function = function.child_by_field_name("field")
    return _types.text(function) if function else ""


def _operator(node: Node | None) -> str:
    operator = node.child_by_field_name("operator") if node else None
    return _types.text(operator) if operator else ""
