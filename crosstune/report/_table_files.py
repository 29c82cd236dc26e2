"""The tables as Markdown, CSV and LaTeX files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from crosstune.analysis import Findings
from crosstune.report._tables import all_tables
from crosstune.tables import Table, comma_separated, latex, markdown

TABLE_FORMATS: Mapping[str, tuple[str, Callable[[Table[Any]], str]]] = {
    "markdown": ("md", markdown),
    "csv": ("csv", comma_separated),
    "latex": ("tex", latex),
}
"""Name: (file ending, how it is written)."""


def write_tables(
    findings: Findings, folder: Path, formats: Iterable[str] = tuple(TABLE_FORMATS)
) -> list[Path]:
    """Writes NAME.md, NAME.csv and NAME.tex into ``folder`` for every table with rows; returns the files.

    Equal findings give equal bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables = [table for table in all_tables(findings) if table.name and table]
    written = []
    for name in formats:
        ending, text = TABLE_FORMATS[name]
        for table in tables:
            path = folder / f"{table.name}.{ending}"
            path.write_text(text(table), "utf-8")
            written.append(path)
    return written
