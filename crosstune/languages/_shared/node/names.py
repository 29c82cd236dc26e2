"""The names that a parsed text of JavaScript or TypeScript binds and uses; all scopes together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

FUNCTIONS = frozenset(
    {
        "function_declaration",
        "generator_function_declaration",
        "function_expression",
        "generator_function",
        "arrow_function",
        "method_definition",
    }
)
_IDENTIFIERS = frozenset({"identifier", "shorthand_property_identifier_pattern"})
_NAMED = frozenset({*FUNCTIONS, "class_declaration", "class", "enum_declaration", "function_signature"})
_IMPORTED = frozenset({"import_clause", "import_specifier", "namespace_import", "import_require_clause"})

# What every realm has, and what only Node.js adds.
LANGUAGE = frozenset(
    """
    undefined NaN Infinity arguments Object Function Array Number String Boolean BigInt Symbol Math JSON Date
    RegExp Map Set WeakMap WeakSet WeakRef Promise Proxy Reflect Error AggregateError EvalError RangeError
    ReferenceError SyntaxError TypeError URIError ArrayBuffer SharedArrayBuffer DataView Int8Array Uint8Array
    Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array BigInt64Array
    BigUint64Array Atomics Intl Iterator isNaN isFinite parseInt parseFloat encodeURI encodeURIComponent
    decodeURI decodeURIComponent escape unescape eval globalThis console require module exports
    """.split()  # noqa: SIM905 - as many quotes as names
)
NODE = frozenset(
    """
    process Buffer global __filename __dirname setTimeout setInterval setImmediate clearTimeout clearInterval
    clearImmediate queueMicrotask structuredClone URL URLSearchParams TextEncoder TextDecoder performance
    AbortController AbortSignal Event EventTarget MessageChannel Blob crypto fetch btoa atob WebAssembly
    """.split()  # noqa: SIM905
)


def text_of(node: Node | None) -> str:
    return (node.text or b"").decode("utf-8", "replace") if node else ""


def walk(*roots: Node) -> Iterator[Node]:
    """All nodes, in the order of the text."""
    waiting = list(reversed(roots))
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.children))


def in_pattern(node: Node | None) -> Iterator[str]:
    """The names that a pattern binds."""
    waiting = [node] if node else []
    while waiting:
        current = waiting.pop()
        if current.type in _IDENTIFIERS:
            yield text_of(current)
        elif current.type in ("assignment_pattern", "object_assignment_pattern"):
            waiting.append(current.named_children[0])
        elif current.type == "pair_pattern":
            waiting.append(current.named_children[-1])
        elif current.type in ("required_parameter", "optional_parameter"):
            pattern = current.child_by_field_name("pattern")
            waiting += [pattern] if pattern else []
        else:
            waiting.extend(current.named_children)


def bound(nodes: list[Node]) -> set[str]:
    """All names that are bound anywhere."""
    found: set[str] = set()
    for node in nodes:
        if node.type in _NAMED:
            found.add(text_of(node.child_by_field_name("name")))
        if node.type == "variable_declarator":
            found.update(in_pattern(node.child_by_field_name("name")))
        elif node.type == "formal_parameters":
            found.update(in_pattern(node))
        elif node.type in ("arrow_function", "catch_clause"):
            found.update(in_pattern(node.child_by_field_name("parameter")))
        elif node.type == "for_in_statement" and node.child_by_field_name("kind"):
            found.update(in_pattern(node.child_by_field_name("left")))
        elif node.type in _IMPORTED:
            found.update(text_of(each) for each in node.named_children if each.type == "identifier")
    return found - {""}


def used(nodes: list[Node]) -> dict[str, Node]:
    """All names that occur as values, each with its first node that is not within a ``throw``: what is
    thrown is only made where a test has failed."""
    found: dict[str, Node] = {}
    for node in nodes:
        if node.type in ("identifier", "shorthand_property_identifier") and not _is_thrown(node):
            found.setdefault(text_of(node), node)
    return found


def _is_thrown(node: Node) -> bool:
    above = node.parent
    while above is not None and above.type not in FUNCTIONS:
        if above.type == "throw_statement":
            return True
        above = above.parent
    return False
