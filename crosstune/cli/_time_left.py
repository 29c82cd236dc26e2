"""The time that a study's run still takes."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from crosstune.cli._clock import clock
from crosstune.cli._pace import Pace


@dataclass(slots=True)
class _Running:
    """A step under way."""

    began: float
    total: int = 0
    pace: Pace = field(default_factory=Pace)

    def left(self, now: float) -> float | None:
        """Seconds, from how fast it is; None while that is not known."""
        return self.pace.left(self.total, now) if self.total else None


class TimeLeft:
    """Time left, from how fast running steps are, and how long steps of the same kind took, in this run or
    earlier."""

    def __init__(self, kinds: Mapping[str, str], took: Mapping[str, float], cores: int) -> None:
        """
        Args:
            kinds: of every step, by name.
            took: seconds, of finished steps.
        """
        self._cores = cores
        self._kinds = dict(kinds)
        self._took: dict[str, list[float]] = defaultdict(list)
        self._running: dict[str, _Running] = {}
        for name, seconds in took.items():
            self._took[kinds[name]].append(seconds)

    def started(self, step: str) -> None:
        self._running[step] = _Running(time.monotonic())

    def advanced(self, step: str, done: int, total: int) -> None:
        if step in self._running:
            self._running[step].total = total
            self._running[step].pace.advanced(done, time.monotonic())

    def finished(self, step: str, seconds: float | None) -> None:
        """``seconds`` is None if the step has no result."""
        self._running.pop(step, None)
        kind = self._kinds.pop(step, "")
        if seconds is not None:
            self._took[kind].append(seconds)

    def text(self) -> str:
        """``about 2:10 left``; a lower bound (``over …``) while nothing is known of some step."""
        now = time.monotonic()
        measured = {
            name: left for name, step in self._running.items() if (left := step.left(now)) is not None
        }
        usual = self._usual(measured, now)
        known = list(measured.values())
        for name, kind in self._kinds.items():
            if name not in measured and kind in usual:
                spent = now - self._running[name].began if name in self._running else 0.0
                known.append(max(usual[kind] - spent, 0.0))
        if self._kinds and not known:
            return "time left unknown"
        word = "about" if len(known) == len(self._kinds) else "over"
        left = (
            max(sum(known) / self._cores, *measured.values(), 0.0) if measured else sum(known) / self._cores
        )
        return f"{word} {clock(left)} left"

    def _usual(self, measured: Mapping[str, float], now: float) -> dict[str, float]:
        """Seconds of a step, by kind: the mean of finished ones and of what running ones will have taken."""
        took = {kind: list(seconds) for kind, seconds in self._took.items()}
        for name, left in measured.items():
            took.setdefault(self._kinds[name], []).append(now - self._running[name].began + left)
        return {kind: sum(seconds) / len(seconds) for kind, seconds in took.items() if seconds}
