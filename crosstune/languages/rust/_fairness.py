"""Let the tests' comparisons find out which side decides, if a candidate's types have rules of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from crosstune.languages.rust._source import Source, below, words
from crosstune.parsing import CodeParser, decoded

if TYPE_CHECKING:
    from tree_sitter import Node

_MACROS = Path(__file__).with_name("fair.rs")
_OPERATORS = frozenset({"==", "!="})


def macros(name: str, own: str) -> str:
    """``assert_eq`` and ``assert_ne``, to be put before the tests. ``name`` is that of the judge's crate,
    ``own`` the module of the tests: their own types may compare as they like."""
    return " ".join(_MACROS.read_text("utf-8").replace("NAME", name).replace("OWN", _own(own)).split())


def _own(module: str) -> str:
    return f'&["program::{module}"]'


def watched(tests: str, name: str, own: str) -> str:
    """The tests, in which each comparison in an ``assert!`` is watched."""
    source = Source.of(tests)
    if source.root is None:
        return tests
    conditions = [
        node.named_children[-1]
        for node in below(source.root)
        if node.type == "macro_invocation" and words(node.children[0]) == "assert"
    ]
    call = f"::{name}::fair(left, right, {_own(own)})"
    ends = []
    for left, operator, right, offset in _comparisons(source, conditions):
        source.insert(left.start_byte + offset, "(match (&(")
        source.put(operator.start_byte + offset, operator.end_byte + offset, "), &(")
        ends.append(
            (
                right.end_byte + offset,
                f")) {{ (left, right) => {{ {call}; *left {words(operator)} *right }} }})",
            )
        )
    for end, text in reversed(ends):  # the innermost comparison ends first
        source.insert(end, text)
    return source.text()


def _comparisons(source: Source, conditions: list[Node]) -> Iterator[tuple[Node, Node, Node, int]]:
    """The operands and operators of all comparisons in the arguments of macros, the outermost first, and how
    far their places are from those in ``source``.

    The grammar has macros' arguments as plain words, so they are parsed once more.
    """
    text, offsets = b"fn f() {", []
    for node in conditions:
        offsets.append(node.start_byte - len(text) - 1)
        text += b"f" + source.data[node.start_byte : node.end_byte] + b";"
    root = CodeParser("rust").parse(decoded(text + b"}")) if conditions else None
    if root is None or root.has_error:
        return
    statements = next(node for node in below(root) if node.type == "block").named_children
    for statement, offset in zip(statements, offsets, strict=True):
        arguments = statement.children[0].child_by_field_name("arguments")
        condition = arguments.named_children[0] if arguments else statement
        for node in below(condition):
            if node.type == "binary_expression" and words(node.children[1]) in _OPERATORS:
                yield node.children[0], node.children[1], node.children[2], offset
