"""Corpus sources, one file each: something outside becomes examples."""

from crosstune.discovery import Shelf
from crosstune.sources._source import Source

SOURCES = Shelf("crosstune.sources", "SOURCE", "source", Source)

__all__ = ["SOURCES", "Source"]
