"""Tests that macros define: their names are known to the compiler only, so each registers itself.

What is marked with ``#[test]`` in a macro of the tests gets a constant next to it, in a section of the
program that the linker puts together. The section's name is one that a candidate cannot know.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosstune.languages.rust._source import Source, below, text_of, words

if TYPE_CHECKING:
    from tree_sitter import Node

_PARTS = frozenset({"token_tree", "token_repetition"})


@dataclass(frozen=True)
class _Marked:
    """A function that a macro defines: ``marks`` are the parts of its attributes."""

    marks: tuple[tuple[Node, Node], ...]
    name: Node
    body: Node
    returns: bool

    def mark(self, name: str) -> Node | None:
        """The attribute of this name."""
        return next((tree for _, tree in self.marks if _attribute_name(tree) == name), None)


def defining(root: Node) -> list[Node]:
    """The macros of the tests that define tests, if they are called."""
    found = [node for node in below(root) if node.type == "macro_definition" and any(_marked(node))]
    if not found:
        return []
    called = {words(node.children[0]) for node in below(root) if node.type == "macro_invocation"}
    return [node for node in found if words(node.children[1]) in called]


def marked_in_call(root: Node) -> str:
    """The name of a macro that is called with a test in its arguments, which cannot be seen to register."""
    for node in below(root):
        if node.type == "macro_invocation" and any(_is_mark(part) for part in below(node)):
            return words(node.children[0])
    return ""


def register(source: Source, root: Node, name: str, link_section: str) -> None:
    for macro in defining(root):
        for test in _marked(macro):
            for sign, tree in test.marks:
                if _attribute_name(tree) in ("test", "should_panic", "ignore"):
                    source.blank(sign)
                    source.blank(tree)
            if not test.mark("ignore"):
                source.insert(test.body.end_byte, _registration(test, name, link_section))


def _registration(test: _Marked, name: str, link_section: str) -> str:
    call = f"|| ::{name}::ended({text_of(test.name)}())" if test.returns else text_of(test.name)
    made = f"::{name}::returns({call})"
    if panics := test.mark("should_panic"):
        texts = [text_of(node) for node in below(panics) if node.type.endswith("string_literal")]
        message = texts[0] if texts else '""'
        made = f"::{name}::panics({call}, {message})"
    return f" const _: () = {{ #[used] {link_section} static TEST: ::{name}::Test = {made}; }};"


def _marked(macro: Node) -> Iterator[_Marked]:
    for part in below(macro):
        if part.type in _PARTS:
            yield from _functions(part.children)


def _functions(nodes: list[Node]) -> Iterator[_Marked]:
    """The functions marked as tests in a row of words."""
    marks: list[tuple[Node, Node]] = []
    at = 0
    while at < len(nodes):
        node = nodes[at]
        if node.type == "#" and at + 1 < len(nodes) and text_of(nodes[at + 1])[:1] == "[":
            marks.append((node, nodes[at + 1]))
            at += 2
            continue
        if text_of(node) == "fn":
            end = next((i for i in range(at + 3, len(nodes)) if text_of(nodes[i])[:1] == "{"), len(nodes))
            found = (
                _Marked(tuple(marks), nodes[at + 1], nodes[end], end > at + 3) if end < len(nodes) else None
            )
            if found and found.mark("test"):
                yield found
            at = end
        if text_of(nodes[min(at, len(nodes) - 1)])[-1:] in ("}", ";"):
            marks = []
        at += 1


def _is_mark(node: Node) -> bool:
    """Whether it is the second part of ``#[test]``."""
    before = node.prev_sibling
    is_attribute = node.type == "token_tree" and before is not None and before.type == "#"
    return is_attribute and _attribute_name(node) == "test"


def _attribute_name(tree: Node) -> str:
    return words(tree.children[1]) if len(tree.children) > 2 else ""
