"""A unit as the declarations of a program: what its interface declares comes first, with `forward`."""

from __future__ import annotations

from crosstune.languages.pascal._source import Token, main_block, tokens

_ROUTINES = ("function", "procedure", "operator")
_TYPES = ("class", "record", "object", "interface")
_DIRECTIVES = ("overload", "inline", "cdecl", "stdcall", "register", "pascal", "safecall", "deprecated")
_Edit = tuple[int, int, str]


def as_program(text: str) -> str:
    """``text``, where it has a unit, without the unit's frame; its initialization is the main block."""
    found = tokens(text)
    words = [token.text for token in found]
    start = next((at for at in range(len(found)) if _is_unit(words, at)), None)
    if start is None or "interface" not in words[start:] or "implementation" not in words[start:]:
        return text
    opening, middle = words.index("interface", start), words.index("implementation", start)
    edits = [
        (found[start].begin, found[start + 2].end, ""),
        (found[opening].begin, found[opening].end, ""),
        (found[middle].begin, found[middle].end, ""),
        *((at, at, " forward;") for at in _heads(found[opening + 1 : middle])),
        *_end(found, words, middle),
    ]
    for begin, end, new in sorted(edits, reverse=True):
        text = text[:begin] + new + "\n" * text[begin:end].count("\n") + text[end:]
    return text


def _is_unit(words: list[str], at: int) -> bool:
    return words[at] == "unit" and words[at + 2 : at + 3] == [";"] and (at == 0 or words[at - 1] == ";")


def _heads(found: list[Token]) -> list[int]:
    """Where the heads of routines end, outside of types."""
    ends, depth = list[int](), 0
    for at, token in enumerate(found):
        before = found[at - 1].text if at else ";"
        after = found[at + 1].text if at + 1 < len(found) else ""
        if token.text == "end":
            depth -= 1
        elif token.text in _TYPES and after not in (";", "of") and before in ("=", "packed", ":", "of"):
            depth += 1
        elif token.text in _ROUTINES and depth == 0 and before in (";", "interface", ")", "]"):
            ends.append(_head_end(found, at))
    return ends


def _head_end(found: list[Token], at: int) -> int:
    depth = 0
    while at < len(found) and (depth or found[at].text != ";"):
        depth += (found[at].text == "(") - (found[at].text == ")")
        at += 1
    while at + 2 < len(found) and found[at + 1].text in _DIRECTIVES and found[at + 2].text == ";":
        at += 2
    return found[min(at, len(found) - 1)].end


def _end(found: list[Token], words: list[str], middle: int) -> list[_Edit]:
    """The unit's last part: `initialization` becomes `begin`, and a mere `end.` is left out."""
    last = next(
        (at for at in reversed(range(middle, len(found) - 1)) if words[at : at + 2] == ["end", "."]), None
    )
    if last is None:
        return []
    edits = list[_Edit]()
    if "finalization" in words[middle:last]:
        final = words.index("finalization", middle)
        edits.append((found[final].begin, found[last].begin, ""))
    if "initialization" in words[middle:last]:
        first = found[words.index("initialization", middle)]
        return [*edits, (first.begin, first.end, "begin")]
    if main_block(found) is None:
        edits.append((found[last].begin, found[last + 1].end, ""))
    return edits
