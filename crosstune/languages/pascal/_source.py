"""Pascal source cut into tokens, and what encloses declarations: the header, ``uses``, the main block."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"(?P<comment>\{[^}]*\}|\(\*.*?\*\)|//[^\n]*)|(?P<text>'(?:[^'\n]|'')*')|(?P<word>&?[A-Za-z_]\w*)"
    r"|(?P<number>\d+(?:\.\d+)?)|(?P<blank>\s+)|(?P<mark>\.\.|:=|.)",
    re.DOTALL,
)
_MODE = re.compile(r"\{\$mode(?:switch)?\s+[^}]*\}|\(\*\$mode(?:switch)?\s.*?\*\)", re.IGNORECASE | re.DOTALL)
_OPENS = ("begin", "case", "try", "asm")


@dataclass(frozen=True)
class Token:
    """A token that is no blank or comment; ``text`` is in lower case."""

    kind: str
    text: str
    begin: int
    end: int


@dataclass(frozen=True)
class Parts:
    """A program without its frame: ``modes`` are directives for the whole file, ``uses`` the units, ``body``
    the declarations, ``main`` the statements of the main block (None: there is none)."""

    modes: tuple[str, ...]
    uses: tuple[str, ...]
    body: str
    main: str | None


def tokens(text: str) -> list[Token]:
    return [
        Token(match.lastgroup or "", match[0].lower(), match.start(), match.end())
        for match in _TOKEN.finditer(text)
        if match.lastgroup not in ("comment", "blank")
    ]


def parts(text: str) -> Parts:
    """The parts of a program, or of declarations alone. What is cut out leaves its lines behind."""
    modes = tuple(match[0] for match in _MODE.finditer(text))
    text = _MODE.sub(lambda match: _blank(match[0]), text)
    found = tokens(text)
    cut, uses = list[tuple[int, int]](), list[str]()
    main = None
    if block := main_block(found):
        begin, end = found[block[0]], found[block[1]]
        main = text[begin.end : end.begin]
        cut.append((begin.begin, len(text)))
        found = found[: block[0]]
    for at, token in enumerate(found):
        if token.text in ("uses", "program"):
            closing = next((each for each in found[at:] if each.text == ";"), None)
            if closing is not None:
                cut.append((token.begin, closing.end))
                uses += _units(text[token.end : closing.begin]) if token.text == "uses" else []
    for first, last in sorted(cut, reverse=True):
        text = text[:first] + _blank(text[first:last]) + text[last:]
    return Parts(modes, tuple(uses), text.rstrip() + "\n", main)


def _blank(text: str) -> str:
    return "\n" * text.count("\n")


def _units(clause: str) -> list[str]:
    plain = "".join(
        match[0] for match in _TOKEN.finditer(clause) if match.lastgroup in ("word", "mark", "text", "blank")
    )
    return [" ".join(each.split()) for each in plain.split(",") if each.strip()]


def main_block(found: list[Token]) -> tuple[int, int] | None:
    """The tokens that open and close the main block, the last one that ends with ``end.``"""
    ends = (
        at for at in reversed(range(len(found) - 1)) if found[at].text == "end" and found[at + 1].text == "."
    )
    last = next(ends, None)
    if last is None:
        return None
    depth = 1
    for at in reversed(range(last)):
        token = found[at]
        if token.text == "end":
            depth += 1
        elif token.text in _OPENS and token.kind == "word":
            depth -= 1
            if not depth:
                return (at, last) if token.text == "begin" else None
    return None


def nested(found: list[Token]) -> list[int]:
    """How many blocks and conditions enclose each token of a series of statements."""
    depths, depth, condition = [], 0, False
    for token in found:
        if token.text == "end":
            depth -= 1
        depths.append(depth + condition)
        if token.text in _OPENS:
            depth += 1
        condition = (condition or token.text in ("then", "else", "do")) and token.text != ";"
    return depths
