"""Rust source with its syntax tree, and edits of its text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crosstune.languages.rust._syntax import SYNTAX
from crosstune.parsing import CodeParser, decoded, encoded

if TYPE_CHECKING:
    from tree_sitter import Node

_COMMENTS = frozenset({"line_comment", "block_comment"})


@dataclass
class Source:
    """A text, its tree (``root`` None: it is too long, or ambiguous without end), and edits to be made."""

    data: bytes
    root: Node | None
    _edits: list[tuple[int, int, bytes]] = field(default_factory=list)

    @classmethod
    def of(cls, text: str) -> Source:
        """Without a byte order mark and the line that names an interpreter: they are no part of a crate."""
        text = text.removeprefix("\ufeff")
        source = cls(encoded(text), CodeParser("rust").parse(text))
        if source.root and source.root.children and source.root.children[0].type == "shebang":
            source.blank(source.root.children[0])
        return source

    def replace(self, node: Node, text: str) -> None:
        self.put(node.start_byte, node.end_byte, text)

    def insert(self, at: int, text: str) -> None:
        self.put(at, at, text)

    def put(self, start: int, end: int, text: str) -> None:
        self._edits.append((start, end, encoded(text)))

    def blank(self, node: Node, start: int | None = None) -> None:
        """Remove the text from ``start`` (the node's own) to the node's end, but not its lines."""
        start = node.start_byte if start is None else start
        self._edits.append((start, node.end_byte, b"\n" * self.data.count(b"\n", start, node.end_byte)))

    def text(self) -> str:
        """The text with all edits made; those within a part that another one replaces are left out."""
        parts, at = [], 0
        for start, end, new in sorted(self._edits, key=lambda edit: (edit[0], edit[0] != edit[1], -edit[1])):
            if start >= at:
                parts += [self.data[at:start], new]
                at = end
        return decoded(b"".join([*parts, self.data[at:]]))


@dataclass(frozen=True)
class Item:
    """An item of a file or module, with the attributes before it."""

    node: Node
    attributes: tuple[Node, ...]

    @property
    def start(self) -> int:
        return (self.attributes or (self.node,))[0].start_byte

    @property
    def name(self) -> str:
        """The name that it defines; empty where it defines none."""
        node = self.node.child_by_field_name("name")
        return words(node) if node else ""

    @property
    def name_node(self) -> Node:
        node = self.node.child_by_field_name("name")
        assert node
        return node

    def has_attribute(self, name: str) -> bool:
        return any(path(each) == name for each in self.attributes)


def items(container: Node) -> Iterator[Item]:
    """The items of a file, or of a module's ``declaration_list``."""
    attributes: list[Node] = []
    for child in container.children:
        if child.type == "attribute_item":
            attributes.append(child)
        elif child.is_named and child.type not in _COMMENTS:
            yield Item(child, tuple(attributes))
            attributes = []


def leading(container: Node) -> Iterator[Node]:
    """The inner attributes and inner comments with which a file or module begins."""
    for child in container.children:
        if child.type == "inner_attribute_item" or is_inner_comment(child):
            yield child
        elif child.type not in (*_COMMENTS, "shebang", "{"):
            return


def is_inner_comment(node: Node) -> bool:
    return node.type in _COMMENTS and any(each.type == "inner_doc_comment_marker" for each in node.children)


def body(module: Node) -> Node | None:
    """What a module contains; None where it is another node, or its file is elsewhere."""
    return module.child_by_field_name("body") if module.type == "mod_item" else None


def text_of(node: Node) -> str:
    return decoded(node.text or b"")


def words(node: Node) -> str:
    """The node's text, without the marks of raw identifiers."""
    return text_of(node).replace("r#", "")


def path(attribute: Node) -> str:
    """The name of an attribute: ``cfg`` of ``#[cfg(test)]``."""
    inner = next((each for each in attribute.children if each.type == "attribute"), None)
    return words(inner.children[0]) if inner and inner.children else ""


def names(container: Node) -> set[str]:
    """The names that items and imports define in a file or module."""
    found = {item.name for item in items(container)} | set(imports(container))
    return found - {"", "*", "_"}


def imports(container: Node) -> dict[str, str]:
    """The names that a file or module imports, each with its own declaration."""
    assert SYNTAX.split_imports
    found: dict[str, str] = {}
    for item in items(container):
        if item.node.type == "use_declaration":
            found |= SYNTAX.split_imports(words(item.node))
    return found


def below(node: Node) -> Iterator[Node]:
    """All nodes of a tree, in their order."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(current.children))
