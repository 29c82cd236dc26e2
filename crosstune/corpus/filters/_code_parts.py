"""Find the code in a text, and the strings and comments in it: only these can contain private data.

Code is what a grammar reads: a whole text in the example's language, the part after a commit's subject, or a
fenced block. Text without a known language is code if Python reads it and it is more than an expression.
"""

from __future__ import annotations

import ast
import functools
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosstune.languages import LANGUAGES
from crosstune.parsing import CodeParser, encoded

if TYPE_CHECKING:
    from tree_sitter import Node

Span = tuple[int, int]
"""The start and end of a part, in characters."""

FENCED = re.compile(
    r"^[ \t]*(`{3,}|~{3,})[ \t]*([\w+#-]*)[^\n`]*\n(.*?)^[ \t]*\1[`~]*[ \t]*$", re.DOTALL | re.MULTILINE
)
FREE = re.compile(
    r"string|comment|char(acter)?_literal|heredoc|regex|quoted|encapsed|^text$|_text$|docstring|haddock"
)
CODE_IN_STRING = re.compile(
    r"^(interpolation|interpolated_expression|template_substitution|string_interpolation|embedded_expression)$"
)
STATEMENT = re.compile(
    r"definition|import|assignment|^(await|yield|call)$|^(?!expression|print|exec).*_statement$"
)
"""What Python reads in code and hardly ever in prose."""
UNQUOTED = {"bash", "tcl"}
"""Grammars of languages whose strings need no quotes: their words can contain anything."""
MOST_ERRORS = 0.2
"""The largest share of a text that a grammar may fail to read."""


@dataclass(frozen=True, slots=True)
class Code:
    """Code from ``start`` to ``end`` of a text; ``free`` are its strings and comments. ``reading`` is what
    the grammar reads outside of these, with which a changed text is compared."""

    start: int
    end: int
    free: tuple[Span, ...]
    reading: object

    def free_in(self, span: Span) -> list[Span]:
        """The parts of ``span`` that are not code, or are in strings and comments."""
        start, end = span
        before, after = (start, min(end, self.start)), (max(start, self.end), end)
        inside = [(max(start, a), min(end, b)) for a, b in self.free]
        return [(a, b) for a, b in (before, *inside, after) if a < b]


def free_parts(code: Sequence[Code], span: Span) -> list[Span]:
    """The parts of ``span`` in which all of ``code`` allows other text."""
    parts = [span]
    for each in code:
        parts = [free for part in parts for free in each.free_in(part)]
    return parts


def code_parts(text: str, language: str) -> list[Code]:
    """The parts of ``text`` that are code, in order."""
    parts: list[Code] = []
    for start, end, grammar in _candidates(text, language):
        if parts and start < parts[-1].end:
            continue
        code = _code(text, start, end, grammar) if grammar else _python(text, start, end)
        if code:
            parts.append(code)
    return parts


def _candidates(text: str, language: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, grammar or empty), the likeliest first; candidates inside a part that is code are
    skipped."""
    grammars = _grammars()
    blocks = list(FENCED.finditer(text))
    if not blocks:
        own = grammars.get(language, "")
        if not own and language in LANGUAGES.names():
            return  # what Python reads in it, it reads by chance
        yield 0, len(text), own
        if (line := text.find("\n") + 1) and line < len(text):
            yield line, len(text), own
    for block in blocks:
        tag = block[2].lower()
        if not tag or tag in grammars:
            yield *block.span(3), grammars.get(tag or language, "")


@functools.cache
def _grammars() -> dict[str, str]:
    """Names of languages, and the info strings of their code blocks, to grammars."""
    grammars: dict[str, str] = {}
    for name, language in LANGUAGES.all().items():
        if language.syntax:
            grammars |= {fence: language.syntax.grammar for fence in language.fences if fence not in grammars}
            grammars[name] = language.syntax.grammar
    return {name: grammar for name, grammar in grammars.items() if grammar not in UNQUOTED}


def _python(text: str, start: int, end: int) -> Code | None:
    """The part if it is Python beyond doubt: words alone may parse, too."""
    tree = _python_tree(text[start:end])
    if tree is None or not any(not isinstance(each, ast.Expr | ast.AnnAssign) for each in tree.body):
        return None
    return _code(text, start, end, "python")


def _python_tree(text: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings(action="ignore"):  # for example invalid escapes in strings
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _code(text: str, start: int, end: int, grammar: str) -> Code | None:
    """The part as code; None if the grammar does not read it."""
    part = text[start:end]
    root = CodeParser(grammar).parse(part)
    if root is None or _share_of_errors(root) > MOST_ERRORS or _is_words(root, grammar):
        return None
    spans = list(_free(root))
    offset = _character_offsets(part, [edge for span in spans for edge in span])
    free = tuple((start + offset[a], start + offset[b]) for a, b in spans)
    return Code(start, end, free, _reading(part, root, grammar))


def _is_words(root: Node, grammar: str) -> bool:
    """Whether Python reads only expressions and annotations, as it may in a text that is no code
    (`ann@corp.com`, `Mail: ann@corp.com`)."""
    if grammar != "python":
        return False
    for child in root.named_children:
        statement = (
            child.named_children[0]
            if child.type == "expression_statement" and child.named_children
            else child
        )
        is_annotation = statement.type == "assignment" and not statement.child_by_field_name("right")
        if STATEMENT.search(statement.type) and not is_annotation:
            return False
    return True


def _share_of_errors(root: Node) -> float:
    if not root.has_error:
        return 0.0
    bad, waiting = 0, [root]
    while waiting:
        node = waiting.pop()
        if node.type == "ERROR" or node.is_missing:
            bad += max(1, node.end_byte - node.start_byte)
        elif node.has_error:
            waiting += node.children
    return bad / max(1, root.end_byte - root.start_byte)


def _free(root: Node) -> Iterator[Span]:
    """The strings and comments in bytes, without the code inside them; and what is not read."""
    waiting: list[tuple[Node, bool]] = [(root, False)]
    while waiting:
        node, in_string = waiting.pop()
        is_free = node.type == "ERROR" or bool(FREE.search(node.type))
        in_string = (in_string or is_free) and not CODE_IN_STRING.match(node.type)
        if in_string and not any(map(_holds_code, node.children)):
            yield node.start_byte, node.end_byte
        else:
            waiting += [(child, in_string) for child in reversed(node.children)]
            yield from _gaps(node) if in_string else ()


def _gaps(string: Node) -> Iterator[Span]:
    """The text between the code in a string: some grammars have no node for it."""
    position = string.start_byte
    for child in string.children:
        if position < child.start_byte:
            yield position, child.start_byte
        position = child.end_byte
    if position < string.end_byte:
        yield position, string.end_byte


def _holds_code(node: Node) -> bool:
    return bool(CODE_IN_STRING.match(node.type)) or any(map(_holds_code, node.children))


def _character_offsets(text: str, edges: Sequence[int]) -> dict[int, int]:
    """The number of characters before each of the bytes ``edges``."""
    if text.isascii():
        return {edge: edge for edge in edges}
    data, offsets, byte, character = encoded(text), dict[int, int](), 0, 0
    for edge in sorted(set(edges)):
        character += len(data[byte:edge].decode("utf-8", "surrogatepass"))
        offsets[edge], byte = character, edge
    return offsets


def _reading(text: str, root: Node, grammar: str) -> object:
    """What the grammar reads, without what strings and comments contain: for Python its syntax tree."""
    if grammar == "python" and (tree := _python_tree(text)) is not None:
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
                node.value, node.kind = type(node.value)(), None
        return ast.dump(tree)
    spans = set(_free(root))
    leaves: list[tuple[str, bytes | None]] = []
    waiting = [root]
    while waiting:
        part = waiting.pop()
        if (part.start_byte, part.end_byte) in spans:
            leaves.append(("free", None))
        elif part.child_count:
            waiting += reversed(part.children)
        else:
            leaves.append((part.type, part.text))
    return leaves
