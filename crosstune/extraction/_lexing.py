"""Blank out strings and comments of code, to look for brackets and names."""

from __future__ import annotations

import functools
import re

_STRINGS = (
    r'"""[\s\S]*?"""',
    r'\bb?r(?P<hashes>#+)"[\s\S]*?"(?P=hashes)',  # Rust's raw strings
    r'\bR"(?P<mark>[^()\\\s]{0,16})\([\s\S]*?\)(?P=mark)"',  # C++'s raw strings
    r'"(?:\\[\s\S]|[^"\\\n])*"',
)
_EMPTY_TYPES = r"\b(?:interface|struct)\s*\{\s*\}"  # of Go; they open no block
_QUOTED = r"'(?:\\[\s\S]|[^'\\\n])*'"
# A single quote that opens no literal: in Rust before a lifetime or a label, in C++ within a number.
_LONE_QUOTES = (
    r"<\s*'\w+(?!\w*')(?:\s*,\s*'\w+)*",
    r"&\s*'\w+(?!\w*')",
    r"(?::|\+)\s*'(?:static|[a-z])\b(?!')",
    r"'\w+:\s*(?:loop|while|for)\b",
    r"\b(?:break|continue)\s+'\w+",
    r"(?<=\d)'(?=\d)",
)
# A slash opens a regular expression unless a value precedes it.
_REGEX = (
    r"(?:(?<=[(,=:\[!&|?{};])|(?<=\breturn))[^\S\n]*/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+/\w*"
)

_HASH = re.compile("|".join([r"'''[\s\S]*?'''", *_STRINGS, _QUOTED, r"#[^\n]*"]))
_SLASH = re.compile(
    "|".join(
        [r"//[^\n]*", r"/\*[\s\S]*?(?:\*/|\Z)", _EMPTY_TYPES, *_STRINGS, *_LONE_QUOTES, _QUOTED, _REGEX, r"`"]
    )
)


@functools.lru_cache(maxsize=64)  # an answer is examined several times
def blanked(code: str, comment: str) -> str:
    """``code`` with every character of strings and comments, except newlines, replaced by a space.

    The length is kept. ``comment`` opens a line comment in the language: ``#`` or ``//``.
    """
    pattern = _HASH if comment == "#" else _SLASH
    pieces, at = [], 0
    while found := pattern.search(code, at):
        end = _template_end(code, found.end()) if found[0] == "`" else found.end()
        pieces += [code[at : found.start()], re.sub(r"[^\n]", " ", code[found.start() : end])]
        at = end
    return "".join([*pieces, code[at:]])


def _template_end(code: str, at: int) -> int:
    """The position after the backtick that closes the literal whose content begins at ``at``."""
    inside = re.compile(r"\\[\s\S]|\$\{|`")
    while found := inside.search(code, at):
        if found[0] == "`":
            return found.end()
        at = _hole_end(code, found.end()) if found[0] == "${" else found.end()
    return len(code)


def _hole_end(code: str, at: int) -> int:
    """The position after the brace that closes ``${``; the code inside may contain strings and templates."""
    depth = 1
    inside = re.compile(r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|[{}`]")
    while depth and (found := inside.search(code, at)):
        at = found.end()
        if found[0] == "`":
            at = _template_end(code, at)
        depth += {"{": 1, "}": -1}.get(found[0], 0)
    return at if not depth else len(code)


def depths(blank: str, start: int = 0) -> list[int]:
    """The number of open braces before each character and after the last one; never below zero."""
    depth, found = start, [start]
    for letter in blank:
        depth = max(depth + {"{": 1, "}": -1}.get(letter, 0), 0)
        found.append(depth)
    return found
