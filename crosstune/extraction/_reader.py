"""Read the code of one answer: is it whole, and what are its items?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crosstune.extraction._closure import Pool
from crosstune.extraction._declaration import read_declaration
from crosstune.extraction._items import Item, items
from crosstune.languages import Syntax
from crosstune.parsing import CodeParser, decoded, leaves
from crosstune.records import Problem

if TYPE_CHECKING:
    from tree_sitter import Node

_INVISIBLE = ("\u200b", "\u2060", "\ufeff")


class CodeReader:
    """Parses the blocks of an answer to ``problem``, each once, within the answer's bound of time."""

    def __init__(self, syntax: Syntax, problem: Problem) -> None:
        self.syntax = syntax
        self.parser = CodeParser(syntax.grammar)
        self.declaration = read_declaration(syntax, self.parser, problem)
        self._read: dict[tuple[str, int], list[Item]] = {}

    def items(self, code: str, block: int = 0) -> list[Item]:
        """The top-level items of ``code``."""
        if (code, block) not in self._read:
            plain = code
            for pattern, replacement in self.syntax.rewritten:
                plain = pattern.sub(replacement, plain)
            if self.syntax.exported and self.declaration.name:
                plain = self.syntax.exported(plain, self.declaration.name)
            self._read[code, block] = items(self.syntax, self.parser, plain, block)
        return self._read[code, block]

    def items_in_class(self, code: str, block: int = 0) -> list[Item]:
        """The items of ``code``; bare methods, where one is asked for, are read inside of their class."""
        found = self.items(code, block)
        name, header = self.declaration.name, self.declaration.header
        bare = Pool(self.syntax, found).answer(name, in_class=True)
        if header.endswith("{") and name in code and (bare is None or not bare.whole):
            inside = self.items(f"{header}\n{code}\n}}\n", block)
            method = Pool(self.syntax, inside).answer(name, in_class=True)
            if method is not None and method.whole:
                return inside
        return found

    def chosen(self, pool: Pool) -> Item | None:
        """The item that defines what the problem asks for."""
        name = self.declaration.name
        return pool.answer(name, in_class=bool(self.declaration.container)) if name else None

    def is_whole(self, code: str) -> bool:
        """Whether ``code`` has no syntax error."""
        root = self.parser.parse(self.syntax.opened(code))
        return root is not None and not root.has_error

    def errors(self, code: str) -> int:
        """The number of syntax errors; one where the code cannot be parsed at all."""
        root = self.parser.parse(self.syntax.opened(code))
        if root is None:
            return 1
        count, waiting = 0, [root] if root.has_error else []
        while waiting:
            node = waiting.pop()
            count += node.type == "ERROR" or node.is_missing
            waiting += [child for child in node.children if child.has_error]
        return (max(count, 1) if root.has_error else 0) + _invisible_between_tokens(root, code)


def _invisible_between_tokens(root: Node, code: str) -> int:
    """The number of gaps with invisible characters: some grammars skip these, compilers do not."""
    if not any(each in code for each in _INVISIBLE):
        return 0
    data, at, count = root.text or b"", root.start_byte, 0
    for leaf in leaves(root):
        gap = decoded(data[at - root.start_byte : leaf.start_byte - root.start_byte])
        count += any(each in gap for each in _INVISIBLE)
        at = max(at, leaf.end_byte)
    return count
