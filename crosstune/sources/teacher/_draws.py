"""The order in which seeds are tried, which depends neither on concurrency nor on interruptions."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from crosstune.sources.teacher._seeds import Seed
from crosstune.sources.teacher._settings import TeacherSettings


@dataclass(frozen=True, slots=True)
class Draw:
    """One attempt at a seed: ``text``, which has been evolved ``step`` times, is evolved once more."""

    seed: Seed
    text: str
    turn: int = 0
    step: int = 0


class Pool:
    """The draws of the current turn and of the next, in which failed draws precede reused seeds.

    The pool is false when the current turn has no draw left.
    """

    def __init__(self, seeds: Sequence[Seed], settings: TeacherSettings) -> None:
        self._turns, self._steps = settings.turns, settings.steps
        self._draws = [Draw(seed, seed.text) for seed in seeds]
        random.Random(f"{settings.seed}:{settings.language}").shuffle(self._draws)
        self._failed: list[Draw] = []
        self._reused: list[Draw] = []

    def __bool__(self) -> bool:
        return bool(self._draws)

    def take(self, count: int) -> list[Draw]:
        """The next draws, at most ``count``."""
        draws, self._draws = self._draws[:count], self._draws[count:]
        return draws

    def retry(self, draw: Draw) -> None:
        """Try a failed draw's seed again in the next turn."""
        self._failed.append(replace(draw, turn=draw.turn + 1))

    def reuse(self, draw: Draw, instruction: str) -> None:
        """After a success, use the draw in the next turn: evolve its result further, or its seed again."""
        if draw.step + 1 < self._steps:
            self._reused.append(Draw(draw.seed, instruction, draw.turn + 1, draw.step + 1))
        else:
            self._reused.append(Draw(draw.seed, draw.seed.text, draw.turn + 1))

    def next_turn(self) -> None:
        """Start the next turn with every seed that has a turn left."""
        draws = [*self._draws, *self._failed, *self._reused]
        self._draws = [draw for draw in draws if draw.turn < self._turns]
        self._failed, self._reused = [], []
