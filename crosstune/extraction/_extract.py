"""From a model's answer to the candidate program that it means."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from crosstune.extraction._blocks import Block, code_blocks, indented_blocks, repaired
from crosstune.extraction._closure import Pool
from crosstune.extraction._compose import compose, squeezed
from crosstune.extraction._continuation import Continuation, begins_indented
from crosstune.extraction._edits import edited, is_edit
from crosstune.extraction._frames import json_texts, quotes_as_fences, yaml_texts
from crosstune.extraction._items import Item
from crosstune.extraction._layout import candidate as candidate_by_layout
from crosstune.extraction._layout import is_whole
from crosstune.extraction._margins import without_numbers, without_prompts, without_signs
from crosstune.extraction._plain import plain_code
from crosstune.extraction._reader import CodeReader
from crosstune.extraction._result import Extraction, How
from crosstune.extraction._wrapping import without_wrapping
from crosstune.languages import Language, Syntax
from crosstune.reasoning import without_reasoning
from crosstune.records import Problem

_FENCE = re.compile(r"^[ \t]*(?:`{3,}|~{3,})[ \t]*([\w+#.-]*)[^\n`]*$", re.MULTILINE)

Found = tuple[str, How]


def extract(language: Language, problem: Problem, answer: str) -> Extraction:
    """The candidate that ``answer`` means; an answer without code gives one that does not run, no error.

    Reasoning is removed first. An answer that defines what was asked for gives the last complete definition
    with all that it needs of the whole answer (imports, constants, types, helpers), without its own main,
    example calls and tests, and with what the declaration has around the function. Any other answer
    continues the declaration, up to the function's end.
    """
    text = without_wrapping(without_reasoning(answer)).replace("\r\n", "\n").lstrip("\ufeff")
    text = without_numbers(quotes_as_fences(text, language.fences))
    if language.syntax is None:
        return Extraction(_without_grammar(language, problem, text), How.BLOCK, answer)
    candidate, how = _Extractor(language, language.syntax, problem).extract(text)
    return Extraction(_ended(language, language.syntax, candidate), how, answer)


def _ended(language: Language, syntax: Syntax, candidate: str) -> str:
    """``candidate`` with what ends its last item."""
    lines = candidate.splitlines()
    while lines and not lines[-1].partition(language.line_comment)[0].strip():
        lines.pop()
    last = lines[-1].rstrip() if lines else syntax.end
    plain = last.partition(language.line_comment)[0].rstrip()
    if last.endswith(syntax.end) or plain.endswith(syntax.end):
        return candidate
    return f"{candidate.rstrip()}\n{syntax.end}\n"


def _without_grammar(language: Language, problem: Problem, text: str) -> str:
    """By the language's own way or its layout; where it has none, the first block that names what was asked
    for, else the first of the language, else everything. Where nothing has a name, as in a page, the longest
    block: sketches and corrections of details are shorter."""
    layout = language.layout
    blocks = code_blocks(text, lambda _info, code: layout is None or is_whole(layout, code))
    ours = [block for block in blocks if block.info in language.fences] or blocks
    codes = [block.code for block in ours]
    if language.candidate is not None and problem.entry_point:
        codes = [block.code for block in blocks if block.info in ("", *language.fences)] or codes
        return language.candidate(problem.declaration, problem.entry_point, codes, text)
    if layout is not None and problem.entry_point:
        return candidate_by_layout(layout, problem.declaration, problem.entry_point, codes, text)
    named = [block for block in ours if problem.entry_point and problem.entry_point in block.code]
    if not ours:
        return (problem.declaration + text).rstrip() + "\n"
    if not problem.entry_point:
        return max(ours, key=lambda block: len(block.code)).code.rstrip() + "\n"
    return (named or ours)[0].code.rstrip() + "\n"


class _Extractor:
    def __init__(self, language: Language, syntax: Syntax, problem: Problem) -> None:
        self._language, self._syntax, self._problem = language, syntax, problem
        self._reader = CodeReader(syntax, problem)
        self._declaration = self._reader.declaration
        self._continuation = Continuation(self._reader, problem.declaration, language.stops)

    def extract(self, text: str) -> Found:
        found = self._directly(text)
        name = self._declaration.name
        if name and (text.startswith(("{", "[{")) or found[1] not in (How.DEFINITION, How.EDIT)):
            for inner in reversed(yaml_texts(text, name) + json_texts(text, name)):
                again = self._directly(inner)
                if again[1] is How.DEFINITION:
                    return again
        return found

    def _directly(self, text: str) -> Found:
        blocks = code_blocks(text, self._is_whole_block)
        if (changed := edited(self._problem.buggy, text, blocks)) is not None:
            given = [block for block in blocks if not is_edit(block)]
            if not self._is_rewritten(given):
                return self._defined([changed]) or _as_code(changed), How.EDIT
            blocks = given
        if not blocks:
            return self._from_indented(text) or self._from_plain(text)
        if (head := self._head(text, blocks)) is not None:
            return self._from_plain(head)
        codes = [repaired(self._plain_block(block.code), self._reader.errors) for block in self._ours(blocks)]
        return self._from_blocks(codes)

    def _is_rewritten(self, blocks: Sequence[Block]) -> bool:
        """Whether an answer with edits also has the whole function, otherwise than it is given."""
        ours = [block.code for block in blocks if block.info in self._language.fences or not block.info]
        items = [item for code in ours for item in self._reader.items_in_class(code)]
        chosen = self._reader.chosen(Pool(self._syntax, items))
        return (
            chosen is not None and chosen.whole and squeezed(chosen.text) not in squeezed(self._problem.buggy)
        )

    def _is_whole_block(self, info: str, code: str) -> bool:
        return (bool(info) and info not in self._language.fences) or self._reader.is_whole(code)

    def _ours(self, blocks: Sequence[Block]) -> list[Block]:
        """The blocks of this language and those without one; all, where only others hold what was asked."""
        fences, name = self._language.fences, self._declaration.name
        ours = [block for block in blocks if block.info in fences or not block.info]
        if any(block.info for block in ours):
            ours = [block for block in ours if block.info or self._reader.is_whole(block.code)]
        if not ours or (name and not any(name in block.code for block in ours)):
            return [block for block in blocks if name and name in block.code] or ours or list(blocks)
        return ours

    def _plain_block(self, code: str) -> str:
        """``code`` without a first line that is the language's name, and without a common indentation."""
        first, _, rest = code.partition("\n")
        code = rest if first.strip().lower() in self._language.fences else code
        code = without_signs(code)
        code = without_prompts(code) if self._syntax.indented else code
        dedented = textwrap.dedent(code)
        return dedented if self._syntax.indented and dedented != code and self._defined([dedented]) else code

    def _from_indented(self, text: str) -> Found | None:
        """The code of an answer that indents it between sentences."""
        if begins_indented(text) or not self._declaration.name or self._reader.is_whole(text):
            return None
        codes = [code for code in indented_blocks(text) if self._declaration.name in code]
        pool = Pool(self._syntax, [item for code in codes for item in self._reader.items_in_class(code)])
        chosen = self._reader.chosen(pool)
        return self._from_blocks(codes) if chosen is not None and chosen.whole else None

    def _head(self, text: str, blocks: Sequence[Block]) -> str | None:
        """The text before the first fence where that is the code: the fence closes one that the prompt
        opened, or begins an example."""
        fences = [match[1] for match in _FENCE.finditer(text)]
        head = _FENCE.split(text, maxsplit=1)[0]
        if not fences or not head.strip():
            return None
        if len(fences) % 2 == 1 and not fences[0]:
            return head
        ours = [block.code for block in blocks if block.info in self._language.fences]
        return head if self._continuation.is_possible(head) and not self._defined(ours) else None

    def _from_blocks(self, codes: Sequence[str]) -> Found:
        if self._asks_for_nothing():
            return _as_code("\n\n".join(codes)), How.BLOCK
        if defined := self._defined(codes):
            return defined, How.DEFINITION
        if unread := next((code for code in reversed(codes) if self._repeats_declaration(code)), None):
            return self._as_it_is(unread), How.BLOCK
        first = next((code for code in codes if code.strip()), "")
        continued = self._continuation.candidate(first)
        if self._is_open(first, continued) and (closed := self._closed(first)):
            return closed, How.CONTINUATION
        if not self._reader.is_whole(continued) and (other := self._defined_otherwise(codes)):
            return self._as_it_is(other), How.BLOCK
        return continued, How.CONTINUATION

    def _is_open(self, text: str, continued: str) -> bool:
        return not self._reader.is_whole(continued) or self._continuation.is_cut(text)

    def _closed(self, body: str) -> str:
        """The function whose body a block has without what ends it; empty where that is something else."""
        name = self._declaration.name
        for text in (
            (f"{body}\n}}", f"{body}\nend", f"{body})", f" {{\n{body}\n}}") if name not in body else ()
        ):
            code = self._continuation.candidate(text)
            if not self._is_open(text, code):
                return code
        return ""

    def _defined_otherwise(self, codes: Sequence[str]) -> str:
        """The last whole block that names what was asked for; empty without one."""
        name = self._declaration.name
        return next((code for code in reversed(codes) if name in code and self._reader.is_whole(code)), "")

    def _from_plain(self, text: str) -> Found:
        """An answer without fences: code, or code between sentences."""
        text = without_prompts(text) if self._syntax.indented else text
        text = repaired(text, self._reader.errors)
        if self._asks_for_nothing():
            return _as_code(text), How.BLOCK
        if begins_indented(text) and self._problem.declaration.strip():
            continued = self._continuation.candidate(text)
            closed = self._closed(text) if self._is_open(text, continued) else ""
            return closed or continued, How.CONTINUATION
        is_code = self._reader.is_whole(text)
        code = text if is_code else plain_code(self._syntax, self._reader.parser, text)
        chosen = self._reader.chosen(Pool(self._syntax, self._reader.items_in_class(code)))
        if (chosen is None or not chosen.whole) and self._repeats_declaration(text):
            return self._as_it_is(text), How.BLOCK
        if chosen is not None and not self._continues_before(text, chosen):
            return self._defined([code]) or _as_code(code), How.DEFINITION
        return self._continuation.candidate(text), How.CONTINUATION

    def _asks_for_nothing(self) -> bool:
        """Whether the problem names neither a function nor a declaration: all code is wanted."""
        return not self._declaration.name and not self._problem.declaration.strip()

    def _defined(self, codes: Sequence[str]) -> str | None:
        """The candidate of an answer that defines what was asked for."""
        blocks = [self._reader.items_in_class(code, number) for number, code in enumerate(codes)]
        pool = Pool(self._syntax, [item for block in blocks for item in block])
        chosen = self._reader.chosen(pool)
        if chosen is None:
            return None
        if self._syntax.partial and not chosen.whole:
            return self._as_it_is(codes[chosen.block])
        return compose(self._declaration, pool, chosen)

    def _continues_before(self, text: str, chosen: Item) -> bool:
        """Whether the text continues the declaration and only then defines the function once more."""
        if self._syntax.indented:
            return False
        first = chosen.text.strip().partition("\n")[0]
        head = text[: max(text.find(first), 0)]
        is_code = not head.strip() or self._reader.is_whole(head)
        return not is_code and self._continuation.is_possible(head)

    def _repeats_declaration(self, code: str) -> bool:
        """Whether the function's header is in ``code``: the grammar cannot read its definition."""
        header = squeezed(self._problem.declaration.rstrip().rpartition("\n")[2]).rstrip("{:")
        return bool(header) and header in squeezed(code)

    def _as_it_is(self, code: str) -> str:
        """``code`` after the items of the declaration that it does not have."""
        squeezed_code = squeezed(code)
        given = [item.text for item in self._declaration.before if squeezed(item.text) not in squeezed_code]
        return "\n".join([*given, _as_code(code)])


def _as_code(code: str) -> str:
    return code.strip("\n").rstrip() + "\n"
