"""Read the code of one answer: is it whole, and what are its items?"""

from __future__ import annotations

from crosstune.extraction._closure import Pool
from crosstune.extraction._declaration import read_declaration
from crosstune.extraction._items import Item, items
from crosstune.languages import Syntax
from crosstune.parsing import CodeParser
from crosstune.records import Problem


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
        root = self.parser.parse(code)
        return root is not None and not root.has_error

    def errors(self, code: str) -> int:
        """The number of syntax errors; one where the code cannot be parsed at all."""
        root = self.parser.parse(code)
        if root is None:
            return 1
        count, waiting = 0, [root] if root.has_error else []
        while waiting:
            node = waiting.pop()
            count += node.type == "ERROR" or node.is_missing
            waiting += [child for child in node.children if child.has_error]
        return max(count, 1) if root.has_error else 0
