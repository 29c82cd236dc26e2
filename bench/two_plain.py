"""The gain of a second core the plain way: an upper bound for any judge on this machine."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench import plain
from bench.turns import Turn, on_one_core, timed
from crosstune.errors import DataError
from crosstune.records import Program

_TURN_SECONDS = 2.0
_FEWEST = 4


class TwoPlain:
    """Programs that pass the plain way: one after another on one core, or two at a time on all.

    Each of the two has its own folder of files kept between programs.
    """

    def __init__(self, chosen: Sequence[Program], scratch: Path) -> None:
        """
        Raises:
            DataError: none of them does.
        """
        self._shared = [scratch / "first", scratch / "second"]
        for folder in self._shared:
            folder.mkdir()
            _passes(chosen[0], folder)  # fills it
        passing = [program for program in chosen[:8] if _passes(program, self._shared[0])]
        if not passing:
            raise DataError("none of its programs passes the plain way")
        seconds = timed(lambda: _passes(passing[0], self._shared[0])).wall
        count = max(_FEWEST, round(_TURN_SECONDS / seconds / 2) * 2)
        self._programs = [passing[position % len(passing)] for position in range(count)]

    def gain(self) -> tuple[Turn, Turn]:
        """The time one after another, then two at a time."""
        with on_one_core():
            one = timed(lambda: self._run(0, self._programs))
        half = len(self._programs) // 2
        with ThreadPoolExecutor(2) as both:
            halves = (self._programs[:half], self._programs[half:])
            two = timed(lambda: list(both.map(self._run, (0, 1), halves)))
        return one, two

    def _run(self, number: int, programs: Sequence[Program]) -> None:
        for program in programs:
            assert _passes(program, self._shared[number]), program


def _passes(program: Program, shared: Path) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        return plain.passes(program, Path(folder), shared)
