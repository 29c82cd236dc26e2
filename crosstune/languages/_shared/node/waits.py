"""Find out whether the tests still wait when the process has nothing left to do.

Node.js ends with status 0 although an asynchronous function has not ended, if nothing can continue it. So
each asynchronous function of the tests counts itself while it runs, and a promise whose value the tests do
not use is watched. The functions that count are the runner's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from crosstune.languages._shared.node.edits import Edits

if TYPE_CHECKING:
    from tree_sitter import Node

_MAY_WAIT = re.compile(r"\basync\b|\.\s*(?:then|catch|finally)\b")
_SETTLING = frozenset({"then", "catch", "finally"})
_ASYNC = frozenset({"function_declaration", "function_expression", "arrow_function", "method_definition"})


def may_wait(text: str) -> bool:
    return _MAY_WAIT.search(text) is not None


def watch(edits: Edits, root: Node) -> None:
    """Let the asynchronous functions of a program count themselves, and watch its promises."""
    if not may_wait((root.text or b"").decode("utf-8", "replace")):
        return
    nodes = list(_nodes(root))
    asynchronous = {_name(node) for node in nodes if _is_async(node)} - {""}
    opened: list[tuple[int, str]] = []
    closed: list[tuple[int, str]] = []
    for node in nodes:
        body = node.child_by_field_name("body")
        if node.type == "expression_statement" and _is_dropped_promise(node, asynchronous):
            value = node.named_children[0]
            opened.append((value.start_byte, "$$watched("))
            closed.append((value.end_byte, ")"))
        elif _is_async(node) and body and body.type == "statement_block":
            opened.append((body.start_byte + 1, " $$entered(); try {"))
            closed.append((body.end_byte - 1, "} finally { $$left(); } "))
        elif _is_async(node) and body:
            opened.append((body.start_byte, "{ $$entered(); try { return await "))
            closed.append((body.end_byte, "; } finally { $$left(); } }"))
    for at, text in [*opened, *reversed(closed)]:  # what was opened last is closed first
        edits.insert(at, text)


def _nodes(root: Node) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.named_children))


def _is_async(node: Node) -> bool:
    return node.type in _ASYNC and {"async", "*"} & {child.type for child in node.children} == {"async"}


def _name(function: Node) -> str:
    """The name by which an asynchronous function can be called; empty if it has none."""
    parent = function.parent
    holder = parent if parent and parent.type == "variable_declarator" else function
    name = holder.child_by_field_name("name")
    return (name.text or b"").decode("utf-8", "replace") if name else ""


def _is_dropped_promise(statement: Node, asynchronous: set[str]) -> bool:
    value = statement.named_children[0] if statement.named_children else None
    if value is None or value.type != "call_expression":
        return False
    function = value.child_by_field_name("function")
    if function is None:
        return False
    if function.type == "member_expression":
        member = function.child_by_field_name("property")
        return member is not None and (member.text or b"").decode() in _SETTLING
    if function.type == "identifier":
        return (function.text or b"").decode("utf-8", "replace") in asynchronous
    return function.type == "parenthesized_expression" and any(map(_is_async, function.named_children))
