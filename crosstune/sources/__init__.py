"""Corpus sources, one file each: they turn external data into examples."""

from crosstune.plugins import Registry
from crosstune.sources._columns import Columns, column_text, prompt_and_completion
from crosstune.sources._quarantine import BadRow, Quarantine, checked_text
from crosstune.sources._rows import Row, rows
from crosstune.sources._source import Source

SOURCES = Registry("crosstune.sources", "SOURCE", "source", Source)

__all__ = [
    "SOURCES",
    "BadRow",
    "Columns",
    "Quarantine",
    "Row",
    "Source",
    "checked_text",
    "column_text",
    "prompt_and_completion",
    "rows",
]
