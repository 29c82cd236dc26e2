"""Remove what stands before each line of code: line numbers, an interpreter's prompt, the signs of a diff."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_NUMBER = re.compile(r"[ \t]*(\d{1,5})(?: ?([|\u2502:\t])|([.)]?)(?![\w.]))")
_IN_LISTS = ".)"
_FENCE = ("```", "~~~")
_PROMPT = re.compile(r"^[ \t]*(?:>>>|\.\.\.:?|In \[\d+\]:)(?: |$)")
_PROMPTED = re.compile(r"\s*(?:>>> |In \[\d+\]: )")
_DIFF_HEAD = ("diff --git ", "index ", "new file ", "--- ", "+++ ", "@@ ")


@dataclass
class _Run:
    """Lines ``begin`` to ``end`` whose numbers count up; blank ones between them need none."""

    begin: int
    end: int
    last: int
    separators: set[str]


def without_numbers(text: str) -> str:
    """``text`` without the numbers of numbered lines that fill a code block or a paragraph.

    Numbers with a point or nothing after them are a list's or a table's, except in a code block."""
    lines = text.split("\n")
    runs = [run for run in _runs(lines) if run.end - run.begin > 1 and _is_bounded(lines, run)]
    for run in runs:
        numbered = lines[run.begin : run.end]
        rests = [_NUMBER.sub("", line, count=1) for line in numbered]
        lines[run.begin : run.end] = textwrap.dedent("\n".join(rests)).split("\n")
    return "\n".join(lines) if runs else text


def _runs(lines: Sequence[str]) -> Iterator[_Run]:
    run: _Run | None = None
    for at, line in enumerate(lines):
        if not line.strip():
            continue
        if (match := _NUMBER.match(line)) is None:
            if run:
                yield run
            run = None
            continue
        number = int(match[1])
        if run and number in (run.last + 1, run.last + 1 + at - run.end):
            run.end, run.last = at + 1, number
            run.separators.add(match[2] or match[3])
        else:
            if run:
                yield run
            run = _Run(at, at + 1, number, {match[2] or match[3]})
    if run:
        yield run


def _is_bounded(lines: Sequence[str], run: _Run) -> bool:
    """Whether the lines around it are blank or fences: a table inside of code has code around it."""
    around = [lines[at].strip() for at in (run.begin - 1, run.end) if 0 <= at < len(lines)]
    fenced = len(around) == 2 and all(line.startswith(_FENCE) for line in around)
    clear = all(not line or line.startswith(_FENCE) for line in around)
    return fenced or (clear and not run.separators & {"", *_IN_LISTS})


def without_prompts(code: str) -> str:
    """What was typed at the prompt of Python or IPython, without the output; other code as it is."""
    if not _PROMPTED.match(code):
        return code
    return "".join(
        f"{line[match.end() :]}\n" for line in code.split("\n") if (match := _PROMPT.match(line)) is not None
    )


def without_signs(code: str) -> str:
    """The lines that a diff of nothing but additions adds; other code as it is."""
    if not code.lstrip().startswith(("+", *_DIFF_HEAD)):
        return code
    lines = [line for line in code.split("\n") if line.strip() and not line.startswith(_DIFF_HEAD)]
    if not lines or not all(line.startswith("+") for line in lines):
        return code
    return "".join(f"{line[1:]}\n" for line in lines)
