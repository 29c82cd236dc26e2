"""Find the code in an answer that has no code blocks: items between sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crosstune.extraction._items import Kind, items
from crosstune.languages import Syntax
from crosstune.parsing import CodeParser

if TYPE_CHECKING:
    from tree_sitter import Node

_WINDOWS = (40, 400)
"""Lines that are parsed from the line on which an item may begin."""


def plain_code(syntax: Syntax, parser: CodeParser, text: str) -> str:
    """The items of ``text`` that parse, without what is between them."""
    lines = text.split("\n")
    kept: list[str] = []
    at = 0
    while at < len(lines):
        end = _item_end(syntax, parser, lines, at)
        if end is None:
            at += 1
            continue
        kept += lines[at:end]
        at = end
    return "\n".join([*kept, ""])


def _item_end(syntax: Syntax, parser: CodeParser, lines: list[str], at: int) -> int | None:
    """The line after the item that begins on line ``at``; None where none begins there."""
    line = lines[at]
    if not line.strip() or line[0].isspace() or not _may_begin(syntax, parser, line):
        return None
    for window in _WINDOWS:
        part = lines[at : at + window]
        found = items(syntax, parser, "\n".join(part) + "\n")
        if not found:
            return None
        first = found[0]
        begins = first.begin == 0 or not "\n".join(part)[: first.begin].strip()
        if begins and first.whole and first.kind is not Kind.STATEMENT:
            return at + len("\n".join(part).encode("utf-8", "surrogatepass")[: first.end].split(b"\n"))
        if len(lines) - at <= window:
            return None
    return None


def _may_begin(syntax: Syntax, parser: CodeParser, line: str) -> bool:
    """Whether the line has a keyword of the language, or opens something; sentences seldom do."""
    if line.rstrip().endswith(("{", "(", ":", "\\", ",", ";", "}")) or line.startswith(("#", "@", "/")):
        return True
    root = parser.parse(syntax.opened(line))
    if root is None:
        return False
    waiting: list[Node] = [root]
    while waiting:
        node = waiting.pop()
        if node.type in syntax.names and node.type != "expression_statement":
            return True
        if not node.is_named and node.type.isalpha() and node.text == node.type.encode():
            return True
        waiting += node.children
    return False
