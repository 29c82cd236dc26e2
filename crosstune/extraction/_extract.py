"""A complete candidate out of what a model wrote: prose, fences, repetition and rambling taken off."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crosstune.extraction._definitions import definition, final_depth
from crosstune.extraction._fences import INDENTED_FIRST, fenced, unfenced
from crosstune.extraction._lexing import blanked, depths
from crosstune.extraction._merging import merged
from crosstune.extraction._pieces import Piece, needed, pieces
from crosstune.languages import Language
from crosstune.records import Problem

_IMPORT = re.compile(r"\s*(?:import|from|use|using|package|#\s*include)\b")


def extract(language: Language, problem: Problem, text: str) -> str:
    """Declaration and body, ready to be run with the problem's tests.

    ``text`` continues the declaration, or holds fenced blocks that either continue it or hold the
    whole function again; prose around them is dropped. Behind the function asked for, only
    definitions stay that it needs: no example of its use, no ``main``, no second attempt. What the
    declaration holds before the function (imports, helpers) stays unless the answer has its own.

    An answer without any code gives a candidate that does not run, never an error.
    """
    if language.block == "tags":
        return fenced(language, problem, text) or text
    plain = unfenced(language, text)
    if plain is not None:
        return _from_plain(language, problem, plain)
    code = fenced(language, problem, text)
    inner = final_depth(language, problem.declaration) > 1  # a method is indented where it is whole, too
    may_be_whole = inner or not INDENTED_FIRST.match(code)
    if may_be_whole and definition(language, problem, code) is not None:
        return merged(language, problem, code)
    return _continued(language, problem, code)


def _from_plain(language: Language, problem: Problem, text: str) -> str:
    if INDENTED_FIRST.match(text) or not _begins(language, problem, text):
        return _continued(language, problem, text)
    parts = pieces(language, text)
    at = definition(language, problem, text) or 0
    # Without a fence there may be prose before the code.
    kept = [part.text for part in parts if part.end > at or _is_code(language, part)]
    return merged(language, problem, "".join(kept))


def _is_code(language: Language, part: Piece) -> bool:
    closed = language.block == "braces" and part.text.rstrip().endswith((";", "}"))
    return bool(closed or part.defines or _IMPORT.match(part.text))


def _begins(language: Language, problem: Problem, text: str) -> bool:
    """Whether the function is defined in ``text`` before anything closes that ``text`` did not open."""
    found = definition(language, problem, text)
    if found is None:
        return False
    balance = 0
    for letter in blanked(text, language.comment)[:found]:
        balance += (letter == "{") - (letter == "}")
        if balance < 0:
            return False
    return True


def _continued(language: Language, problem: Problem, text: str) -> str:
    """The declaration with ``text`` behind it, up to where the function ends."""
    border = len(problem.declaration.rstrip())
    code = _joined(language, problem.declaration, text)
    if opened := final_depth(language, problem.declaration):
        code = _closed(language, code, border, opened)
    parts = pieces(language, code)
    place = next((place for place, part in enumerate(parts) if border <= part.end), len(parts) - 1)
    kept = [*parts[: place + 1], *needed(parts[: place + 1], parts[place + 1 :])]
    return "".join(part.text for part in kept).rstrip() + "\n"


def _joined(language: Language, declaration: str, text: str) -> str:
    """The prompt ended without the declaration's last blanks; a server may take more off the answer."""
    stripped = declaration.rstrip()
    first, _, rest = text.partition("\n")
    if not stripped or not first.strip():
        return stripped + text
    if INDENTED_FIRST.match(text):
        return f"{stripped}\n{text}"
    if language.block == "indent" and not first[0].isspace() and rest.strip():
        return f"{stripped}\n{_indent(rest.splitlines())}{text}"
    return stripped + text


def _indent(lines: Sequence[str]) -> str:
    """The smallest indentation there is."""
    found = [line[: len(line) - len(line.lstrip())] for line in lines if line.strip()]
    return min((indent for indent in found if indent), key=len, default="    ")


def _closed(language: Language, code: str, border: int, opened: int) -> str:
    """``code`` with what the declaration opened around the function closed, where the answer did not."""
    depth = depths(blanked(code, language.comment))
    if 0 in depth[border + 1 :]:
        return code
    ends = [at for at in range(border + 1, len(depth)) if depth[at] == opened - 1 < depth[at - 1]]
    if ends:
        return code[: ends[-1]] + "\n" + "}\n" * (opened - 1)
    stops = [at for stop in language.stops if (at := code.find(stop, border)) >= 0]
    return code[: min(stops, default=len(code))]
