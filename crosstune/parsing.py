"""Parse code with tree-sitter, within a bound of time that no input can exceed."""

from __future__ import annotations

import functools
import re
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Parser

MOST_BYTES = 1 << 17
"""Longer code is not parsed, unless the caller knows that it is harmless: no answer is as long."""
CPU_SECONDS = 0.12
"""For all that one `CodeParser` parses. A thousand lines of well-formed code take 0.01 s; error recovery on
hostile text (``a<a<a<…``) would take time and memory that grow with the square of its length."""
_MOST_ANGLES = 200
"""Without a statement's end between them: ``a<a<a<`` may be comparisons or types, and grammars with generics
(Java's above all) keep all readings, in memory that grows with the square of their number."""
_STATEMENT_END = re.compile(rb"[;{}]")
_CHUNK = 1 << 14


class CodeParser:
    """Parses code in one grammar; gives up for good when its time is spent."""

    def __init__(self, grammar: str, cpu_seconds: float = CPU_SECONDS, most_bytes: int = MOST_BYTES) -> None:
        self._grammar, self._left, self._most_bytes = grammar, cpu_seconds, most_bytes

    def parse(self, text: str) -> Node | None:
        """The root of the syntax tree; None where the code is too long or time is spent."""
        data = encoded(text)
        if len(data) > self._most_bytes or self._left <= 0 or _is_ambiguous(data):
            return None
        began = time.thread_time()

        def progress(_offset: int, _has_error: object) -> bool:
            return time.thread_time() - began > self._left

        def read(offset: int, _point: object) -> bytes:
            return data[offset : offset + _CHUNK]

        parser = _parser(self._grammar)
        try:
            return parser.parse(read, progress_callback=progress).root_node
        except ValueError:  # it was stopped
            parser.reset()
            return None
        finally:
            self._left -= time.thread_time() - began


def _is_ambiguous(data: bytes) -> bool:
    if data.count(b"<") <= _MOST_ANGLES:
        return False
    return any(part.count(b"<") > _MOST_ANGLES for part in _STATEMENT_END.split(data))


def _parser(grammar: str) -> Parser:
    """A new one: threads may extract at once, and a parser serves one at a time."""
    from tree_sitter import Parser

    return Parser(_language(grammar))


@functools.cache
def _language(grammar: str) -> Language:
    from tree_sitter_language_pack import get_language

    return get_language(grammar)  # type: ignore[arg-type]  # its type lists all names


def leaves(node: Node) -> Iterator[Node]:
    """The nodes below ``node`` (itself included) that have no children, in their order."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if current.child_count:
            waiting.extend(reversed(current.children))
        else:
            yield current


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def decoded(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")
