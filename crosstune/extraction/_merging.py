"""Complete an answer that defines the function with missing parts of the declaration."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crosstune.extraction._definitions import definition, final_depth
from crosstune.extraction._lexing import blanked, depths
from crosstune.extraction._pieces import Piece, inner_names, needed, pieces
from crosstune.languages import Language
from crosstune.records import Problem

# The file of the tests declares the package.
_PACKAGE = re.compile(r"^package\s+[\w.]+;?[ \t]*$", re.MULTILINE)
_USE = re.compile(r"\s*(?:pub\s+)?use\s")


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """The declaration before the function: outermost pieces; if a class is open, also its header and the
    pieces inside."""

    outer: list[Piece]
    header: str
    inner: list[Piece]


def merged(language: Language, problem: Problem, code: str) -> str:
    """Complete ``code``, which defines the problem's function."""
    around = _surroundings(language, problem)
    text = _kept(language, problem, _PACKAGE.sub("", code), around)
    names = frozenset[str]().union(*(part.defines for part in pieces(language, text)))
    outer = [part for part in around.outer if not part.defines & names]
    names |= inner_names(language, text)
    helpers = [part for part in around.inner if not part.defines & names]
    if around.header:
        text = _inside(language, problem, text, around.header, _lines(helpers))
    return _lines(outer) + text.strip("\n").rstrip() + "\n"


def _kept(language: Language, problem: Problem, code: str, around: _Surroundings) -> str:
    """The function, everything before it except ``main``, and what it needs of the rest."""
    parts = pieces(language, code)
    at = definition(language, problem, code) or 0
    index = next((index for index, part in enumerate(parts) if at < part.end), 0)
    given = {part.text.strip() for part in around.outer}
    before = [part for part in parts[:index] if part.defines != {"main"} and part.text.strip() not in given]
    # A name imported twice by `use` does not compile.
    known = frozenset[str]().union(*(part.uses for part in around.outer if _USE.match(part.text)))
    before = [part for part in before if not (_USE.match(part.text) and part.uses <= known)]
    kept = [*before, parts[index]]
    return "".join(part.text for part in [*kept, *needed(kept, parts[index + 1 :])])


def _surroundings(language: Language, problem: Problem) -> _Surroundings:
    text = problem.declaration[: definition(language, problem, problem.declaration, last=True) or 0]
    if not final_depth(language, text):
        return _Surroundings(pieces(language, text), "", [])
    depth = depths(blanked(text, language.line_comment))
    opened = max(at for at in range(len(depth)) if depth[at] == 0) + 1
    header = text.rfind("\n", 0, opened) + 1
    outer, inner = pieces(language, text[:header]), pieces(language, text[opened:])
    return _Surroundings(outer, text[header:opened], inner)


def _inside(language: Language, problem: Problem, text: str, header: str, helpers: str) -> str:
    """Put the function into its class: the answer's own, or the one that the declaration opens."""
    at = definition(language, problem, text) or 0
    if depths(blanked(text, language.line_comment))[at]:
        return text[:at] + helpers + text[at:]
    return f"{header}\n{helpers}{text.rstrip()}\n}}\n"


def _lines(parts: Sequence[Piece]) -> str:
    return "".join(f"{part.text.strip()}\n" for part in parts if part.text.strip())
