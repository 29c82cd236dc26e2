"""What of a changed file becomes the sample: all of it, the definition around the change, or its lines.

A change is what lies between the lines that both sides begin with and those that both end with. So a
definition that holds it whole begins at the same line of both sides, and ends as far from their ends.
"""

from __future__ import annotations

import functools
import importlib.resources
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import yaml

from crosstune.errors import MissingExtra
from crosstune.mining._profile import Sample

NO_GRAMMAR = "piece: no grammar for the language"
NO_DEFINITION = "piece: no definition holds the change"
REASONS = (NO_GRAMMAR, NO_DEFINITION)
DEFINES = re.compile(
    r"\w*(?:function|method|constructor|class|interface|struct|enum|union|trait|impl|record|object|protocol"
    r"|type|decorated|mod|module|namespace)\w*_(?:definition|declaration|item|specifier)"
    r"|function|method|singleton_method|class|module"
)
"""The names that grammars give to definitions; a field's or a variable's declaration is none."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Both sides of what is kept, and the lines of the files, from 1, at which they begin."""

    old: str
    new: str
    old_line: int = 1
    new_line: int = 1

    @property
    def sides(self) -> tuple[str, str]:
        return self.old, self.new


def piece(rules: Sample, language: str, old: str, new: str) -> Piece | str:
    """The piece, or why there is none. A file that was added stays whole.

    Raises:
        MissingExtra: the grammars are not installed.
    """
    if rules.of == "file" or not old:
        return Piece(old, new)
    olds, news = _lines(old), _lines(new)
    head = _alike(olds, news)
    tail = _alike(olds[head:][::-1], news[head:][::-1])
    if rules.of == "definition":
        found = _around(language, old, new, head, tail)
        if isinstance(found, str):
            return found
        first, rest = found
    else:
        first, rest = max(0, head - rules.context_lines), max(0, tail - rules.context_lines)
    return Piece(
        "".join(olds[first : len(olds) - rest]), "".join(news[first : len(news) - rest]), first + 1, first + 1
    )


def _lines(text: str) -> list[str]:
    """At line feeds alone, as the grammars count."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _alike(some: Sequence[str], others: Sequence[str]) -> int:
    """How many lines both begin with."""
    pairs = zip(some, others, strict=False)
    return next((n for n, (one, other) in enumerate(pairs) if one != other), min(len(some), len(others)))


def _around(language: str, old: str, new: str, head: int, tail: int) -> tuple[int, int] | str:
    """The innermost definition that holds the change on both sides: lines before it and behind it."""
    parser = _parser(language)
    if parser is None:
        return NO_GRAMMAR
    both = _holding(parser, old, head, tail) & _holding(parser, new, head, tail)
    return max(both, key=lambda lines: (sum(lines), lines), default=NO_DEFINITION)


def _holding(parser: Any, text: str, head: int, tail: int) -> set[tuple[int, int]]:
    """The definitions of ``text`` that hold all but its first ``head`` lines and its last ``tail``."""
    total = len(_lines(text))
    found: set[tuple[int, int]] = set()
    nodes = list(parser.parse(text.encode()).root_node.children)
    while nodes:
        node = nodes.pop()
        first, rest = node.start_point[0], total - 1 - _last_row(node)
        if first > head or rest > tail:
            continue
        # What is decorated counts with its decorators alone.
        if DEFINES.fullmatch(node.type) and node.is_named and node.parent.type != "decorated_definition":
            found.add((first, rest))
        nodes.extend(node.children)
    return found


def _last_row(node: Any) -> int:
    row, column = node.end_point
    return row - 1 if column == 0 and row > node.start_point[0] else int(row)


@functools.cache
def _parser(language: str) -> Any:
    try:
        from tree_sitter_language_pack import get_parser
    except ImportError:
        raise MissingExtra("tree-sitter-language-pack", "mine") from None
    plain = re.sub(r"[\s-]+", "", language.lower()).replace("#", "sharp").replace("+", "p")
    try:
        return get_parser(_names().get(language, plain))  # type: ignore[arg-type]
    except LookupError:
        return None


def grammars(rules: Sample) -> str:
    """What finds definitions, and its version; empty where nothing is looked for, or nothing is there."""
    try:
        return f"grammars {version('tree-sitter-language-pack')}" if rules.of == "definition" else ""
    except PackageNotFoundError:
        return ""


@functools.cache
def _names() -> dict[str, str]:
    file = importlib.resources.files("crosstune.mining") / "data" / "grammars.yaml"
    found: dict[str, str] = yaml.safe_load(file.read_text("utf-8"))
    return found
