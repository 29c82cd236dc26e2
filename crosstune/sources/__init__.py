"""Corpus sources, one file each: they turn external data into examples."""

from crosstune.plugins import Registry
from crosstune.sources._columns import Columns, column_text, licence_text, read_conversation
from crosstune.sources._conversion import convert
from crosstune.sources._hub import Dataset, dataset_requirement, file_rows, split_rows
from crosstune.sources._mapping import RowMapping, mapped_examples
from crosstune.sources._quarantine import BadRow, Quarantine, checked_text
from crosstune.sources._rows import Row, rows
from crosstune.sources._sample import sample
from crosstune.sources._source import Source

SOURCES = Registry("crosstune.sources", "SOURCE", "source", Source)

__all__ = [
    "SOURCES",
    "BadRow",
    "Columns",
    "Dataset",
    "Quarantine",
    "Row",
    "RowMapping",
    "Source",
    "checked_text",
    "column_text",
    "convert",
    "dataset_requirement",
    "file_rows",
    "licence_text",
    "mapped_examples",
    "read_conversation",
    "rows",
    "sample",
    "split_rows",
]
