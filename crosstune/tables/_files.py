"""Write tables as JSON, CSV, Markdown and LaTeX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from crosstune.tables._format import ABSENT, MINUS, TIMES
from crosstune.tables._model import Table


def json_rows(table: Table[Any]) -> list[dict[str, Any]]:
    """One object per row: the columns that have a key, unscaled and unrounded."""
    return [
        {key: value for column in table.columns for key, value in column.json(row).items()}
        for row in table.rows
    ]


def comma_separated(table: Table[Any]) -> str:
    """A header line and rows with every digit; a missing value is empty."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(table.flat_titles())
    writer.writerows(["" if value is None else value for value in row] for row in table.flat_rows())
    return file.getvalue()


def markdown(table: Table[Any]) -> str:
    """A title and a table as GitHub reads it; numbers are aligned right, a missing value is a dash."""
    heads = [_escaped_markdown(title) for title in table.flat_titles()]
    lines = [f"**{_escaped_markdown(table.title)}**", "", _markdown_row(heads)]
    lines.append(_markdown_row("---:" if numeric else "---" for numeric in _numeric(table)))
    lines += [_markdown_row(map(_escaped_markdown, cells)) for cells in _texts(table)]
    return "\n".join(lines) + "\n"


def latex(table: Table[Any]) -> str:
    """A `tabular` for the package booktabs, with its title as a comment."""
    alignment = "".join("r" if numeric else "l" for numeric in _numeric(table))
    lines = [f"% {table.title}", rf"\begin{{tabular}}{{{alignment}}}", r"\toprule"]
    lines += [_latex_row(map(_escaped_latex, table.flat_titles())), r"\midrule"]
    lines += [_latex_row(map(_escaped_latex, cells)) for cells in _texts(table)]
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}"]) + "\n"


def _texts(table: Table[Any]) -> Iterator[list[str]]:
    parts = table.flat_parts()
    for row in table.flat_rows():
        yield [part.number.text(value) for value, part in zip(row, parts, strict=True)]


def _numeric(table: Table[Any]) -> list[bool]:
    """Whether each column has a number in any row."""
    columns = zip(*table.flat_rows(), strict=True)
    return [any(isinstance(value, (int, float)) for value in column) for column in columns]


def _markdown_row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped_markdown(text: str) -> str:
    """Text of a Markdown cell, with nothing in it read as markup."""
    flat = " ".join(text.split())
    return "".join(f"\\{sign}" if sign in "\\|*_`<>[]#" else sign for sign in flat)


_LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    MINUS: "$-$",
    ABSENT: "--",
    TIMES: r"$\times$",
    "<": r"$<$",
    ">": r"$>$",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
}


def _escaped_latex(text: str) -> str:
    return "".join(_LATEX.get(sign, sign) for sign in " ".join(text.split()))


def _latex_row(cells: Iterable[str]) -> str:
    return " & ".join(cells) + r" \\"
