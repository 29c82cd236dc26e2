"""Find the code blocks of an answer that is written as Markdown or HTML."""

from __future__ import annotations

import functools
import html
import itertools
import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from crosstune.extraction._frames import here_documents, listings_as_fences

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_CLOSER = re.compile(r"^[ \t]*(`{3,}|~{3,})[ \t]*$")
_GLUED = re.compile(r"^(.*[^`~\s])(`{3,}|~{3,})[ \t]*$")
_OPENER = re.compile(r"^[ \t]*(?:`{3,}|~{3,})[ \t]*([\w+#-]*)[ \t]*$")
_CLOSED = re.compile(r"\n[ \t]*(?:`{3,}|~{3,})[ \t]*\n?\Z")
_MOST_REPAIRS = 8
_MOST_EXTENSIONS, _MOST_LINES = 4, 400
# Markdown takes up to 50 us a line. No answer that means anything is as long.
_MOST_MARKDOWN_LINES = 3000
_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})[ \t]*([^`\n]*?)[ \t]*$")

IsWhole = Callable[[str, str], bool]
"""Whether a block (its info string, its code) parses without an error, if it is of the language asked for."""


@dataclass(frozen=True)
class Block:
    """A code block; ``info`` is its language as the answer names it, in lower case; may be empty."""

    info: str
    code: str


@dataclass(frozen=True)
class _Fenced:
    """A fenced block: its info string, its fence and its code; its lines with both fences, as a slice."""

    info: str
    fence: str
    code: str
    begin: int
    end: int


def code_blocks(text: str, is_whole: IsWhole) -> list[Block]:
    """The fenced and HTML code blocks of ``text``, in their order.

    Two faults that models often make are repaired where the code then parses: a closing fence at the end of
    the last line of code, and a fence inside of a comment or string that closes the block early. An answer of
    thousands of lines is read by its fences alone.
    """
    text = listings_as_fences(text)
    if "```" not in text and "~~~" not in text:
        return list(_html_blocks(text))
    found: list[Block] = []
    rest: str | None = text
    for _ in range(_MOST_REPAIRS):
        if rest is None:
            break
        blocks, rest = _until_repair(rest, is_whole)
        found += blocks
    else:
        found += _until_repair(rest or "", lambda _info, _code: True)[0]
    return [inner for block in found for inner in _opened(block, is_whole)]


def _opened(block: Block, is_whole: IsWhole) -> list[Block]:
    """The blocks inside of a block of Markdown or HTML, and a block without a second opening fence."""
    first, _, rest = block.code.partition("\n")
    if block.info in ("markdown", "md") and ("```" in block.code or "~~~" in block.code):
        return code_blocks(block.code, is_whole)
    if block.info == "html":
        return [block, *_html_blocks(block.code)]
    if opener := _OPENER.match(first):
        return [Block(opener[1].lower() or block.info, _CLOSED.sub("", rest))]
    return [block, *(Block("", code) for code in here_documents(block.code))]


def indented_blocks(text: str) -> list[str]:
    """The code blocks of a text without fences that indentation makes."""
    if _is_long(text):
        return []
    return [token.content for token in _markdown().parse(text) if token.type == "code_block"]


def _is_long(text: str) -> bool:
    return text.count("\n") > _MOST_MARKDOWN_LINES


def _until_repair(text: str, is_whole: IsWhole) -> tuple[list[Block], str | None]:
    """The blocks up to the first that has to be repaired (included), and the text after it."""
    lines = text.splitlines(keepends=True)
    found: list[Block] = []
    for each in _by_fences(lines) if _is_long(text) else _by_markdown(text):
        if isinstance(each, Block):
            found.append(each)
            continue
        info = (each.info.split() or [""])[0].strip("{}.").lower()
        if not each.code.strip():
            if not found or found[-1].code.strip():
                found.append(Block(info, each.code))
            continue
        is_whole_code = functools.partial(is_whole, info)
        if not is_whole_code(each.code):
            repaired = _glued(each.code, each.fence, is_whole_code)
            if repaired is not None:
                inside, after = repaired
                return [*found, Block(info, inside)], after + "".join(lines[each.end :])
            if extended := _extended(lines, each, is_whole_code):
                inside, last = extended
                return [*found, Block(info, inside)], "".join(lines[last + 1 :])
        found.append(Block(info, each.code))
    return found, None


def _by_markdown(text: str) -> Iterator[_Fenced | Block]:
    """The fenced blocks, and those of HTML."""
    for token in _markdown().parse(text):
        if token.type == "html_block":
            yield from _html_blocks(token.content)
        elif token.type == "fence" and token.map is not None:
            yield _Fenced(token.info, token.markup, token.content, *token.map)


def _by_fences(lines: Sequence[str]) -> Iterator[_Fenced]:
    """The fenced blocks, whatever is around them."""
    begin, opener = 0, None
    for number, line in enumerate(lines):
        match = _FENCE.match(line)
        if match is None:
            continue
        if opener is None:
            begin, opener = number, match
        elif not match[2] and match[1].startswith(opener[1]):
            yield _Fenced(opener[2], opener[1], "".join(lines[begin + 1 : number]), begin, number + 1)
            opener = None
    if opener is not None:
        yield _Fenced(opener[2], opener[1], "".join(lines[begin + 1 :]), begin, len(lines))


def _glued(code: str, fence: str, is_whole: Callable[[str], bool]) -> tuple[str, str] | None:
    """The code before a closing fence at the end of a line, and the text after it."""
    lines = code.splitlines(keepends=True)
    for number, line in enumerate(lines):
        match = _GLUED.match(line)
        if match and match[2][0] == fence[0] and len(match[2]) >= len(fence):
            inside = "".join(lines[:number]) + match[1] + "\n"
            if is_whole(inside) or number == len(lines) - 1:
                return inside, "".join(lines[number + 1 :])
    return None


def _extended(
    lines: Sequence[str], block: _Fenced, is_whole: Callable[[str], bool]
) -> tuple[str, int] | None:
    """The code up to a later closing fence with which it is whole, and that fence's line."""
    closers = (
        number
        for number in range(block.end, min(block.end + _MOST_LINES, len(lines)))
        if (match := _CLOSER.match(lines[number])) and match[1][0] == block.fence[0]
    )
    for closer in itertools.islice(closers, _MOST_EXTENSIONS):
        code = "".join(lines[block.begin + 1 : closer])
        if is_whole(code):
            return code, closer
    return None


@functools.cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark")
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


class _Pre(HTMLParser):
    """Collects what is inside of ``<pre>`` and ``<script>`` elements."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._depth, self._info, self._text = 0, "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("pre", "script"):
            self._depth += 1
            self._info = "javascript" if tag == "script" else self._info
        if tag in ("pre", "code") and self._depth:
            match = re.search(r"(?:language|lang|brush:)-?\s*([\w+#-]+)", dict(attrs).get("class") or "")
            self._info = match[1].lower() if match else self._info

    def handle_data(self, data: str) -> None:
        if self._depth:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("pre", "script") and self._depth:
            self._depth -= 1
            self.blocks.append(Block(self._info, self._text.lstrip("\n")))
            self._info = self._text = ""


def _html_blocks(text: str) -> Iterator[Block]:
    if "<pre" in text.lower() or "<script" in text.lower():
        parser = _Pre()
        parser.feed(text)
        yield from parser.blocks


def repaired(code: str, errors: Callable[[str], int]) -> str:
    """``code`` without what a chat's way to the harness added, where it then has fewer syntax errors.

    Tried are invisible characters, blanks that no grammar knows, HTML escapes and typographic quotes.
    """
    count = errors(code)
    for change in (_visible, _plain_spaces, html.unescape, _straight_quotes, textwrap.dedent):
        if not count:
            return code
        changed = change(code)
        if changed != code and (left := errors(changed)) < count:
            code, count = changed, left
    return code


def _visible(code: str) -> str:
    return re.sub("[\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f]", "", code)


def _plain_spaces(code: str) -> str:
    return re.sub("[\u00a0\u2000-\u200a\u202f\u205f\u3000]", " ", code)


def _straight_quotes(code: str) -> str:
    return code.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'})
