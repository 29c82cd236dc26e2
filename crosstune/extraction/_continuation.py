"""An answer that continues the problem's declaration, as a base model writes it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from crosstune.extraction._closure import Pool, needed, needed_imports, needed_statements
from crosstune.extraction._compose import continued_class
from crosstune.extraction._items import Item
from crosstune.extraction._reader import CodeReader
from crosstune.parsing import decoded, encoded, leaves

_INDENTED_FIRST = re.compile(r"(?:[^\S\n]*\n)+[ \t]+\S|(?:[ ]{2}|\t)[ \t]*\S")


def begins_indented(text: str) -> bool:
    """Whether the first line with text is indented, as a function's body is."""
    return _INDENTED_FIRST.match(text) is not None


class Continuation:
    """Puts text behind a ``declaration``; ``stops`` are what a base model writes when it begins anew."""

    def __init__(self, reader: CodeReader, declaration: str, stops: Sequence[str]) -> None:
        self._reader, self._declaration, self._stops = reader, declaration.rstrip(), stops

    def is_possible(self, text: str) -> bool:
        """Whether the declaration with ``text`` behind it is a complete definition."""
        code = self._joined(text)
        item = self._open_item(self._reader.items(code))
        return bool(self._declaration) and item is not None and item.whole and self._adds_code(item)

    def _adds_code(self, item: Item) -> bool:
        """Whether the item has more than comments and brackets behind the declaration."""
        boundary = len(encoded(self._declaration))
        added = (leaf for leaf in leaves(item.node) if boundary <= leaf.start_byte < leaf.end_byte)
        return any("comment" not in leaf.type and leaf.type not in ("}", ")", ";") for leaf in added)

    def is_cut(self, text: str) -> bool:
        """Whether the function would end before the text's last lines, which are indented as its body is:
        where it may have one statement, or none, instead of a block."""
        if self._reader.syntax.indented or not begins_indented(text):
            return False
        code = self._joined(text)
        data, boundary = encoded(code), len(encoded(self._declaration))
        found = self._reader.items(code)
        after = [item for item in found if item.node.start_byte > boundary]
        lines = (decoded(data[: item.node.start_byte]).rpartition("\n")[2] for item in after)
        return any(line and line.isspace() for line in lines)

    def candidate(self, text: str) -> str:
        """The declaration with ``text`` behind it, up to where the function ends."""
        for attempt in self._attempts(text):
            code = self._joined(attempt)
            found = self._reader.items(code)
            item = self._open_item(found)
            if item is None:
                continue
            if self._reader.declaration.container:
                pool = Pool(self._reader.syntax, found)
                if closed := continued_class(self._reader.declaration, pool, item, code):
                    return closed
            elif item.whole:
                return self._with_helpers(code, found, item)
        return self._joined(text).rstrip() + "\n"

    def _attempts(self, text: str) -> list[str]:
        """The text; the text up to a stop; the text indented as a body."""
        attempts = [text]
        body = self._as_body(text)
        if body and self._is_dedented_body(text):
            attempts = [body]
        stops = [at for stop in self._stops if (at := text.find(stop, 1)) > 0]
        if stops:
            attempts.append(text[: min(stops)])
        return [*attempts, body] if body else attempts

    def _is_dedented_body(self, text: str) -> bool:
        """Whether a return would come to stand behind the function, as no line of the text is indented."""
        if text[:1].isspace() or not self._reader.is_whole(text):
            return False
        return any(item.node.type.startswith("return") for item in self._reader.items(self._joined(text)))

    def _as_body(self, text: str) -> str:
        """The text indented as the function's body; empty where braces make blocks."""
        if not self._reader.syntax.indented or not self._declaration:
            return ""
        lines = self._declaration.split("\n")
        header = next((line for line in reversed(lines) if line.rstrip().endswith(":")), lines[-1])
        indent = header[: len(header) - len(header.lstrip())] + "    "
        return "\n" + textwrap.indent(textwrap.dedent(text.strip("\n")), indent)

    def _joined(self, text: str) -> str:
        """The prompt ended without the declaration's last blanks; a server may strip the answer, too."""
        first, _, rest = text.partition("\n")
        if self._declaration and first.strip() and begins_indented(text):
            return f"{self._declaration}\n{text}"
        stripped = bool(first.strip()) and not first[0].isspace()
        if self._reader.syntax.indented and self._declaration and stripped and rest.strip():
            return f"{self._declaration}\n{_indent(rest.splitlines())}{text}"
        return self._declaration + text

    def _open_item(self, found: Sequence[Item]) -> Item | None:
        """The item that the declaration left open and the text closes."""
        boundary = len(encoded(self._declaration))
        before = [item for item in found if item.node.start_byte <= boundary]
        if not before or (before[-1].end <= boundary and self._declaration):
            return None
        name = self._reader.declaration.name
        holds = not name or Pool(self._reader.syntax, before).holds(before[-1], name)
        return before[-1] if holds else None

    def _with_helpers(self, code: str, found: Sequence[Item], item: Item) -> str:
        """The code up to the function's end, and the later items that the function needs."""
        pool = Pool(self._reader.syntax, found)
        name = self._reader.declaration.name
        kept = needed(pool, [item], name)
        extra = {*kept, *needed_imports(pool, kept), *needed_statements(pool, kept, name)}
        later = [each.text for each in found[found.index(item) + 1 :] if each in extra]
        head = decoded(encoded(code)[: item.end]).rstrip()
        return "\n\n".join([head, *later]).rstrip() + "\n"


def _indent(lines: Sequence[str]) -> str:
    """The smallest indentation there is."""
    found = [line[: len(line) - len(line.lstrip())] for line in lines if line.strip()]
    return min((indent for indent in found if indent), key=len, default="    ")
