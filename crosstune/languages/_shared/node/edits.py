"""Change parts of a parsed text without moving the lines of the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crosstune.parsing import decoded, encoded

if TYPE_CHECKING:
    from tree_sitter import Node


class Edits:
    """Replacements in ``text``, by positions in its UTF-8; they may touch, but not overlap."""

    def __init__(self, text: str) -> None:
        self._data = encoded(text)
        self._edits: list[tuple[int, int, bytes]] = []

    def text(self, node: Node) -> str:
        return decoded(self._data[node.start_byte : node.end_byte])

    def replace(self, start: int, end: int, by: str = "") -> None:
        """Replace a part; as many lines as it had remain."""
        lines = self._data.count(b"\n", start, end) - by.count("\n")
        self._edits.append((start, end, encoded(by) + b"\n" * lines))

    def insert(self, at: int, text: str) -> None:
        self._edits.append((at, at, encoded(text)))

    def result(self) -> str:
        parts, at = [], 0
        for start, end, by in sorted(self._edits, key=lambda edit: edit[:2]):
            parts += [self._data[at:start], by]
            at = end
        return decoded(b"".join([*parts, self._data[at:]]))
