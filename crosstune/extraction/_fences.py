"""Fenced blocks of code in an answer written as Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crosstune.extraction._definitions import definition
from crosstune.extraction._lexing import blanked
from crosstune.extraction._pieces import needed, pieces
from crosstune.languages import Language
from crosstune.records import Problem

INDENTED_FIRST = re.compile(r"(?:[^\S\n]*\n)+[ \t]+\S|(?:[ ]{2}|\t)[ \t]*\S")
"""The start of a function's body: its first line is indented."""
_FENCE = re.compile(r"^[ \t]*(?:`{3,}|~{3,})[ \t]*(?P<info>[\w+#.-]*)[^\n`]*$", re.MULTILINE)


def unfenced(language: Language, text: str) -> str | None:
    """The text before the first fence, if it is code: there is no fence, or the fence closes one that the
    prompt opened. None where the code is inside fences."""
    fences = list(_FENCE.finditer(text))
    if not fences:
        return text
    head = text[: fences[0].start()]
    return head if head.strip() and _is_body(language, head, fences) else None


def _is_body(language: Language, head: str, fences: Sequence[re.Match[str]]) -> bool:
    if INDENTED_FIRST.match(head):
        return True
    blank = blanked(head, language.line_comment)
    if language.block_style == "braces" and blank.count("}") > blank.count("{"):
        return True
    return len(fences) % 2 == 1 and not fences[0]["info"]


def fenced(language: Language, problem: Problem, text: str) -> str:
    """The block that defines the function (else the first of the language), after the definitions that it
    needs from other blocks."""
    blocks = _blocks(language, text)
    if not blocks:
        return ""
    chosen = next((block for block in blocks if definition(language, problem, block) is not None), blocks[0])
    others = [part for block in blocks if block is not chosen for part in pieces(language, block)]
    helpers = needed(pieces(language, chosen), others)
    return "".join(f"{part.text.strip()}\n\n" for part in helpers) + chosen


def _blocks(language: Language, text: str) -> list[str]:
    """The text between fences: the blocks of this language, else those without a language, else all."""
    fences = list(_FENCE.finditer(text))
    blocks: list[tuple[str, str]] = []
    while fences:
        opening = fences.pop(0)
        closing = fences.pop(0) if fences else None
        inside = text[opening.end() + 1 : closing.start() if closing else len(text)]
        blocks.append((opening["info"].lower(), inside))
    own = [code for info, code in blocks if info in language.fences]
    return own or [code for info, code in blocks if not info] or [code for _, code in blocks]
