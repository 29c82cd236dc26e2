"""Extract a complete candidate from an answer, without prose, fences and repetition."""

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

    ``text`` continues the declaration, or contains fenced blocks that either continue it or repeat the
    whole function; prose around them is dropped. After the function, only definitions that it needs are
    kept: no example of its use, no ``main``, no second attempt. What the declaration has before the function
    (imports, helpers) is kept unless the answer has its own. A problem with neither a declaration nor an
    entry point takes all code of the answer.

    An answer without any code gives a candidate that does not run, never an error.
    """
    if language.block_style == "tags":
        return fenced(language, problem, text) or text
    plain = unfenced(language, text)
    if plain is not None:
        return _from_plain(language, problem, plain)
    code = fenced(language, problem, text)
    inner = final_depth(language, problem.declaration) > 1  # a complete method is indented, too
    may_be_whole = inner or not INDENTED_FIRST.match(code)
    if may_be_whole and definition(language, problem, code) is not None:
        return merged(language, problem, code)
    return _continued(language, problem, code)


def _from_plain(language: Language, problem: Problem, text: str) -> str:
    if INDENTED_FIRST.match(text) or not _begins(language, problem, text):
        return _continued(language, problem, text)
    parts = pieces(language, text)
    at = definition(language, problem, text) or 0
    # Without a fence, prose may precede the code.
    kept = [part.text for part in parts if part.end > at or _is_code(language, part)]
    return merged(language, problem, "".join(kept))


def _is_code(language: Language, part: Piece) -> bool:
    closed = language.block_style == "braces" and part.text.rstrip().endswith((";", "}"))
    return bool(closed or part.defines or _IMPORT.match(part.text))


def _begins(language: Language, problem: Problem, text: str) -> bool:
    """Whether ``text`` defines the function before it closes a brace that it did not open."""
    found = definition(language, problem, text)
    if found is None:
        return False
    balance = 0
    for letter in blanked(text, language.line_comment)[:found]:
        balance += (letter == "{") - (letter == "}")
        if balance < 0:
            return False
    return True


def _continued(language: Language, problem: Problem, text: str) -> str:
    """The declaration followed by ``text``, up to the end of the function."""
    if not problem.declaration.strip() and not problem.entry_point:
        return text.rstrip() + "\n"
    boundary = len(problem.declaration.rstrip())
    code = _joined(language, problem.declaration, text)
    if opened := final_depth(language, problem.declaration):
        code = _closed(language, code, boundary, opened)
    parts = pieces(language, code)
    last = next((index for index, part in enumerate(parts) if boundary <= part.end), len(parts) - 1)
    kept = [*parts[: last + 1], *needed(parts[: last + 1], parts[last + 1 :])]
    return "".join(part.text for part in kept).rstrip() + "\n"


def _joined(language: Language, declaration: str, text: str) -> str:
    """The prompt ended without the declaration's final whitespace; a server may strip more of the answer."""
    stripped = declaration.rstrip()
    first, _, rest = text.partition("\n")
    if not stripped or not first.strip():
        return stripped + text
    if INDENTED_FIRST.match(text):
        return f"{stripped}\n{text}"
    if language.block_style == "indent" and not first[0].isspace() and rest.strip():
        return f"{stripped}\n{_indent(rest.splitlines())}{text}"
    return stripped + text


def _indent(lines: Sequence[str]) -> str:
    """The smallest indentation of the lines."""
    indents = [line[: len(line) - len(line.lstrip())] for line in lines if line.strip()]
    return min((indent for indent in indents if indent), key=len, default="    ")


def _closed(language: Language, code: str, boundary: int, opened: int) -> str:
    """Close the blocks that the declaration opened around the function, if the answer has not."""
    depth = depths(blanked(code, language.line_comment))
    if 0 in depth[boundary + 1 :]:
        return code
    ends = [at for at in range(boundary + 1, len(depth)) if depth[at] == opened - 1 < depth[at - 1]]
    if ends:
        return code[: ends[-1]] + "\n" + "}\n" * (opened - 1)
    stops = [at for stop in language.stops if (at := code.find(stop, boundary)) >= 0]
    return code[: min(stops, default=len(code))]
