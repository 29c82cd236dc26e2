"""Types as they are written with angle brackets, such as ``map<string, vector<int>>``."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKENS = re.compile(r"[\w.$:?]+|[<>,&*]|\[[^\]]*\]")


@dataclass(frozen=True)
class TypeText:
    """``name`` may be of several words; ``marks`` are what follows it: ``&``, ``*``, ``[]``."""

    name: str
    arguments: tuple[TypeText, ...] = ()
    marks: tuple[str, ...] = ()


def parsed(text: str) -> TypeText:
    """
    Raises:
        ValueError: it is not written like that.
    """
    tokens = _TOKENS.findall(text)
    found, at = _parsed(tokens, 0)
    if at != len(tokens):
        raise ValueError(text)
    return found


def _parsed(tokens: list[str], at: int) -> tuple[TypeText, int]:
    words, arguments, marks = list[str](), list[TypeText](), list[str]()
    while at < len(tokens) and tokens[at] not in (",", ">"):
        part = tokens[at]
        at += 1
        if part == "<":
            while at < len(tokens) and tokens[at] != ">":
                inner, at = _parsed(tokens, at)
                arguments.append(inner)
                at += tokens[at : at + 1] == [","]
            at += 1
        elif part in ("&", "*") or part.startswith("["):
            marks.append(part)
        else:
            words.append(part)
    return TypeText(" ".join(words), tuple(arguments), tuple(marks)), at
