"""Programming languages, one file each: how a program is assembled, built and run, and how values are written."""

from crosstune.discovery import Shelf
from crosstune.languages._language import Language, Tool

LANGUAGES = Shelf("crosstune.languages", "LANGUAGE", "language", Language)

__all__ = ["LANGUAGES", "Language", "Tool"]
