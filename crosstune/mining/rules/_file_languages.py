"""Detect a file's language by its name, from a table of endings or from Linguist's data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from crosstune.mining._profile import languages_by_ending
from crosstune.mining.rules._linguist import linguist

LINGUIST = "linguist"


class FileLanguages(Protocol):
    def candidates(self, path: str) -> tuple[str, ...]:
        """The languages that a file with this name may be in."""

    def decide(self, path: str, text: str) -> str:
        """The file's language; empty if it cannot be decided."""


@dataclass(frozen=True)
class EndingTable:
    """Ending, or whole base name, to language; the longest matching ending decides."""

    languages: Mapping[str, str]

    def candidates(self, path: str) -> tuple[str, ...]:
        name = path.rpartition("/")[2]
        if language := self.languages.get(name):
            return (language,)
        dot = name.find(".")
        while dot >= 0:
            if language := self.languages.get(name[dot:]):
                return (language,)
            dot = name.find(".", dot + 1)
        return ()

    def decide(self, path: str, _text: str) -> str:
        return "".join(self.candidates(path))


def file_languages(table: str) -> FileLanguages:
    """Linguist, or the table of endings with this name.

    Raises:
        SettingsError: no such table.
    """
    return linguist() if table == LINGUIST else EndingTable(languages_by_ending(table))
