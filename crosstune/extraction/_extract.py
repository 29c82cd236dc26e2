"""From a model's answer to the candidate program that it means."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from crosstune.extraction._blocks import Block, code_blocks, repaired
from crosstune.extraction._closure import Pool, needed, needed_imports, needed_statements
from crosstune.extraction._compose import compose, continued_class, squeezed
from crosstune.extraction._declaration import read_declaration
from crosstune.extraction._edits import edited
from crosstune.extraction._items import Item, items
from crosstune.extraction._parse import CodeParser, decoded, encoded
from crosstune.extraction._plain import plain_code
from crosstune.extraction._reasoning import without_reasoning
from crosstune.languages import Language, Syntax
from crosstune.records import Problem

_FENCE = re.compile(r"^[ \t]*(?:`{3,}|~{3,})[ \t]*([\w+#.-]*)[^\n`]*$", re.MULTILINE)
_BLANK_FIRST = re.compile(r"(?:[^\S\n]*\n)+[ \t]+\S|(?:[ ]{2}|\t)[ \t]*\S")


class How(StrEnum):
    """How the candidate was found."""

    DEFINITION = "definition"
    """The answer defines what was asked for."""
    CONTINUATION = "continuation"
    """The answer continues the declaration."""
    EDIT = "edit"
    """The answer edits the given code."""
    BLOCK = "block"
    """The code block as it is: the grammar, if the language has one, does not know some of its words."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the candidate. ``start`` and ``end`` are where it is in the answer, in characters; -1 where
    it comes from the declaration (``origin`` is then ``declaration``) or was added."""

    origin: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Extraction:
    """The ``candidate`` (complete code, ready for the problem's tests), how it was found, its parts, and
    what of the answer was left out, as (start, end) in characters."""

    candidate: str
    how: How
    parts: tuple[Part, ...] = ()
    left: tuple[tuple[int, int], ...] = ()


def extract(language: Language, problem: Problem, answer: str) -> Extraction:
    """The candidate that ``answer`` means; an answer without code gives one that does not run, no error.

    Reasoning is removed first. An answer that defines what was asked for gives the last complete definition
    with all that it needs of the whole answer (imports, constants, types, helpers), without its own main,
    example calls and tests, and with what the declaration has around the function. Any other answer
    continues the declaration, up to the function's end.
    """
    text = without_reasoning(answer).replace("\r\n", "\n").removeprefix("\ufeff").lstrip("\ufeff")
    if language.syntax is None:
        candidate, how = _without_grammar(language, problem, text), How.BLOCK
    else:
        candidate, how = _Extractor(language, language.syntax, problem).extract(text)
    return Extraction(candidate, how, *_parts(candidate, answer))


def _without_grammar(language: Language, problem: Problem, text: str) -> str:
    """The first block that names what was asked for, else the first of the language, else everything."""
    blocks = code_blocks(text, lambda _info, _code: True)
    ours = [block for block in blocks if block.info in language.fences] or blocks
    named = [block for block in ours if problem.entry_point and problem.entry_point in block.code]
    if not ours:
        return (problem.declaration + text).rstrip() + "\n"
    return (named or ours)[0].code.rstrip() + "\n"


class _Extractor:
    def __init__(self, language: Language, syntax: Syntax, problem: Problem) -> None:
        self.language, self.syntax, self.problem = language, syntax, problem
        self.parser = CodeParser(syntax.grammar)
        self._parsed: dict[tuple[str, int], list[Item]] = {}
        self.declaration = read_declaration(syntax, self.parser, problem)

    def extract(self, text: str) -> tuple[str, How]:
        blocks = code_blocks(text, self._is_whole_block)
        fenced = bool(blocks) and _FENCE.search(text) is not None
        if (changed := edited(self.problem.buggy, text, blocks)) is not None:
            return self._whole(changed), How.EDIT
        if not blocks:
            return self._plain(text)
        if fenced and (head := self._head(text)) is not None:
            return self._plain(head)
        codes = [repaired(block.code, self.errors) for block in self._ours(blocks)]
        return self._everything("\n\n".join(codes)) or self._from_codes(codes)

    def _everything(self, code: str) -> tuple[str, How] | None:
        """All of ``code`` where the problem names neither a function nor a declaration."""
        if self.declaration.name or self.problem.declaration.strip():
            return None
        return code.strip("\n").rstrip() + "\n", How.BLOCK

    def items(self, code: str, number: int = 0) -> list[Item]:
        """The items of ``code``, the block ``number``."""
        if (code, number) not in self._parsed:
            self._parsed[code, number] = items(self.syntax, self.parser, code, number)
        return self._parsed[code, number]

    def _is_whole_block(self, info: str, code: str) -> bool:
        return (bool(info) and info not in self.language.fences) or self.is_whole(code)

    def is_whole(self, code: str) -> bool:
        root = self.parser.parse(code)
        return root is not None and not root.has_error

    def errors(self, code: str) -> int:
        """The number of syntax errors; one where the code cannot be parsed at all."""
        root = self.parser.parse(code)
        if root is None:
            return 1
        if not root.has_error:
            return 0
        count, waiting = 0, [root]
        while waiting:
            node = waiting.pop()
            count += node.type == "ERROR" or node.is_missing
            waiting += [child for child in node.children if child.has_error]
        return max(count, 1)

    def _ours(self, blocks: Sequence[Block]) -> list[Block]:
        """The blocks of this language and those without one; all, where only others hold what was asked."""
        fences = self.language.fences
        ours = [block for block in blocks if block.info in fences or not block.info]
        labelled = [block for block in ours if block.info]
        if labelled and len(labelled) < len(ours):
            ours = [block for block in ours if block.info or self.is_whole(block.code)]
        name = self.declaration.name
        if not ours or (name and not any(name in block.code for block in ours)):
            others = [block for block in blocks if name and name in block.code]
            return others or ours or list(blocks)
        return ours

    def _from_codes(self, codes: Sequence[str]) -> tuple[str, How]:
        if found := self._defined(codes):
            return found, How.DEFINITION
        if unread := next((code for code in reversed(codes) if self._repeats_declaration(code)), None):
            return self._as_it_is(unread), How.BLOCK
        first = next((code for code in codes if code.strip()), "")
        return self._continued(first), How.CONTINUATION

    def _repeats_declaration(self, code: str) -> bool:
        """Whether the function's header is in ``code``: it defines the function in words that the grammar
        does not know."""
        header = squeezed(self.problem.declaration.rstrip().rpartition("\n")[2]).rstrip("{:")
        return bool(header) and header in squeezed(code)

    def _as_it_is(self, code: str) -> str:
        """``code`` after what the declaration has before the function and ``code`` has not."""
        given = [item.text for item in self.declaration.before if squeezed(item.text) not in squeezed(code)]
        return "\n".join([*given, code.strip("\n").rstrip(), ""])

    def _defined(self, codes: Sequence[str]) -> str | None:
        """The candidate of an answer that defines what was asked for."""
        found = [item for number, code in enumerate(codes) for item in self._items(code, number)]
        pool = Pool(self.syntax, found)
        name = self.declaration.name
        chosen = pool.answer(name, in_class=bool(self.declaration.container)) if name else None
        if chosen is None:
            return None
        return compose(self.declaration, pool, chosen)

    def _items(self, code: str, number: int) -> list[Item]:
        """The items of a block; a class is put around bare methods where one was asked for."""
        found = self.items(code, number)
        name, header = self.declaration.name, self.declaration.header
        pool = Pool(self.syntax, found)
        bare = pool.answer(name, in_class=True)
        if header.endswith("{") and name in code and (bare is None or not bare.whole):
            inside = self.items(f"{header}\n{code}\n}}\n", number)
            again = Pool(self.syntax, inside).answer(name, in_class=True)
            if again is not None and again.whole:
                return inside
        return found

    def _whole(self, code: str) -> str:
        return self._defined([code]) or code.rstrip() + "\n"

    def _head(self, text: str) -> str | None:
        """The text before the first fence where that is the code: the fence closes one that the prompt
        opened, or begins an example."""
        head = _FENCE.split(text, maxsplit=1)[0]
        if not head.strip():
            return None
        fences = [match[1] for match in _FENCE.finditer(text)]
        if _BLANK_FIRST.match(head) or (len(fences) % 2 == 1 and not fences[0]):
            return head
        return head if self.problem.declaration.strip() and self._continues(head) else None

    def _continues(self, text: str) -> bool:
        """Whether the declaration is whole with ``text`` behind it."""
        code, boundary = self._joined(text)
        item = self._open_item(self.items(code), boundary)
        return item is not None and item.whole

    def _plain(self, text: str) -> tuple[str, How]:
        """An answer without fences: code, or code between sentences."""
        text = repaired(text, self.errors)
        if everything := self._everything(text):
            return everything
        if _BLANK_FIRST.match(text) and self.problem.declaration.strip():
            return self._continued(text), How.CONTINUATION
        code = text if self.is_whole(text) else plain_code(self.syntax, self.parser, text)
        name = self.declaration.name
        pool = Pool(self.syntax, self._items(code, 0))
        chosen = pool.answer(name, in_class=bool(self.declaration.container)) if name else None
        if (chosen is None or not chosen.whole) and self._repeats_declaration(text):
            return self._as_it_is(text), How.BLOCK
        if chosen is not None and not self._ends_before(text, chosen):
            return self._defined([code]) or self._continued(text), How.DEFINITION
        return self._continued(text), How.CONTINUATION

    def _ends_before(self, text: str, chosen: Item) -> bool:
        """Whether the text continues the declaration and only then defines the function once more."""
        if not self.problem.declaration.strip():
            return False
        first = chosen.text.strip().partition("\n")[0]
        head = text[: max(text.find(first), 0)]
        return bool(head.strip()) and not self.is_whole(head) and self._continues(head)

    def _joined(self, text: str) -> tuple[str, int]:
        """The declaration with ``text`` behind it, and the length of the declaration in bytes."""
        declaration = self.problem.declaration.rstrip()
        first, _, rest = text.partition("\n")
        boundary = len(encoded(declaration))
        if not declaration or not first.strip() or not _BLANK_FIRST.match(text):
            indents = self.syntax.indented and declaration and rest.strip()
            if indents and first.strip() and not first[0].isspace():
                return f"{declaration}\n{_indent(rest.splitlines())}{text}", boundary
            return declaration + text, boundary
        return f"{declaration}\n{text}", boundary

    def _open_item(self, found: Sequence[Item], boundary: int) -> Item | None:
        """The item that the declaration left open and the text closes."""
        before = [item for item in found if item.node.start_byte <= boundary]
        if not before or (before[-1].end <= boundary and self.problem.declaration.strip()):
            return None
        name = self.declaration.name
        return before[-1] if not name or Pool(self.syntax, before).holds(before[-1], name) else None

    def _continued(self, text: str) -> str:
        """The declaration with ``text`` behind it, up to where the function ends."""
        for attempt in self._attempts(text):
            code, boundary = self._joined(attempt)
            found = self.items(code)
            item = self._open_item(found, boundary)
            if item is None:
                continue
            if self.declaration.container:
                if closed := continued_class(self.declaration, Pool(self.syntax, found), item, code):
                    return closed
            elif item.whole:
                return self._with_helpers(code, found, item)
        code, _ = self._joined(text)
        return code.rstrip() + "\n"

    def _attempts(self, text: str) -> list[str]:
        """The text; the text up to where a base model begins something new; the text indented as a body."""
        attempts = [text]
        stops = [at for stop in self.language.stops if (at := text.find(stop, 1)) > 0]
        if stops:
            attempts.append(text[: min(stops)])
        if self.syntax.indented and self.problem.declaration.strip():
            last = self.problem.declaration.rstrip().rpartition("\n")[2]
            indent = last[: len(last) - len(last.lstrip())] + "    "
            attempts.append("\n" + textwrap.indent(textwrap.dedent(text.strip("\n")), indent))
        return attempts

    def _with_helpers(self, code: str, found: list[Item], item: Item) -> str:
        """The code up to the function's end, and the later items that the function needs."""
        pool = Pool(self.syntax, found)
        name = self.declaration.name
        kept = needed(pool, [item], name)
        extra = {*kept, *needed_imports(pool, kept), *needed_statements(pool, kept, name)}
        later = [each for each in found[found.index(item) + 1 :] if each in extra]
        code = decoded(encoded(code)[: item.end])
        return "\n".join([code.rstrip(), *("\n" + each.text for each in later)]).rstrip() + "\n"


def _parts(candidate: str, answer: str) -> tuple[tuple[Part, ...], tuple[tuple[int, int], ...]]:
    """Which lines of the candidate are where in the answer, and what of the answer is not in it."""
    parts: list[Part] = []
    at = 0
    for text in candidate.splitlines(keepends=True):
        line = text.strip()
        start = answer.find(line, at) if line else -1
        if line and start < 0:
            start = answer.find(line)
        if start >= 0:
            at = start + len(line)
        origin = "answer" if start >= 0 else "declaration"
        end = start + len(line) if start >= 0 else -1
        if parts and (parts[-1].origin == origin or not line):
            last = parts.pop()
            joined = origin == "answer" and line and start >= last.end
            if joined or not line or origin != "answer":
                begin, until = last.start, end if joined else last.end
                parts.append(Part(last.origin, last.text + text, begin, until))
                continue
            parts.append(last)
        parts.append(Part(origin, text, start, end))
    return tuple(parts), tuple(
        _gaps([(part.start, part.end) for part in parts if part.start >= 0], len(answer))
    )


def _gaps(spans: Sequence[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    gaps, at = [], 0
    for start, end in sorted(spans):
        if start > at:
            gaps.append((at, start))
        at = max(at, end)
    return [*gaps, (at, length)] if at < length else gaps


def _indent(lines: Sequence[str]) -> str:
    """The smallest indentation there is."""
    found = [line[: len(line) - len(line.lstrip())] for line in lines if line.strip()]
    return min((indent for indent in found if indent), key=len, default="    ")
