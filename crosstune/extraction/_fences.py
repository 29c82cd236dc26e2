"""Fenced blocks of code in an answer that is written as Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crosstune.extraction._definitions import definition
from crosstune.extraction._lexing import blanked
from crosstune.extraction._pieces import needed, pieces
from crosstune.languages import Language
from crosstune.records import Problem

INDENTED_FIRST = re.compile(r"(?:[^\S\n]*\n)+[ \t]+\S|(?:[ ]{2}|\t)[ \t]*\S")
"""Text that a function's body begins with: its first line is indented."""
_FENCE = re.compile(r"^[ \t]*(?:`{3,}|~{3,})[ \t]*(?P<info>[\w+#.-]*)[^\n`]*$", re.MULTILINE)


def unfenced(language: Language, text: str) -> str | None:
    """What stands before the first fence, if that is code: there is no fence, or it closes one that the
    prompt opened. None where code is to be looked for inside of fences."""
    fences = list(_FENCE.finditer(text))
    if not fences:
        return text
    head = text[: fences[0].start()]
    return head if head.strip() and _is_body(language, head, fences) else None


def _is_body(language: Language, head: str, fences: Sequence[re.Match[str]]) -> bool:
    if INDENTED_FIRST.match(head):
        return True
    blank = blanked(head, language.comment)
    if language.block == "braces" and blank.count("}") > blank.count("{"):
        return True
    return len(fences) % 2 == 1 and not fences[0]["info"]


def fenced(language: Language, problem: Problem, text: str) -> str:
    """The block that defines the function (else the first of the language), and before it what it needs
    of the definitions in other blocks."""
    blocks = _blocks(language, text)
    if not blocks:
        return ""
    chosen = next((block for block in blocks if definition(language, problem, block) is not None), blocks[0])
    others = [part for block in blocks if block is not chosen for part in pieces(language, block)]
    helpers = needed(pieces(language, chosen), others)
    return "".join(f"{part.text.strip()}\n\n" for part in helpers) + chosen


def _blocks(language: Language, text: str) -> list[str]:
    """What stands between fences; only blocks of this language, or without one, if there are any."""
    fences = list(_FENCE.finditer(text))
    found: list[tuple[str, str]] = []
    while fences:
        opening = fences.pop(0)
        closing = fences.pop(0) if fences else None
        inside = text[opening.end() + 1 : closing.start() if closing else len(text)]
        found.append((opening["info"].lower(), inside))
    ours = [code for info, code in found if info in language.fences]
    return ours or [code for info, code in found if not info] or [code for _, code in found]
