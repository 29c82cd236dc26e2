"""Values of any type in C++'s tests: those of `std::any` and `boost::any`.

What such an object holds is known only while the tests run, and of some types alone it travels to the
candidate's process: any.hpp. Tests that make one of another type share their process with the candidate.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from tree_sitter import Node

from crosstune.languages._shared.native.comparisons import CONTAINERS
from crosstune.languages._shared.native.nodes import descendants, text_of

# Also a name for a container of them, such as HumanEvalPack's list_any.
_ANY = re.compile(r"(?<![a-z])any\b", re.IGNORECASE)
_HEADER = Path(__file__).parent / "any.hpp"
_LISTED = re.compile(r"\bvisit\(([^().]+)\)|CROSSTUNE_(?:WRITTEN|TAKEN)\(([^().]+)\)")
_DEFINITIONS = ("struct_specifier", "class_specifier", "union_specifier", "enum_specifier")
# `map<int, int>()` is a call of a function to the parser.
_TEMPLATES = ("template_type", "template_function")


def takes_any(types: Collection[str]) -> bool:
    """Whether one of the types is one of any values, by its name."""
    return any(_ANY.search(each) for each in types)


def why_shared(functions: Collection[str], tests: Node) -> str:
    """Why what the tests pass as any value may not travel; empty if it does. ``functions`` take such."""
    if not functions:
        return ""
    for node in descendants(tests):
        if node.type in _DEFINITIONS:
            return "the tests define a type of their own, and a parameter has values of any type"
        if node.type in _TEMPLATES and not _travels(node) and _becomes_any(node, functions):
            return f"the tests make a {text_of(node)}, and a parameter has values of any type"
    return ""


def _travels(node: Node) -> bool:
    text = _plain(text_of(node))
    is_container = text.partition("<")[0].removeprefix("make_") in CONTAINERS
    return not is_container or text in _types() or bool(_ANY.search(text))


def _becomes_any(node: Node, functions: Collection[str]) -> bool:
    return any(name in functions or _ANY.search(name) for name in _makers(node))


def _makers(node: Node) -> Iterator[str]:
    """What is called or made with a value, and the type of the variable that it becomes."""
    while node.parent and not node.parent.type.endswith("statement"):
        node = node.parent
        for field in ("function", "type"):
            yield text_of(node.child_by_field_name(field))


@functools.cache
def _types() -> frozenset[str]:
    """The types of sequences of which any.hpp knows the values."""
    found = _LISTED.findall(_HEADER.read_text("utf-8"))
    return frozenset(_plain(a or b) for a, b in found)


def _plain(text: str) -> str:
    return re.sub(r"\s+|\bstd::|\bboost::", "", text)
