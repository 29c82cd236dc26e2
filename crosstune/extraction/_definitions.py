"""Find the definition of a problem's function in the declaration and in an answer."""

from __future__ import annotations

import re

from crosstune.extraction._lexing import blanked, depths
from crosstune.languages import Language
from crosstune.records import Problem

_DEFINITION = (
    r"\b(?:def|fn|func|function\*?|const|let|var|class)\s+(?:\([^)]*\)\s*)?NAME(?![\w$])"
    r"|^(?![ \t]*(?:return|else|throw|await|yield|new|case)\b)"
    r"[\w<>\[\]:,&*. \t]*[\w>\]&*][ \t*&]+NAME\s*\("
    r"|^[ \t]*(?:exports\.)?NAME\s*=\s*(?:async\b|function\b|\(|\w+\s*=>)"
)
_HEADER = re.compile(r"\b(?:const|let|var)\s+([\w$]+)\s*=|([\w$]+)\s*(?:<[^<>()]*>\s*)?\(")


def definition(language: Language, problem: Problem, code: str, *, last: bool = False) -> int | None:
    """The start of the line that defines the function (the first such line, or the last)."""
    name = problem.entry_point
    if not _defining_lines(language, name, problem.declaration):
        # Some benchmarks misspell an entry point; answers follow the declaration.
        name = _declared(language, problem.declaration)
    starts = _defining_lines(language, name, code)
    return starts[-1 if last else 0] if starts else None


def final_depth(language: Language, code: str) -> int:
    """The number of braces open at the end; 0 for languages with indented blocks."""
    return depths(blanked(code, language.line_comment))[-1] if language.block_style == "braces" else 0


def _defining_lines(language: Language, name: str, code: str) -> list[int]:
    if not name:
        return []
    blank = blanked(code, language.line_comment)
    pattern = _DEFINITION.replace("NAME", re.escape(name))
    # The line of the name: a match may begin lines above it.
    ends = (match.start() + match[0].rindex(name) for match in re.finditer(pattern, blank, re.MULTILINE))
    return [blank.rfind("\n", 0, end) + 1 for end in ends]


def _declared(language: Language, declaration: str) -> str:
    """The function whose header ends the declaration."""
    lines = blanked(declaration, language.line_comment).rstrip().split("\n")
    return next((variable or function for variable, function in _HEADER.findall(lines[-1])), "")
