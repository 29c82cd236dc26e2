"""The inner attributes with which a program begins: which are kept, and for which part of the program.

They are written anew, word by word: no text of a candidate's own may come before the tests, because rustc
could find the end of a string or comment elsewhere than the syntax tree has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosstune.languages.rust._source import Source, leading, path, words

if TYPE_CHECKING:
    from tree_sitter import Node

_LINTS = frozenset({"allow", "warn", "deny", "forbid", "expect"})
_KEPT = _LINTS | {"cfg", "cfg_attr", "feature", "recursion_limit", "type_length_limit", "no_implicit_prelude"}
# Those about the kind of the crate do not apply: it is a program, whose name the judge knows and whose main
# function is the judge's. Code for `no_std` runs with the standard library, too.
_DROPPED = frozenset(
    {"crate_name", "crate_type", "doc", "no_main", "no_std", "windows_subsystem", "crate_id", "cfi_encoding"}
)
_STRING = re.compile(r'"[\w.-]*"')


@dataclass(frozen=True)
class Attributes:
    """``text`` goes before everything else; ``lints`` are those that it denies, and which the parts of the
    judge and of the tests must allow again. ``prelude``: the usual names are known without an import."""

    text: str = ""
    lints: tuple[str, ...] = ()
    prelude: bool = True

    def __add__(self, other: Attributes) -> Attributes:
        lints = dict.fromkeys((*self.lints, *other.lints))
        return Attributes(self.text + other.text, tuple(lints), self.prelude and other.prelude)


def taken(source: Source, container: Node) -> Attributes:
    """The leading attributes that are kept. They are removed from ``source``, and so are those that do not
    apply and comments about the crate; any others stay in their place, where rustc refuses them."""
    found = Attributes()
    for node in leading(container):
        name = path(node) if node.type == "inner_attribute_item" else "doc"
        tokens = _tokens(node)
        if name in _KEPT and tokens is not None:
            if not _DROPPED.intersection(tokens):
                lints = tuple(_lints(tokens))
                found += Attributes(f"#![{' '.join(tokens)}]\n", lints, name != "no_implicit_prelude")
        elif name not in _DROPPED:
            continue
        source.blank(node)
    return found


def _tokens(node: Node) -> list[str] | None:
    """The words of an attribute; None where one of them could be anything else.

    What is forbidden is denied instead, because the parts of the judge and of the tests allow it again.
    """
    tokens: list[str] = []
    for leaf in _words(node):
        text = words(leaf)
        if "string" in leaf.type and not _STRING.fullmatch(text):
            if tokens[-2:] != ["reason", "="]:
                return None
            text = '""'
        tokens.append({"forbid": "deny", "expect": "allow"}.get(text, text))
    return tokens


def _words(node: Node) -> Iterator[Node]:
    """The tokens of an attribute, without its brackets and comments; a string is one token."""
    waiting = [each for each in node.children if each.type == "attribute"]
    while waiting:
        current = waiting.pop()
        if current.type.endswith("string_literal") or not current.child_count:
            yield current
        elif current.type not in ("line_comment", "block_comment"):
            waiting.extend(reversed(current.children))


def _lints(tokens: list[str]) -> Iterator[str]:
    """The lints that an attribute denies."""
    for at, word in enumerate(tokens):
        if word == "deny":
            inside = tokens[at + 2 : tokens.index(")", at)] if ")" in tokens[at:] else []
            yield from (name for name in "".join(inside).split(",") if re.fullmatch(r"[\w:]+", name))
