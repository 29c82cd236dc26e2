"""The two pipes to a candidate's process."""

from __future__ import annotations

import os
from typing import Self


class Pipes:
    """Joins a candidate to its tests or to the judge; each side has one to read from and one to write to."""

    def __init__(self) -> None:
        from_tests, to_candidate = os.pipe()
        from_candidate, to_tests = os.pipe()
        self.of_candidate = from_tests, to_tests
        self.of_tests = from_candidate, to_candidate
        self._open = {*self.of_candidate, *self.of_tests}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close(tuple(self._open))

    def close(self, ends: tuple[int, ...]) -> None:
        """Close those ends that are still open here."""
        for end in self._open.intersection(ends):
            os.close(end)
        self._open.difference_update(ends)
