"""Print tables on a terminal: in its width (80 columns in a pipe), without cutting a name.

Where the columns do not fit, long text wraps, then the table is split into blocks that each repeat the names
of the rows; names that leave no space get lines of their own. In a pipe, a line is as long as its longest
word; a terminal that is narrower than a word breaks it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crosstune.tables._format import ABSENT, MINUS, TIMES, visible
from crosstune.tables._model import Column, Table

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.text import Text

GAP, INDENT = 2, 2
"""Spaces between two columns, and before the values of a row whose name has its own line."""
READABLE = 24
"""The width of text that may wrap, if the terminal allows it."""
TONES = {"good": "green", "bad": "red", "open": "yellow", "": ""}
ASCII = str.maketrans({MINUS: "-", ABSENT: "-", TIMES: "x", "▪": "#", "→": ">", "…": "~"})


def print_table(table: Table[Any], console: Console | None = None) -> None:
    """Print ``table``; nothing if it has no rows."""
    from rich.console import Console

    if table:
        (console or Console()).print(TerminalTable(table), soft_wrap=True)


@dataclass(frozen=True)
class TerminalTable:
    """A renderable for rich. Print it with ``soft_wrap=True``: its lines fit already."""

    table: Table[Any]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        from rich.text import Text

        width = console.width if console.is_terminal else max(console.width, _least(self.table))
        for line in _lines(self.table, console, width):
            yield Text(line.plain.translate(ASCII), spans=line.spans) if options.ascii_only else line


def _least(table: Table[Any]) -> int:
    """The width that no word is longer than; a program that reads the lines has no use for halves."""
    columns = [_column(table, at, column) for at, column in enumerate(table.shown)]
    names, others = columns[: table.keys], columns[table.keys :]
    return max(
        (*(each.natural(folded=True) for each in names), *(INDENT + each.least() for each in others)),
        default=0,
    )


@dataclass(frozen=True)
class _Shown:
    """One column: its heading, and the lines of each row's cell."""

    heading: list[str]
    cells: list[list[Text]]
    right: bool
    wrap: bool

    def natural(self, *, folded: bool) -> int:
        """The width without wrapping cells; ``folded``: the heading may break between words."""
        words = [word for line in self.heading for word in (line.split() if folded else [line])]
        return max([*map(_length, words), *(line.cell_len for cell in self.cells for line in cell), 1])

    def least(self) -> int:
        """The smallest width: a wrapping column stays readable and its words whole, any other stays whole."""
        natural = self.natural(folded=True)
        if not self.wrap:
            return natural
        words = (word for cell in self.cells for line in cell for word in line.plain.split())
        return min(natural, max([READABLE, *map(_length, words)]))


def _lines(table: Table[Any], console: Console, width: int) -> Iterator[Text]:
    from rich.text import Text

    if table.title:
        yield from _wrapped(Text(table.title, style="bold"), width, console)
    columns = [
        _column(table, at, column) for at, column in enumerate(table.shown) if not column.kind.page_only
    ]
    keys, others = columns[: table.keys], columns[table.keys :]
    for number, (block, widths) in enumerate(_blocks(keys, others, width)):
        if number:
            yield Text()
        if block[: len(keys)] == keys:
            yield from _block(block, widths, console)
        else:
            yield from _named_block(keys, block, widths, console, width)


def _column(table: Table[Any], at: int, column: Column[Any]) -> _Shown:
    heading = [*_above(table, at), *column.head.split("\n")]
    cells = [_cell(column, row, stacked=table.stacked) for row in (*table.rows, *table.footer)]
    return _Shown(heading, cells, column.kind.numeric, column.kind.wrap)


def _above(table: Table[Any], at: int) -> list[str]:
    """The group headings over the column."""
    first = table.keys
    for group in table.groups:
        if first <= at < first + group.columns:
            return [*([group.note] if group.note else []), group.heading]
        first += group.columns
    return []


def _cell(column: Column[Any], row: Any, *, stacked: bool) -> list[Text]:
    from rich.text import Text

    cell = column.cell(row)
    if cell is None:
        return [Text(ABSENT, style="dim")]
    hue = ("green" if cell.shade > 0 else "red" if cell.shade < 0 else "") if cell.sure else "dim"
    first = Text(visible(cell.main), style=TONES[cell.tone] or ("bold" if cell.sub is not None else hue))
    if cell.tuned:
        first.append(" ▪", style="cyan")
    if cell.sub:
        first.append("  ").append(visible(cell.sub), style=hue)
    below = Text(cell.bounds, style="dim")
    if cell.bounds and not stacked:
        return [*first.append(" ").append_text(below).split("\n")]
    return [*first.split("\n", allow_blank=True), *([below] if cell.bounds else [])]


def _blocks(keys: list[_Shown], others: list[_Shown], width: int) -> Iterator[tuple[list[_Shown], list[int]]]:
    """Columns that fit side by side, with their widths; without the keys if these are too wide."""
    for folded in (False, True):
        widths = [column.natural(folded=folded) for column in (*keys, *others)]
        if _total(widths) <= width:
            yield [*keys, *others], widths
            return
    named = [column.natural(folded=True) for column in keys]
    widest = max((column.least() for column in others), default=0)
    head = keys if _total([*named, widest]) <= width else []
    space = width - (_total([column.least() for column in head]) + GAP if head else INDENT)
    block: list[_Shown] = []
    for column in others:
        if block and _total([each.least() for each in (*block, column)]) > space:
            yield _fitted([*head, *block], width if head else width - INDENT)
            block = []
        block.append(column)
    yield _fitted([*head, *block], width if head else width - INDENT)


def _fitted(block: list[_Shown], width: int) -> tuple[list[_Shown], list[int]]:
    """The smallest widths, with the remaining space given to wrapping columns in turn."""
    widths = [min(column.least(), width) for column in block]
    for at, column in enumerate(block):
        if column.wrap:
            widths[at] = min(column.natural(folded=False), widths[at] + max(0, width - _total(widths)))
    return block, widths


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * (len(widths) - 1)


def _headings(block: list[_Shown], widths: list[int], console: Console) -> Iterator[Text]:
    from rich.text import Text

    headings = [
        [Text(part, style="bold") for line in column.heading for part in _folded(line, width)]
        for column, width in zip(block, widths, strict=True)
    ]
    tallest = max(map(len, headings))
    aligned = [[Text()] * (tallest - len(heading)) + heading for heading in headings]
    yield from _side_by_side(block, aligned, widths, console)


def _block(block: list[_Shown], widths: list[int], console: Console) -> Iterator[Text]:
    yield from _headings(block, widths, console)
    for at in range(len(block[0].cells)):
        yield from _side_by_side(block, [column.cells[at] for column in block], widths, console)


def _named_block(
    keys: list[_Shown], block: list[_Shown], widths: list[int], console: Console, width: int
) -> Iterator[Text]:
    """Each row's names on lines of their own, its values indented below."""
    from rich.text import Text

    indent = Text(" " * INDENT)
    yield from (indent + line for line in _headings(block, widths, console))
    for at in range(len(block[0].cells)):
        for key in keys:
            for line in key.cells[at]:
                yield from _wrapped(line, width, console)
        cells = [column.cells[at] for column in block]
        yield from (indent + line for line in _side_by_side(block, cells, widths, console))


def _side_by_side(
    block: list[_Shown], cells: list[list[Text]], widths: list[int], console: Console
) -> Iterator[Text]:
    """One row, as many lines as its tallest cell has."""
    from rich.text import Text

    wrapped = [
        [part for line in cell for part in (line.wrap(console, width, overflow="fold") if line else [line])]
        for cell, width in zip(cells, widths, strict=True)
    ]
    for number in range(max(map(len, wrapped))):
        line = Text()
        for column, cell, width in zip(block, wrapped, widths, strict=True):
            text = cell[number].copy() if number < len(cell) else Text()
            text.rstrip()
            space = " " * (width - text.cell_len)
            line.append(space if column.right else "").append_text(text).append("" if column.right else space)
            line.append(" " * GAP)
        line.rstrip()
        yield line


def _wrapped(text: Text, width: int, console: Console) -> Iterator[Text]:
    for line in text.wrap(console, width, overflow="fold"):
        line.rstrip()
        yield line


def _folded(line: str, width: int) -> list[str]:
    import textwrap

    return textwrap.wrap(line, width) or [""]


def _length(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)
