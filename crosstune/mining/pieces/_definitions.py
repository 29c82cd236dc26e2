"""Find the definitions around a change with tree-sitter's grammars."""

from __future__ import annotations

import functools
import importlib.resources
import re
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import yaml

DEFINITION = re.compile(
    r"\w*(?:function|method|constructor|class|interface|struct|enum|union|trait|impl|record|object|protocol"
    r"|type|decorated|mod|module|namespace)\w*_(?:definition|declaration|item|specifier)"
    r"|function|method|singleton_method|class|module"
)
"""The grammars' node types for definitions; declarations of fields and variables are not among them."""


def definitions_around(language: str, text: str, head: int, tail: int) -> set[tuple[int, int]] | None:
    """The definitions of ``text`` that contain all but its first ``head`` and last ``tail`` lines.

    Each is given as the numbers of lines before and after it. None if ``language`` has no grammar.

    Raises:
        MissingExtra: the grammars are not installed.
    """
    parser = _parser(language)
    if parser is None:
        return None
    total = text.count("\n") + (not text.endswith("\n") and text != "")
    definitions: set[tuple[int, int]] = set()
    nodes = list(parser.parse(text.encode()).root_node.children)
    while nodes:
        node = nodes.pop()
        before, after = node.start_point[0], total - 1 - _last_row(node)
        if before > head or after > tail:
            continue
        # A decorated definition counts only with its decorators.
        if DEFINITION.fullmatch(node.type) and node.is_named and node.parent.type != "decorated_definition":
            definitions.add((before, after))
        nodes.extend(node.children)
    return definitions


def grammars_version() -> str:
    """The grammars and their version; empty if they are not installed."""
    try:
        return f"grammars {version('tree-sitter-language-pack')}"
    except PackageNotFoundError:
        return ""


def _last_row(node: Any) -> int:
    row, column = node.end_point
    return row - 1 if column == 0 and row > node.start_point[0] else int(row)


@functools.cache
def _parser(language: str) -> Any:
    from tree_sitter_language_pack import get_parser

    plain = re.sub(r"[\s-]+", "", language.lower()).replace("#", "sharp").replace("+", "p")
    try:
        return get_parser(_grammar_names().get(language, plain))  # type: ignore[arg-type]
    except LookupError:
        return None


@functools.cache
def _grammar_names() -> dict[str, str]:
    file = importlib.resources.files("crosstune.mining") / "data" / "grammars.yaml"
    names: dict[str, str] = yaml.safe_load(file.read_text("utf-8"))
    return names
