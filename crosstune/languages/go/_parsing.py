"""Parse Go, whose grammar here wants a line's end after the last of several constants or variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crosstune.parsing import CodeParser

if TYPE_CHECKING:
    from tree_sitter import Node

_LINE_END = "source_file_token"


def sound(code: str) -> Node | None:
    """The tree of code without errors; None for any other."""
    root = CodeParser("go").parse(code)
    return root if root is not None and not has_error(root) else None


def has_error(root: Node) -> bool:
    waiting = [root] if root.has_error else []
    while waiting:
        node = waiting.pop()
        if node.type == "ERROR" or (node.is_missing and not node.type.startswith(_LINE_END)):
            return True
        waiting += [each for each in node.children if each.has_error]
    return False
