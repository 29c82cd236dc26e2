"""The table: columns that read their values from rows of any type."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import KW_ONLY, dataclass
from operator import itemgetter
from typing import Any, Generic, TypeVar

from crosstune.tables._kinds import TEXT, Cell, Kind, Part, Plain

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """``value`` reads the column from a row, in the type that ``kind`` expects; None: no value.

    ``title`` heads the column in CSV, Markdown and LaTeX, ``key`` names it in JSON. A kind may have several
    parts (a rate: value, low, high): then both are tuples. An empty or missing name leaves the part out of
    these formats. ``heading`` heads it on the page and the terminal; by default the first title; empty: not
    shown there. ``note`` is the heading's tooltip on the page.
    """

    title: str | tuple[str, ...]
    value: Callable[[R], Any]
    kind: Kind = TEXT
    key: str | tuple[str, ...] = ""
    heading: str | None = None
    note: str = ""

    @property
    def head(self) -> str:
        return _names(self.title)[0] if self.heading is None else self.heading

    def cell(self, row: R) -> Cell | None:
        value = self.value(row)
        return None if value is None else self.kind.show(value)

    def flat(self) -> tuple[tuple[str, Part], ...]:
        """(title, part) of what CSV, Markdown and LaTeX write."""
        pairs = zip(_names(self.title), self.kind.parts, strict=False)
        return tuple((title, part) for title, part in pairs if title)

    def plain(self, row: R) -> tuple[Plain, ...]:
        """The values of `flat`."""
        value = self.value(row)
        return tuple(None if value is None else part.read(value) for _, part in self.flat())

    def json(self, row: R) -> dict[str, Any]:
        return self.kind.json(_names(self.key), self.value(row)) if self.key else {}


def _names(names: str | tuple[str, ...]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else names


@dataclass(frozen=True, slots=True)
class Group:
    """A heading over ``columns`` neighbouring columns; ``note`` precedes it."""

    heading: str
    columns: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table(Generic[R]):
    """``title`` is a sentence: what is shown, in which unit. On the page, ``heading`` is a shorter one over a
    matrix, and ``corner`` heads the names of its rows.

    ``name`` is the file's name, ``json`` the key in results.json; empty: not written there. The first
    ``keys`` columns name a row; a terminal that is too narrow repeats them for each block of columns.
    ``groups`` are headings over the other columns. ``stacked``: a cell's bounds go on a line of their own.
    ``footer`` are rows of totals, on the page and the terminal.
    """

    title: str
    columns: Sequence[Column[R]]
    rows: Sequence[R]
    _: KW_ONLY
    heading: str = ""
    name: str = ""
    json: str = ""
    keys: int = 1
    groups: tuple[Group, ...] = ()
    stacked: bool = False
    corner: str = ""
    footer: Sequence[R] = ()

    def __bool__(self) -> bool:
        return bool(self.rows)

    @property
    def shown(self) -> tuple[Column[R], ...]:
        """The columns of the page; a terminal omits drawings."""
        return tuple(column for at, column in enumerate(self.columns) if at < self.keys or column.head)

    def flat_titles(self) -> list[str]:
        return [title for column in self.columns for title, _ in column.flat()]

    def flat_parts(self) -> list[Part]:
        return [part for column in self.columns for _, part in column.flat()]

    def flat_rows(self) -> list[list[Plain]]:
        return [[value for column in self.columns for value in column.plain(row)] for row in self.rows]


def listed(
    columns: Sequence[tuple[str, Kind]], rows: Iterable[Sequence[Any]], title: str = "", *, keys: int = 1
) -> Table[Sequence[Any]]:
    """A table of plain rows: ``columns`` are (heading, kind) of the values of each row."""
    return Table(
        title,
        [Column(heading, itemgetter(at), kind) for at, (heading, kind) in enumerate(columns)],
        list(rows),
        keys=keys,
    )
