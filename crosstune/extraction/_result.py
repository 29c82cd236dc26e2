"""The result of an extraction: the candidate, and which lines of the answer it consists of."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from enum import StrEnum

from crosstune.extraction._origins import line_origins


class How(StrEnum):
    """How the candidate was found."""

    DEFINITION = "definition"
    """The answer defines what was asked for."""
    CONTINUATION = "continuation"
    """The answer continues the declaration."""
    EDIT = "edit"
    """The answer edits the given code."""
    BLOCK = "block"
    """The code block as it is: there is no grammar, or it does not know some of the code."""


@dataclass(frozen=True)
class Extraction:
    """The ``candidate``: complete code, ready for the problem's tests; and how it was found in ``answer``."""

    candidate: str
    how: How
    answer: str

    @functools.cached_property
    def origins(self) -> list[int | None]:
        """For each line of the candidate the index of the answer's line it was taken from; None for lines of
        the declaration and added ones."""
        return line_origins(self.candidate, self.answer)

    @property
    def left_out(self) -> list[int]:
        """The indices of the answer's lines with text that were not taken."""
        taken = set(self.origins)
        lines = enumerate(self.answer.splitlines())
        return [at for at, line in lines if line.strip() and at not in taken]
