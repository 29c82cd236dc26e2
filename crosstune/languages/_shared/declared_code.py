"""Reads the functions of declarations in languages with braces, from masked code (`curly.masked`)."""

from __future__ import annotations

import re

from crosstune.errors import DataError
from crosstune.languages._shared import curly


def closing(code: str, begin: int) -> int:
    """Where the parenthesis closes that is open at a position.

    Raises:
        DataError: nowhere.
    """
    depth = 1
    for at in range(begin, len(code)):
        depth += (code[at] == "(") - (code[at] == ")")
        if depth == 0:
            return at
    raise DataError("the parameters of a declared function are not closed")


def separated(text: str) -> list[str]:
    """What commas separate outside of all brackets."""
    parts, depth = [""], 0
    for each in text:
        depth += (each in "<([") - (each in ">)]")
        if each == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += each
    return [part.strip() for part in parts if part.strip()]


def enclosing(code: str, pattern: re.Pattern[str]) -> list[re.Match[str]]:
    """The heads of the blocks in which a text ends, the outermost first, as far as the pattern finds them."""
    open_blocks = list[int]()
    for at, _ in curly.depths(code):
        if code[at] == "{":
            open_blocks.append(at)
        elif open_blocks:
            open_blocks.pop()
    begins = [max(code.rfind(mark, 0, at) for mark in "{};") + 1 for at in open_blocks]
    heads = (list(pattern.finditer(code[begin:at])) for begin, at in zip(begins, open_blocks, strict=True))
    return [found[-1] for found in heads if found]
