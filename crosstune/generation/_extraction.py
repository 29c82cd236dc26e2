"""A complete candidate out of what a model wrote: prose, fences, repetition and rambling taken off."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crosstune.generation._lexing import blanked, depths
from crosstune.generation._pieces import Piece, needed, pieces
from crosstune.languages import Language
from crosstune.records import Problem

_FENCE = re.compile(r"^[ \t]*(?:`{3,}|~{3,})[ \t]*(?P<info>[\w+#.-]*)[^\n`]*$", re.MULTILINE)
_INDENTED_FIRST = re.compile(r"(?:[^\S\n]*\n)+[ \t]+\S|(?:[ ]{2}|\t)[ \t]*\S")
_PACKAGE = re.compile(r"^package\s+[\w.]+;?[ \t]*$", re.MULTILINE)
_IMPORT = re.compile(r"\s*(?:import|from|use|using|package|#\s*include|require|const .*\brequire\()\b")
_USE = re.compile(r"\s*(?:pub\s+)?use\s")


def extract(language: Language, problem: Problem, text: str) -> str:
    """Declaration and body, ready to be run with the problem's tests.

    ``text`` continues the declaration, or holds fenced blocks that either continue it or hold the
    whole function again; prose around them is dropped. Behind the function asked for, only
    definitions stay that it needs: no example of its use, no ``main``, no second attempt. What the
    declaration holds before the function (imports, helpers) stays unless the answer has its own.

    An answer without any code gives a candidate that does not run, never an error.
    """
    if language.block == "tags":
        return _block_with(language, problem, text) or text
    fences = list(_FENCE.finditer(text))
    head = text[: fences[0].start()] if fences else text
    if not fences or _INDENTED_FIRST.match(head):
        return _unfenced(language, problem, head)
    if len(fences) == 1 and not fences[0]["info"] and head.strip():
        return _unfenced(language, problem, head)
    code = _block_with(language, problem, text)
    return _whole_or_continued(language, problem, code)


def _unfenced(language: Language, problem: Problem, text: str) -> str:
    if _INDENTED_FIRST.match(text) or not _begins(language, problem, text):
        return _continued(language, problem, text)
    parts = pieces(language, text)
    place = _entry_place(language, problem, text, parts)
    # Without a fence there may be prose before the code.
    before = [part for part in parts[:place] if part.defines or _IMPORT.match(part.text)]
    return _merged(language, problem, "".join(part.text for part in (*before, *parts[place:])))


def _begins(language: Language, problem: Problem, text: str) -> bool:
    """Whether the function is defined in ``text`` before anything closes that ``text`` did not open."""
    found = _definition(language, problem, text)
    if found is None:
        return False
    balance = 0
    for letter in blanked(text, language.comment)[:found]:
        balance += (letter == "{") - (letter == "}")
        if balance < 0:
            return False
    return True


def _whole_or_continued(language: Language, problem: Problem, code: str) -> str:
    if not _INDENTED_FIRST.match(code) or _is_inner(language, problem):
        if _definition(language, problem, code) is not None:
            return _merged(language, problem, code)
    return _continued(language, problem, code)


def _is_inner(language: Language, problem: Problem) -> bool:
    """Whether the declaration puts the function inside of something else, as a class."""
    return language.block == "braces" and _final_depth(language, problem.declaration) > 1


def _final_depth(language: Language, code: str) -> int:
    return depths(blanked(code, language.comment))[-1]


def _block_with(language: Language, problem: Problem, text: str) -> str:
    """The fenced block that defines the function (else the first of the language), and the other
    blocks' definitions that it needs, before it."""
    blocks = _blocks(language, text)
    if not blocks:
        return ""
    chosen = next((block for block in blocks if _definition(language, problem, block) is not None), blocks[0])
    kept = pieces(language, chosen)
    others = [part for block in blocks if block is not chosen for part in pieces(language, block)]
    return "".join(f"{part.text.strip()}\n\n" for part in needed(kept, others)) + chosen


def _blocks(language: Language, text: str) -> list[str]:
    """What stands between fences, those of other languages left out if there are any of this one."""
    fences = list(_FENCE.finditer(text))
    found: list[tuple[str, str]] = []
    while fences:
        opening = fences.pop(0)
        closing = fences.pop(0) if fences else None
        inside = text[opening.end() + 1 : closing.start() if closing else len(text)]
        found.append((opening["info"].lower(), inside))
    ours = [code for info, code in found if info in language.fences]
    return ours or [code for info, code in found if not info] or [code for _, code in found]


def _definition(language: Language, problem: Problem, code: str, *, last: bool = False) -> int | None:
    """Where the line begins that defines the function asked for."""
    name = re.escape(problem.entry_point)
    if not name:
        return None
    pattern = (
        rf"\b(?:def|fn|func|function\*?|const|let|var|class)\s+(?:\([^)]*\)\s*)?{name}\b"
        rf"|^(?!\s*(?:return|else|throw|await|yield|new|case)\b)[\w<>\[\]:,&*. \t]*[\w>\]&*][ \t*&]+{name}\s*\("
        rf"|^[ \t]*(?:exports\.)?{name}\s*=\s*(?:async\b|function\b|\(|\w+\s*=>)"
    )
    blank = blanked(code, language.comment)
    found = [match.start() for match in re.finditer(pattern, blank, re.MULTILINE)]
    if not found:
        return None
    return blank.rfind("\n", 0, found[-1 if last else 0] + (blank[found[-1 if last else 0]] == "\n")) + 1


def _entry_place(language: Language, problem: Problem, code: str, parts: Sequence[Piece]) -> int:
    at = _definition(language, problem, code)
    assert at is not None, "only code that defines the function comes here"
    return next(place for place, part in enumerate(parts) if at < part.end)


def _continued(language: Language, problem: Problem, text: str) -> str:
    """The declaration with ``text`` behind it, up to where the function ends."""
    declaration = problem.declaration
    border = len(declaration.rstrip())
    code = _joined(language, declaration, text)
    opened = _final_depth(language, declaration) if language.block == "braces" else 0
    if opened:
        code = _closed(language, code, border, opened)
    parts = pieces(language, code)
    place = next((place for place, part in enumerate(parts) if border <= part.end), len(parts) - 1)
    kept = parts[: place + 1]
    kept += needed(kept, parts[place + 1 :])
    return _ended("".join(part.text for part in kept))


def _joined(language: Language, declaration: str, text: str) -> str:
    """The prompt ended without the declaration's last blanks; a server may take more off the answer."""
    stripped = declaration.rstrip()
    if not stripped:
        return text
    lines = text.split("\n")
    if not lines[0].strip():
        return stripped + text
    if _INDENTED_FIRST.match(text):
        return f"{stripped}\n{text}"
    if language.block == "indent" and not lines[0][:1].isspace() and any(line.strip() for line in lines[1:]):
        later = [re.match(r"\s*", line) for line in lines[1:] if line[:1].isspace() and line.strip()]
        indent = min((match[0] for match in later if match), key=len, default="    ")
        return f"{stripped}\n{indent}{text}"
    return stripped + text


def _closed(language: Language, code: str, border: int, opened: int) -> str:
    """``code`` with what the declaration opened around the function closed, where the answer did not."""
    depth = depths(blanked(code, language.comment))
    if 0 in depth[border + 1 :]:
        return code
    ends = [at for at in range(border + 1, len(depth)) if depth[at] == opened - 1]
    if ends:
        return code[: ends[-1]] + "\n" + "}\n" * (opened - 1)
    stops = [at for stop in language.stops if (at := code.find(stop, border)) >= 0]
    return code[: min(stops, default=len(code))]


def _merged(language: Language, problem: Problem, code: str) -> str:
    """Code that defines the function itself, with what it lacks of the declaration."""
    code = _PACKAGE.sub("", code)
    before, inner = _surroundings(language, problem)
    parts = pieces(language, code)
    place = _entry_place(language, problem, code, parts)
    kept = [part for part in parts[:place] if "main" not in part.defines or problem.entry_point == "main"]
    kept = _without_repeated_uses([*kept, parts[place]], before)
    kept += needed(kept, parts[place + 1 :])
    text = "".join(part.text for part in kept)
    texts = {part.text.strip() for part in kept}
    words = frozenset[str]().union(*(_all_defined(language, part.text) for part in kept))
    outer = [part for part in before if part.text.strip() not in texts and not part.defines & words]
    helpers = [part for part in inner if not part.defines & words]
    if inner or _is_inner(language, problem):
        return _ended(_inside(language, problem, outer, helpers, text))
    return _ended(
        "".join(f"{part.text.strip()}\n" for part in outer if part.text.strip()) + text.lstrip("\n")
    )


def _surroundings(language: Language, problem: Problem) -> tuple[list[Piece], list[Piece]]:
    """The declaration's pieces before the function: the outermost, and those inside what is still open."""
    at = _definition(language, problem, problem.declaration, last=True)
    text = problem.declaration[: at or 0]
    if not _is_inner(language, problem):
        return pieces(language, text), []
    depth = depths(blanked(text, language.comment))
    opened = max(at for at in range(len(depth)) if depth[at] == 0) + 1
    header = text.rfind("\n", 0, opened) + 1
    return pieces(language, text[:header]), pieces(language, text[opened:])


def _inside(
    language: Language, problem: Problem, outer: Sequence[Piece], helpers: Sequence[Piece], text: str
) -> str:
    """The function, or the class with it, in the class that the declaration opens."""
    at = _definition(language, problem, text)
    assert at is not None, "only code that defines the function comes here"
    above = "".join(f"{part.text.strip()}\n" for part in outer if part.text.strip())
    added = "".join(f"{part.text.strip()}\n" for part in helpers if part.text.strip())
    if depths(blanked(text, language.comment))[at]:
        return above + text[:at] + added + text[at:]
    header = _header(language, problem)
    return f"{above}{header}\n{added}{text.rstrip()}\n" + "}\n" * (
        _final_depth(language, problem.declaration) - 1
    )


def _header(language: Language, problem: Problem) -> str:
    """The line that opens the class."""
    at = _definition(language, problem, problem.declaration, last=True)
    text = problem.declaration[: at or 0]
    depth = depths(blanked(text, language.comment))
    opened = max(at for at in range(len(depth)) if depth[at] == 0) + 1
    return text[text.rfind("\n", 0, opened) + 1 : opened]


def _all_defined(language: Language, code: str) -> frozenset[str]:
    """What ``code`` defines, inside a class too."""
    found = frozenset[str]().union(*(part.defines for part in pieces(language, code)))
    inside = re.findall(r"[\w>\]&*]\s+[*&]*(\w+)\s*\([^;{]*\)[^;{]*\{", blanked(code, language.comment))
    return found | (frozenset(inside) if language.block == "braces" else frozenset())


def _without_repeated_uses(kept: Sequence[Piece], before: Sequence[Piece]) -> list[Piece]:
    """Without imports by ``use`` whose names the declaration imports: twice would not compile."""
    known = frozenset[str]().union(*(part.uses for part in before if _USE.match(part.text)))
    return [part for part in kept if not (_USE.match(part.text) and known and part.uses <= known)]


def _ended(code: str) -> str:
    return code.rstrip() + "\n"
