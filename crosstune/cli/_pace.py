"""How fast long work goes, from what this run has done of it itself."""

from __future__ import annotations

from collections import deque

_MARKS = 64
"""At most about as many times are kept."""


class Pace:
    """The pace of the later half of the time so far: the first items of a batch may be the longest, and a
    cache fills only once."""

    def __init__(self) -> None:
        self._marks: deque[tuple[float, int]] = deque()
        self._began = 0.0
        self.done = 0

    def advanced(self, done: int, now: float) -> None:
        """``done`` items, at ``now`` in seconds. Those of the first call were done by an earlier run."""
        if not self._marks:
            self._began = now
            self._marks.append((now, done))
        elif done > self.done and now - self._marks[-1][0] >= (now - self._began) / _MARKS:
            self._marks.append((now, done))
        self.done = done
        half = self._began + (now - self._began) / 2
        while len(self._marks) > 2 and self._marks[1][0] <= half:  # two marks hold at least one new item
            self._marks.popleft()

    def spent(self, now: float) -> float:
        """Seconds since the first call."""
        return now - self._began if self._marks else 0.0

    def left(self, total: int, now: float) -> float | None:
        """Seconds for the rest of ``total``; None while nothing new has been done."""
        if not self._marks:
            return None
        since, first = self._marks[0]
        if self.done <= first:
            return None
        return (total - self.done) * (now - since) / (self.done - first)
