"""Hold what the candidate's functions return to the type that the benchmark declares.

The operators and methods of a candidate's own type could decide what the tests compare. So the tests convert
each result to the declared type where they call the function: the compiler then knows no other operators, and
refuses a result of another type. That needs a declared type of which every part is the language's own, by a
name that no candidate can take.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosstune.parsing import CodeParser, decoded, encoded

if TYPE_CHECKING:
    from tree_sitter import Node

_CALLS = frozenset({"call_expression", "method_invocation"})
_UNUSED = frozenset({"expression_statement", "lambda_expression"})
_TYPE = re.compile(r"[A-Z]\w*(?:<.*>)?\s*::")
"""What begins a reference whose object is still to be given."""
_WORD = re.compile(r"[A-Za-z_][\w.]*")


@dataclass(frozen=True)
class Hold:
    """``opening`` and ``closing`` are put around each call of a function; ``is_method``: also around those
    that have an object in front; ``is_value``: only around those whose result is used."""

    opening: str
    closing: str
    is_method: bool
    is_value: bool = False


def qualified(declared: str, names: Mapping[str, str]) -> str:
    """A declared type with the names that it has everywhere; empty if a part is not among ``names``."""
    if any(word not in names for word in _WORD.findall(declared)):
        return ""
    return _WORD.sub(lambda word: names[word[0]], declared)


def held(tests: str, grammar: str, holds: Mapping[str, Hold]) -> str:
    """The tests, in which each call of these functions is held."""
    root = CodeParser(grammar).parse(tests) if holds else None
    if root is None:
        return tests
    data = encoded(tests)
    return _put_around(
        data,
        (
            (call, hold)
            for name, hold in holds.items()
            for call in _calls(root, name, is_method=hold.is_method)
            if not (hold.is_value and call.parent and call.parent.type in _UNUSED)
        ),
    )


def held_references(tests: str, grammar: str, holds: Mapping[str, Hold]) -> str:
    """The tests, in which a function that they pass on instead of calling it (``::add``) is held, by itself
    or of an object; nothing else may be asked of it."""
    root = CodeParser(grammar).parse(tests) if holds else None
    if root is None:
        return tests
    found = ((node, holds[name]) for node, name in _references(root) if name in holds)
    return _put_around(encoded(tests), found)


def _put_around(data: bytes, holds: Iterable[tuple[Node, Hold]]) -> str:
    edits = [
        edit
        for node, hold in holds
        # What begins at one place ends in the opposite order.
        for edit in (
            (node.start_byte, 1, -node.end_byte, hold.opening),
            (node.end_byte, 0, -node.start_byte, hold.closing),
        )
    ]
    for at, _, _, text in sorted(edits, reverse=True):
        data = data[:at] + encoded(text) + data[at:]
    return decoded(data)


def _references(root: Node) -> Iterator[tuple[Node, str]]:
    """Nodes like ``::add`` and ``sums::add``, with the name."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        waiting += node.children
        if node.type == "::" and node.next_sibling and node.parent:
            whole = node.parent
            if whole.type == "navigation_suffix" and whole.parent:
                whole = whole.parent
            is_navigated = whole.parent is not None and whole.parent.type == "navigation_expression"
            if not is_navigated and not _TYPE.match(decoded(whole.text or b"")):
                yield whole, decoded(node.next_sibling.text or b"")


def _calls(root: Node, name: str, *, is_method: bool) -> list[Node]:
    before = r"(?:.*\.)?" if is_method else ""
    callee = re.compile(rf"{before}\s*{re.escape(name)}\s*(?:[<\[!].*)?", re.DOTALL)
    found: list[Node] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        waiting += node.children
        if node.type in _CALLS and callee.fullmatch(_callee(node)):
            found.append(node)
    return found


def _callee(call: Node) -> str:
    arguments = call.child_by_field_name("arguments")
    end = arguments.start_byte if arguments else call.children[0].end_byte
    return decoded((call.text or b"")[: end - call.start_byte])
