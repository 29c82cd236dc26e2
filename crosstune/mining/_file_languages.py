"""Languages by file names: a table of endings, or Linguist's data, behind one face."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from crosstune.mining._linguist import linguist
from crosstune.mining._profile import languages_by_ending

LINGUIST = "linguist"


class Endings(Protocol):
    def candidates(self, path: str) -> tuple[str, ...]:
        """The languages that a file of this name may be in."""

    def decide(self, path: str, text: str) -> str:
        """The one that it is in; empty where that cannot be told."""


@dataclass(frozen=True)
class Table:
    """Ending, or base name, to language; the longest that fits counts."""

    languages: Mapping[str, str]

    def candidates(self, path: str) -> tuple[str, ...]:
        name = path.rpartition("/")[2]
        if whole := self.languages.get(name):
            return (whole,)
        dot = name.find(".")
        while dot >= 0:
            if found := self.languages.get(name[dot:]):
                return (found,)
            dot = name.find(".", dot + 1)
        return ()

    def decide(self, path: str, _text: str) -> str:
        return "".join(self.candidates(path))


def endings(name: str) -> Endings:
    """
    Raises:
        SettingsError: no such table.
    """
    return linguist() if name == LINGUIST else Table(languages_by_ending(name))
