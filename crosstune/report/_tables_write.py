"""Tables as Markdown, CSV and LaTeX."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from crosstune.analysis import Findings
from crosstune.report._tables import Column, DataTable, Value, data_tables
from crosstune.report._words import MINUS, TIMES, visible

ABSENT = "\u2013"


def markdown(table: DataTable) -> str:
    """A title and a table as GitHub reads it; numbers to the right, what is absent as a dash."""
    heads = [_pipes(column.title) for column in table.columns]
    lines = [f"**{_pipes(table.title)}**", "", _row(heads)]
    lines.append(_row(["---:" if _numeric(table, at) else "---" for at in range(len(heads))]))
    lines += [_row(map(_pipes, task_keys)) for task_keys in _text(table)]
    return "\n".join(lines) + "\n"


def comma_separated(table: DataTable) -> str:
    """A head line and rows with every digit; what is absent is empty."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([column.title for column in table.columns])
    writer.writerows(["" if value is None else value for value in row] for row in table.rows)
    return file.getvalue()


def latex(table: DataTable) -> str:
    """A `tabular` for the package booktabs, with its title as a comment."""
    form = "".join("r" if _numeric(table, at) else "l" for at in range(len(table.columns)))
    lines = [f"% {table.title}", rf"\begin{{tabular}}{{{form}}}", r"\toprule"]
    lines += [_amps([_tex(column.title) for column in table.columns]), r"\midrule"]
    lines += [_amps(map(_tex, task_keys)) for task_keys in _text(table)]
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}"]) + "\n"


TABLE_FORMS: Mapping[str, tuple[str, Callable[[DataTable], str]]] = {
    "markdown": ("md", markdown),
    "csv": ("csv", comma_separated),
    "latex": ("tex", latex),
}
"""Name: (file ending, how it is written)."""


def write_tables(findings: Findings, folder: Path, forms: Iterable[str] = tuple(TABLE_FORMS)) -> list[Path]:
    """Writes NAME.md, NAME.csv and NAME.tex into ``folder`` for every table; returns the files.

    Equal findings give equal bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables = data_tables(findings)
    written = []
    for form in forms:
        ending, text = TABLE_FORMS[form]
        for table in tables:
            path = folder / f"{table.name}.{ending}"
            path.write_text(text(table), "utf-8")
            written.append(path)
    return written


def _text(table: DataTable) -> Iterator[list[str]]:
    for row in table.rows:
        yield [_shown(value, column) for value, column in zip(row, table.columns, strict=True)]


def _numeric(table: DataTable, at: int) -> bool:
    return any(isinstance(row[at], (int, float)) for row in table.rows)


def _shown(value: Value, column: Column) -> str:
    if value is None:
        return ABSENT
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, int):
        return f"{value:,}"
    if column.digits == 4 and 0 <= value < 0.0001:
        return "< 0.0001"
    text = f"{abs(value):,.{column.digits}f}"
    if float(text.replace(",", "")) == 0:
        return text
    return (MINUS if value < 0 else "+" if column.signed else "") + text


def _row(task_keys: Iterable[str]) -> str:
    return f"| {' | '.join(task_keys)} |"


def _pipes(text: str) -> str:
    """As text of a Markdown cell: nothing in it is markup."""
    flat = " ".join(text.split())
    return "".join(f"\\{sign}" if sign in "\\|*_`<>[]#" else sign for sign in flat)


_TEX = {
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


def _tex(text: str) -> str:
    return "".join(_TEX.get(sign, sign) for sign in " ".join(text.split()))


def _amps(task_keys: Iterable[str]) -> str:
    return " & ".join(task_keys) + r" \\"
