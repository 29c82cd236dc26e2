"""How `crosstune extract --explain` shows an answer, line by line, and the candidate taken from it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rich.console import Console
from rich.text import Text

from crosstune.cli._corpus_print import printable
from crosstune.extraction import Extraction, How
from crosstune.records import Problem

_HOW = {
    How.DEFINITION: "the answer defines {name}",
    How.CONTINUATION: "the answer continues the declaration",
    How.EDIT: "the answer edits the given code",
    How.BLOCK: "the answer's code as it is",
}
_STYLES = {"+": "green", "-": "dim", "d": "cyan", "*": "yellow", "": ""}
_LEAST_WIDTH = 20


class _Row(NamedTuple):
    """A line as it is shown: the number of the answer's line (None: it has none), its mark, its text."""

    number: int | None
    mark: str
    text: str


def print_explanation(problem: Problem, answer: str, extraction: Extraction) -> None:
    """Print how the candidate was found, which of the answer's lines it has, and where its others are from.

    Colours only repeat the marks, and only on a terminal.
    """
    console = Console(highlight=False)
    origins = extraction.origins
    candidate = list(_of_candidate(extraction.candidate, origins, _given(problem)))
    how = _HOW.get(extraction.how, "").format(name=problem.entry_point or "a program")
    console.print(f"{extraction.how}: {how}", markup=False, soft_wrap=True)
    console.print(_counts(answer, candidate), markup=False)
    console.print("\nAnswer (+ taken, - left out)", style="bold")
    taken = {origin for origin in origins if origin is not None}
    _print(console, _of_answer(answer, taken))
    console.print(
        "\nCandidate (number: line of the answer, d declaration or given code, * added)", style="bold"
    )
    _print(console, candidate)


def _given(problem: Problem) -> set[str]:
    """The lines that the candidate can have from the problem, without indentation."""
    texts = (problem.declaration, problem.buggy)
    return {line.strip() for text in texts for line in text.splitlines()}


def _of_answer(answer: str, taken: set[int]) -> Iterator[_Row]:
    for at, line in enumerate(answer.splitlines()):
        mark = "+" if at in taken else "-" if line.strip() else ""
        yield _Row(at + 1, mark, line)


def _of_candidate(candidate: str, origins: Sequence[int | None], given: set[str]) -> Iterator[_Row]:
    for line, origin in zip(candidate.splitlines(), origins, strict=True):
        if origin is not None:
            yield _Row(origin + 1, "", line)
        else:
            yield _Row(None, "" if not line.strip() else "d" if line.strip() in given else "*", line)


def _counts(answer: str, candidate: Iterable[_Row]) -> str:
    marks = [row.mark if row.number is None else "+" for row in candidate if row.text.strip()]
    total = sum(bool(line.strip()) for line in answer.splitlines())
    counts = [f"{marks.count('+')} of the answer's {total} lines taken"]
    counts += [f"lines given with the problem: {marks.count('d')}"] if "d" in marks else []
    counts += [f"added: {marks.count('*')}"] if "*" in marks else []
    return "; ".join(counts)


def _print(console: Console, rows: Iterable[_Row]) -> None:
    rows = list(rows)
    digits = max((len(str(row.number)) for row in rows if row.number), default=1)
    width = max(console.width - digits - 4, _LEAST_WIDTH)
    for number, mark, text in rows:
        gutter = f"{number or '':>{digits}} {mark:1} "
        for piece in _folded(printable(text.expandtabs(4)), width):
            line = Text(f"{gutter} {piece}".rstrip(), style=_STYLES[mark])
            console.print(line, no_wrap=True, overflow="ignore", crop=False)
            gutter = " " * len(gutter)


def _folded(text: str, width: int) -> list[str]:
    """The line in pieces of at most ``width`` characters, cut at spaces where possible."""
    pieces = textwrap.wrap(text, width, expand_tabs=False, replace_whitespace=False, drop_whitespace=False)
    return [piece.lstrip() if at else piece for at, piece in enumerate(pieces)] or [""]
