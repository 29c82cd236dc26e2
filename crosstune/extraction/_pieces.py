"""Split code into its outermost pieces, with the names that each defines and uses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crosstune.extraction._lexing import blanked
from crosstune.languages import Language

_WORD = re.compile(r"[A-Za-z_$][\w$]*")
_KEYWORD_NAMES = re.compile(
    r"\b(?:def|class|fn|func|function\*?|struct|enum|union|trait|type|interface|mod|#define)\s+"
    r"(?:\([^)]*\)\s*)?(?P<name>[\w$]+)"
)
# Of variables, only constants and functions: other names are mostly those of local variables.
_VARIABLES = re.compile(
    r"(?:\b(?:const|let|var|static|final)\s+(?:mut\s+)?|^)"
    r"(?:(?P<constant>[A-Z_][A-Z0-9_]*)\b[^=\n(]{0,200}=(?!=)"
    r"|(?P<name>[\w$]+)\s*=\s*(?:async\s*)?(?:function\b|lambda\b|\(|\w+\s*=>))",
    re.MULTILINE,
)
# Up to the brace that opens the body; it never backtracks for long.
_PARAMETERS = r"\s*\([^;{()]*(?:\([^;{()]*\)[^;{()]*)*\)[^;{()]*(?:\([^;{()]*\)[^;{()]*)?\{"
_TYPED_FUNCTIONS = re.compile(r"[\w>\]&*]\s+[*&]*(?P<name>\w+)" + _PARAMETERS)
_METHODS = re.compile(
    r"^(?![ \t]*(?:if|for|while|switch|match|return|else|new|catch)\b)"
    r"[ \t]*[\w<>\[\]&*,.?: \t]*[\w>\]&*][ \t&*]+(?P<name>\w+)" + _PARAMETERS,
    re.MULTILINE,
)
_ABOUT_TYPES = re.compile(r"\s*(?:unsafe\s+)?impl\b")
# A line that continues the statement of the unindented line before it.
_CONTINUES = re.compile(r"(?:else|elif|except|finally|case)\b|[)\]}]")
_ONE_LINE = re.compile(r"\s*#\s*(?:include|define|pragma|if|endif|undef)")


@dataclass(frozen=True, slots=True)
class Piece:
    """One outermost definition or statement: its position and its names."""

    start: int
    end: int
    text: str
    defines: frozenset[str]
    uses: frozenset[str]


def pieces(language: Language, code: str) -> list[Piece]:
    """All of ``code``, in order and without gaps."""
    blank = blanked(code, language.line_comment)
    braces = language.block_style == "braces"
    boundaries = list(_by_braces(blank) if braces else _by_indent(blank, language.block_keywords))
    starts = [0, *boundaries]
    ends = [*boundaries, len(code)]
    return [
        Piece(
            start,
            end,
            code[start:end],
            _defined(language, blank[start:end]),
            frozenset(_WORD.findall(blank[start:end])),
        )
        for start, end in zip(starts, ends, strict=True)
        if start < end
    ]


def needed(kept: Sequence[Piece], others: Sequence[Piece]) -> list[Piece]:
    """Those of ``others`` that define what ``kept`` uses and does not define, directly or indirectly."""
    uses = frozenset[str]().union(*(piece.uses for piece in kept))
    defined = frozenset[str]().union(*(piece.defines for piece in kept))
    taken: list[Piece] = []
    while found := [
        piece
        for piece in others
        if piece not in taken and (piece.defines & uses) and not piece.defines & defined
    ]:
        taken.append(found[0])
        uses |= found[0].uses
        if not _ABOUT_TYPES.match(found[0].text):
            defined |= found[0].defines
    return sorted(taken, key=lambda piece: piece.start)


def inner_names(language: Language, code: str) -> frozenset[str]:
    """The names that ``code`` defines, also inside classes."""
    names = frozenset[str]().union(*(piece.defines for piece in pieces(language, code)))
    if language.block_style == "braces":
        names |= {match["name"] for match in _METHODS.finditer(blanked(code, language.line_comment))}
    return names


def _defined(language: Language, blank: str) -> frozenset[str]:
    if _ABOUT_TYPES.match(blank):
        return frozenset(_WORD.findall(blank.partition("{")[0])) - {"impl", "for", "unsafe"}
    outer = _outermost(blank) if language.block_style == "braces" else _unindented(blank)
    found = {match["name"] for match in _KEYWORD_NAMES.finditer(outer)}
    found |= {match["constant"] or match["name"] for match in _VARIABLES.finditer(outer)}
    if language.block_style == "braces":
        found |= {match["name"] for match in _TYPED_FUNCTIONS.finditer(outer)}
    return frozenset(found)


def _outermost(blank: str) -> str:
    """The text outside braces, and the braces."""
    letters, depth = [], 0
    for letter in blank:
        depth -= letter == "}" and depth > 0
        if not depth:
            letters.append(letter)
        depth += letter == "{"
    return "".join(letters)


def _unindented(blank: str) -> str:
    return "\n".join(line for line in blank.splitlines() if line[:1].strip())


def _by_indent(blank: str, keywords: Sequence[str]) -> Iterator[int]:
    """The positions where an unindented line starts a piece; lines that begin with ``keywords`` do not."""
    at, depth, decorated = 0, 0, True
    continues = re.compile(rf"(?:{'|'.join(keywords)})\b") if keywords else _CONTINUES
    for line in blank.splitlines(keepends=True):
        if line[:1].strip() and depth <= 0:
            if not decorated and not continues.match(line):
                yield at
            decorated = line.startswith("@")
            depth = 0
        depth += sum((letter in "([{") - (letter in ")]}") for letter in line)
        at += len(line)


def _by_braces(blank: str) -> Iterator[int]:
    """The positions after each closed block, semicolon and blank line outside brackets."""
    braces, others, begun, empty = 0, 0, 0, True
    for at, letter in enumerate(blank):
        braces = max(braces + (letter == "{") - (letter == "}"), 0)
        others = max(others + (letter in "([") - (letter in ")]"), 0)
        empty = empty and letter.isspace()
        if empty or braces or others or letter not in "};\n":
            continue
        if letter != "\n" or _line_ends_piece(blank, begun, at):
            end = at + 1
            if letter == "}" and (tail := re.compile(r"[^\S\n]*;").match(blank, end)):
                end = tail.end()
            if end > begun:
                yield end
            begun, empty = end, True


def _line_ends_piece(blank: str, begun: int, at: int) -> bool:
    last = blank[max(blank.rfind("\n", begun, at) + 1, begun) : at]
    return not last.strip() or bool(_ONE_LINE.match(last))
