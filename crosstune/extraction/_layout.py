"""The candidate of an answer in a language without a grammar: from the lines that begin its items."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crosstune.languages import Layout

_WORD = re.compile(r"[^\W\d][\w$]*")


@dataclass(frozen=True)
class _Item:
    """``names`` are what it defines, ``owner`` is what it belongs to; ``extends``: it gives a type of the
    language a method."""

    text: str
    names: frozenset[str]
    owner: str
    extends: bool = False

    @property
    def words(self) -> frozenset[str]:
        return frozenset(_WORD.findall(self.text))


def candidate(layout: Layout, declaration: str, name: str, codes: Sequence[str], text: str) -> str:
    """What the blocks ``codes`` of an answer, or its whole ``text``, mean for the function ``name``.

    A definition is taken with all that it needs of the answer, and of the declaration what the answer lacks.
    Any other answer continues the declaration, up to the end of the function.
    """
    if layout.exported:
        codes = [layout.exported(code, name) for code in codes or [text]]
    found = [item for code in codes or [text] for item in _items(layout, code)]
    if any(name in item.names for item in found):
        given = [item for item in _items(layout, declaration) if name not in item.names]
        kept = _needed(found, name)
        defined = frozenset[str]().union(*(item.names for item in kept))
        return _joined([each for each in given if not each.names & defined] + kept)
    begun = _items(layout, _closed(layout, declaration.rstrip() + "\n" + (codes or [text])[0]))
    at = next((at for at in range(len(begun)) if name in begun[at].names), len(begun) - 1)
    return _joined(begun[: at + 1] + [each for each in _needed(begun, name) if each in begun[at + 1 :]])


def _closed(layout: Layout, code: str) -> str:
    """``code`` with the last brace, if it lacks just that."""
    plain = layout.braces.sub("", code) if layout.braces else ""
    return f"{code.rstrip()}\n}}\n" if plain.count("{") == plain.count("}") + 1 else code


def is_whole(layout: Layout, code: str) -> bool:
    """Whether no text or comment of several lines is open at its end."""
    inside = ""
    for line in code.split("\n"):
        inside = _inside(layout, line, inside)
    return not inside


def _joined(items: Sequence[_Item]) -> str:
    return "\n\n".join(item.text.strip("\n") for item in items).rstrip() + "\n"


def _needed(items: Sequence[_Item], name: str) -> list[_Item]:
    """The last definition of a name and of all that it uses, in their order."""
    last = {each: item for item in items for each in item.names}
    kept = [item for item in items if item.extends and name not in item.words]
    waiting = [name, *(word for item in kept for word in item.words)]
    while waiting:
        current = waiting.pop()
        belonging = [item for item in items if item.owner and item.owner == current]
        for item in ([last[current]] if current in last else []) + belonging:
            if item not in kept:
                kept.append(item)
                waiting += item.words
    return [item for item in items if item in kept]


def _items(layout: Layout, code: str) -> list[_Item]:
    parts, inside = list[list[str]](), ""
    comments = list[str]()
    for line in code.split("\n"):
        begins = bool(line) and not line[0].isspace() and not inside and not layout.continues.match(line)
        inside = _inside(layout, line, inside)
        if begins and line.startswith(layout.comment):
            comments.append(line)
        elif begins or not parts:
            parts.append([*comments, line])
            comments = []
        else:
            parts[-1] += [*comments, line]
            comments = []
    return [_item(layout, lines) for lines in parts if any(line.strip() for line in lines)]


def _inside(layout: Layout, line: str, inside: str) -> str:
    """The mark of the text that goes on after the line; empty if none does."""
    for mark in layout.quotes:
        if inside in ("", mark) and line.count(mark) % 2:
            return "" if inside else mark
    return inside


def _item(layout: Layout, lines: list[str]) -> _Item:
    code = [line for line in lines if not line.startswith(layout.comment)]
    first = "\n".join(code)
    defined, belongs = layout.defines.match(first), layout.belongs and layout.belongs.match(first)
    groups = filter(None, defined.groups()) if defined else ()
    names = frozenset[str](_WORD.findall(" ".join(groups)))
    owner = belongs[1] if belongs and not defined else ""
    extends = layout.extends is not None and layout.extends.match(first) is not None
    return _Item("\n".join(lines), names, owner, extends)
