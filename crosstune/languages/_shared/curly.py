"""Read source text of languages with braces, without its comments and texts: where blocks begin and end.

It is for text that no parser takes as it is, such as tests that begin in the middle of a class.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MOST_NESTED = 40
"""Texts with code in texts with code; deeper ones count as open."""


@dataclass(frozen=True)
class Lexis:
    """How a language writes comments, texts and declarations.

    ``declares`` matches the declaration of a member, with its name as the group. ``opening`` matches what
    begins a text, up to its last quote. ``interpolation`` begins code in a text whose opening matches
    ``interpolated``. ``unescaped`` openings are of texts without backslashes.
    """

    declares: re.Pattern[str]
    opening: str
    interpolated: re.Pattern[str]
    interpolation: str
    unescaped: re.Pattern[str]
    nested_comments: bool = False


_CHARACTER = r"'(?:\\[ux][0-9a-fA-F]{1,8}|\\.|[^'\\\n])'"


class _Reader:
    def __init__(self, text: str, lexis: Lexis) -> None:
        self.text, self.lexis, self.at, self.open = text, lexis, 0, False
        self.kept = list[str]()
        self._token = re.compile(
            rf"//[^\n]*|(?P<comment>/\*)|(?P<text>{lexis.opening})|(?P<blank>{_CHARACTER})"
            rf"|(?P<brace>[{{}}])|\w+|\s+|.",
            re.DOTALL,
        )

    def code(self, depth: int = 0) -> None:
        """Up to the end or, inside of a text, to the brace that ends its code."""
        braces = 0
        while self.at < len(self.text):
            match = self._token.match(self.text, self.at)
            assert match
            kind, start = match.lastgroup, self.at
            if depth and match["brace"]:
                braces += 1 if match["brace"] == "{" else -1
                if braces < 0:
                    return
            self.at = match.end()
            if kind == "comment":
                self._comment()
            elif kind == "text":
                self._text(match["text"], depth)
            is_code = kind in (None, "brace") and not match[0].startswith("//") and not depth
            self.kept.append(match[0] if is_code else _blank(self.text[start : self.at]) if not depth else "")
        self.open = self.open or depth > 0

    def _comment(self) -> None:
        deep = 1
        for match in re.compile(r"/\*|\*/").finditer(self.text, self.at):
            deep += 1 if match[0] == "/*" and self.lexis.nested_comments else -1 if match[0] == "*/" else 0
            if not deep:
                self.at = match.end()
                return
        self.at, self.open = len(self.text), True

    def _text(self, opening: str, depth: int) -> None:
        quote = '"""' if opening.endswith('"""') else '"'
        code = self.lexis.interpolation if self.lexis.interpolated.search(opening) else ""
        plain = bool(self.lexis.unescaped.search(opening))
        while self.at < len(self.text):
            if self.text.startswith(quote, self.at):
                self.at += len(quote)
                if not (plain and quote == '"' and self.text.startswith('"', self.at)):
                    while quote == '"""' and self.text.startswith('"', self.at):
                        self.at += 1
                    return
                self.at += 1
            elif (self.text[self.at] == "\\" and not plain) or (
                code and self.text.startswith(code * 2, self.at) and code == "{"
            ):
                self.at += 2
            elif code and self.text.startswith(code, self.at):
                self.at += len(code)
                if depth >= _MOST_NESTED:
                    break
                self.code(depth + 1)
                self.at += 1
            elif self.text[self.at] == "\n" and quote == '"' and not plain:
                return
            else:
                self.at += 1
        self.at, self.open = len(self.text), True


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def masked(text: str, lexis: Lexis) -> str:
    """``text`` with blanks in the place of comments, texts and characters."""
    return _read(text, lexis)[0]


def ends_in_code(text: str, lexis: Lexis) -> bool:
    """Whether no comment and no text is open at the end."""
    return not _read(text, lexis)[1]


def _read(text: str, lexis: Lexis) -> tuple[str, bool]:
    reader = _Reader(text, lexis)
    reader.code()
    return "".join(reader.kept), reader.open


def depths(code: str) -> Iterator[tuple[int, int]]:
    """The position of each brace of masked code, and the depth after it."""
    depth = 0
    for match in re.finditer(r"[{}]", code):
        depth += 1 if match[0] == "{" else -1
        yield match.start(), depth


def is_balanced(code: str) -> bool:
    """Whether each block of masked code begins and ends in it."""
    found = [depth for _, depth in depths(code)]
    return not found or (min(found) >= 0 and found[-1] == 0)


def block_end(code: str, opening: int) -> int:
    """Where the block ends whose brace is at ``opening``: the position of the closing one; -1: nowhere."""
    return next((opening + at for at, depth in depths(code[opening:]) if depth == 0), -1)


def parted(text: str, lexis: Lexis) -> tuple[str, str]:
    """What continues a class, without the braces at its beginning that close what precedes it and those that
    end the class; and what comes after the class."""
    leading = re.match(r"[\s}]*", masked(text, lexis))
    assert leading
    text = text[leading.end() :]
    code = masked(text, lexis)
    end = next((at for at, depth in depths(code) if depth < 0), len(text))
    closers = re.match(r"[\s}]*", code[end:])
    assert closers
    return text[:end], text[end + closers.end() :]


def with_members(text: str, lexis: Lexis, types: re.Pattern[str], members: str, called: set[str]) -> str:
    """``text`` with further members in the type whose members have most of the names ``called``; unchanged if
    it has no type. ``types`` matches the beginning of a type."""
    code = masked(text, lexis)
    best, most = -1, -1
    for match in types.finditer(code):
        opening = code.find("{", match.end())
        end = block_end(code, opening) if opening >= 0 else -1
        if end < 0:
            continue
        declared = len(called.intersection(_members(code[opening + 1 : end], lexis)))
        if declared > most:
            best, most = end, declared
    return f"{text[:best]}\n{members}\n{text[best:]}" if best >= 0 else text


def _members(body: str, lexis: Lexis) -> set[str]:
    """What a type declares outside of its inner blocks."""
    outside, begin = list[str](), 0
    for at, depth in depths(body):
        if depth == 1 and body[at] == "{":
            outside.append(body[begin:at])
        begin = at + 1 if depth == 0 else begin
    outside.append(body[begin:])
    return set(lexis.declares.findall("\n".join(outside)))


def called_names(code: str) -> set[str]:
    return set(re.findall(r"(\w+)\s*[(<\[]", code))


def replaced(text: str, lexis: Lexis, pattern: re.Pattern[str], by: str) -> str:
    """``text`` with what matches in its code replaced (``by`` as in `re.sub`)."""
    code, parts, end = masked(text, lexis), list[str](), 0
    for match in pattern.finditer(code):
        parts += (text[end : match.start()], match.expand(by))
        end = match.end()
    return "".join((*parts, text[end:]))
