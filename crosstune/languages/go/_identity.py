"""Whether Go's tests need the candidate's own pointers and errors, or pass what values cannot say.

Apart, a pointer that is returned is none that the tests have, an error has nothing but its text, and what two
pointers in an argument have in common is there twice.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from crosstune.languages.go._declaration import Declaration
from crosstune.languages.go._held import RESULT, Held, called, sides, text_of

if TYPE_CHECKING:
    from tree_sitter import Node

_FIELD = re.compile(r"(?m)(?:^|[{;])\s*(\w+(?:\s*,\s*\w+)*)\s+(\*?[\w\[\].*]+)")
_BINDINGS = ("short_var_declaration", "assignment_statement")
_PLAIN = frozenset({"nil", "true", "false", "int_literal", "float_literal", "rune_literal"}) | {
    "interpreted_string_literal",
    "raw_string_literal",
    "binary_expression",
}
_DEEPEST = 9


def why_shared(held: Held, declared: Declaration) -> str:
    errors = {
        name
        for each in declared.given
        if each.kind == "method" and _ERROR.search(each.code)
        for name in each.names
    }
    types = {text_of(node) for _, node in held.nodes if node.type == "type_identifier"}
    if found := sorted(errors & types):
        return f"the tests look at errors of the type {found[0]}"
    return _Identities(held, declared).why_shared()


_ERROR = re.compile(r"\)\s*Error\(\)\s*string")


class _Identities:
    def __init__(self, held: Held, declared: Declaration) -> None:
        self._held, self._objects = held, declared.objects
        self._results = {each.name: tuple(kind.text for kind in each.results) for each in declared.functions}
        self._fields: dict[str, set[str]] = {}
        for each in declared.given:
            for names, kind in (
                _FIELD.findall(each.code.partition("struct")[2]) if each.kind == "type" else ()
            ):
                for name in re.findall(r"\w+", names):
                    self._fields.setdefault(name, set()).add(kind)
        texts = [kind.text for each in declared.functions for kind in each.parameters]
        self._takes_pointers = any(self._points(each, declared) for each in texts)
        self._types: dict[tuple[int, str], str] = {}
        for scope, node in held.nodes:
            if node.type in _BINDINGS:
                self._bind(scope, *sides(node))

    def why_shared(self) -> str:
        linked = Counter[tuple[int, str]]()
        for scope, node in self._held.nodes:
            if self._compares(scope, node):
                return f"the tests compare pointers or errors: {text_of(node)[:60]}"
            if self._takes_pointers and node.type == "assignment_statement" and self._links(node):
                return f"the tests link objects: {text_of(node)[:60]}"
            if self._takes_pointers and node.type == "literal_element":
                inner = node.named_children[0]
                if inner.type == "identifier" and self._types.get((scope, text_of(inner)), "").startswith(
                    "*"
                ):
                    linked[scope, text_of(inner)] += 1
        twice = [name for (_, name), count in linked.items() if count > 1]
        return f"the tests use {twice[0]} in two places" if twice else ""

    def _points(self, kind: str, declared: Declaration) -> bool:
        """Whether values of a type may point to structs."""
        if kind.lstrip("[]*") in self._objects:
            return False
        codes = {name: each.code for each in declared.given if each.kind == "type" for name in each.names}
        words = re.findall(r"\w+", kind)
        return any(
            "*" in codes[each] or ("*" in kind and "struct" in codes[each]) for each in words if each in codes
        )

    def _bind(self, scope: int, left: list[Node], right: list[Node]) -> None:
        if len(right) == 1 and len(left) > 1:
            kinds = self._results.get(called(right[0]), ())
        else:
            kinds = tuple(self._type(scope, each) for each in right)
        for name, kind in zip(left, kinds, strict=False):
            if kind and name.type == "identifier":
                self._types.setdefault((scope, text_of(name)), kind)

    def _type(self, scope: int, node: Node, depth: int = 0) -> str:
        """The type of an expression; empty if it is unknown."""
        found = ""
        operand = node.child_by_field_name("operand")
        if depth > _DEEPEST:
            return found
        match node.type:
            case "identifier":
                found = self._types.get((scope, text_of(node)), "")
            case "parenthesized_expression":
                found = self._type(scope, node.named_children[0], depth + 1)
            case "call_expression":
                found = (self._results.get(called(node)) or ("",))[0]
                found = found or ("*new" if called(node) == "new" else "")
            case "selector_expression":
                kinds = self._fields.get(text_of(node.child_by_field_name("field") or node), {"other"})
                found = next((each for each in kinds if each.startswith("*")), min(kinds))
            case "unary_expression" if operand:
                text = text_of(node)
                inner = self._type(scope, operand, depth + 1)
                found = "*made" if text.startswith("&") else inner.removeprefix("*") or "other"
            case "index_expression" if operand:
                inner = self._type(scope, operand, depth + 1)
                found = re.sub(r"^(?:\[\d*\]|map\[\w+\])", "", inner)
        return found

    def _is_identity(self, scope: int, node: Node) -> bool:
        """Whether an expression is a pointer or an error of the candidate's."""
        kind = self._type(scope, node)
        if kind.lstrip("*") in self._objects:
            return False
        if kind == "error":
            return True
        is_result = self._held.kind(scope, node) == RESULT
        pointing = any("*" in each for kinds in self._results.values() for each in kinds)
        return is_result and (kind.startswith("*") or (not kind and pointing))

    def _compares(self, scope: int, node: Node) -> bool:
        if node.type == "index_expression":
            index = node.child_by_field_name("index")
            return index is not None and index.type == "identifier" and self._is_identity(scope, index)
        operator = node.child_by_field_name("operator") if node.type == "binary_expression" else None
        if operator is None or text_of(operator) not in ("==", "!="):
            return False
        two = node.named_children
        return not any(each.type in _PLAIN for each in two) and any(
            self._is_identity(scope, each) for each in two
        )

    def _links(self, node: Node) -> bool:
        """Whether a pointer of an object is set to another one that exists already."""
        for target, value in zip(*sides(node), strict=False):
            field = target.child_by_field_name("field") if target.type == "selector_expression" else None
            kinds = self._fields.get(text_of(field), set()) if field else set()
            is_known = value.type in ("identifier", "selector_expression", "index_expression")
            if (
                is_known
                and any(each.startswith(("*", "[]*")) for each in kinds)
                and not self._is_fresh(node, value)
            ):
                return True
        return False

    def _is_fresh(self, node: Node, value: Node) -> bool:
        """Whether a value was made for this purpose, in the same pass of a loop."""
        block = node.parent
        is_loop = block is not None and any(
            each is not None and each.type == "for_statement"
            for each in (block.parent, block.parent and block.parent.parent)
        )
        if not is_loop or block is None or value.type != "identifier":
            return False
        made = [
            each
            for each in block.named_children
            if each.type == "short_var_declaration" and text_of(each).startswith(f"{text_of(value)} := &")
        ]
        root = re.match(r"\w*", text_of(node))
        return bool(made and root and not re.search(rf"\b{root[0]}\b", text_of(made[0])))
