"""Tcl's values are texts: how they are read as lists and numbers."""

from __future__ import annotations

import re

_WORD = re.compile(r"[ \t\n\r\f\v]*(?:(?P<brace>\{)|(?P<quote>\")|(?P<bare>(?:\\[\s\S]|[^ \t\n\r\f\v\\])+))?")
_PART = re.compile(r"\\[\s\S]|[{}]|[^\\{}]+|\\")
_QUOTED = re.compile(r"((?:\\[\s\S]|[^\\\"])*)\"")
_ESCAPE = re.compile(r"\\(?:\n[ \t]*|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|([0-7]{1,3})|([\s\S]))")
_LETTERS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_INTEGER = re.compile(r"\s*([+-]?)(?:(\d+)|0x([0-9a-fA-F]+)|0b([01]+)|0o([0-7]+))\s*", re.ASCII)
_FLOAT = re.compile(
    r"\s*[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|inf(?:inity)?|nan)\s*", re.ASCII | re.IGNORECASE
)
_MOST_DIGITS = 4000
_TRUE, _FALSE = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off"})


def words(text: str) -> list[str] | None:
    """The items of a list; None if the text is none."""
    found, at = list[str](), 0
    while True:
        match = _WORD.match(text, at)
        assert match is not None
        at = match.end()
        if match["bare"] is not None:
            found.append(_unescaped(match["bare"]))
        elif match.lastgroup is None:
            return found
        else:
            word, at = _braced(text, at) if match["brace"] else _in_quotes(text, at)
            if at < 0 or (at < len(text) and not text[at].isspace()):
                return None
            found.append(word)


def _braced(text: str, at: int) -> tuple[str, int]:
    """What is in the braces that begin before ``at``, and the place behind them (-1: they do not end)."""
    begin, depth = at, 1
    for part in _PART.finditer(text, at):
        depth += (part[0] == "{") - (part[0] == "}")
        if not depth:
            return text[begin : part.start()], part.end()
    return "", -1


def _in_quotes(text: str, at: int) -> tuple[str, int]:
    match = _QUOTED.match(text, at)
    return (_unescaped(match[1]), match.end()) if match else ("", -1)


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(match: re.Match[str]) -> str:
    codes = [int(digits, base) for digits, base in zip(match.groups(), (16, 16, 8), strict=False) if digits]
    if codes:
        return chr(codes[0])
    return _LETTERS.get(match[4], match[4]) if match[4] else " "


def number(text: str) -> float | None:
    """The number that a text is; None if it is none."""
    if len(text) > _MOST_DIGITS:
        return None
    if match := _INTEGER.fullmatch(text):
        sign, *digits = match.groups()
        value = next(
            int(each, base) for each, base in zip(digits, (10, 16, 2, 8), strict=True) if each is not None
        )
        return -value if sign == "-" else value
    return float(text) if _FLOAT.fullmatch(text) else None


def truth(text: str) -> bool | None:
    """The truth value that a text is; None if it is none."""
    word = text.strip().lower()
    return True if word in _TRUE else False if word in _FALSE else None
