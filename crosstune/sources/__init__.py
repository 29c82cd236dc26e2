"""Corpus sources, one file each: something outside becomes examples."""

from crosstune.plugins import Registry
from crosstune.sources._columns import Columns, pair, text
from crosstune.sources._quarantine import Poison, Quarantine, checked
from crosstune.sources._rows import Row, rows
from crosstune.sources._source import Source

SOURCES = Registry("crosstune.sources", "SOURCE", "source", Source)

__all__ = ["SOURCES", "Columns", "Poison", "Quarantine", "Row", "Source", "checked", "pair", "rows", "text"]
