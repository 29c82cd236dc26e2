"""Arguments in languages whose texts consist of Unicode's characters alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crosstune.languages._arguments import DoesNotFit, FreeWriter


@dataclass(frozen=True)
class CharacterWriter(FreeWriter):
    """Writes values as what they are, but no text that has a lone surrogate. ``zeros``: texts may have the
    character of the code 0."""

    zeros: bool = True

    def value(self, value: Any, depth: int) -> bytes:
        """
        Raises:
            DoesNotFit: the language has no such value.
        """
        if isinstance(value, str) and any("\ud800" <= each <= "\udfff" for each in value):
            raise DoesNotFit("a text with a lone surrogate")
        if isinstance(value, str) and not self.zeros and "\0" in value:
            raise DoesNotFit("a text with a zero character")
        return super().value(value, depth)
