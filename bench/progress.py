"""How far a measurement is, and how long it still takes."""

from __future__ import annotations

import sys
import time


class Progress:
    """Prints a line to stderr at most every few seconds. For one thread at a time."""

    def __init__(self, total: float, unit: str, every_seconds: float = 5.0) -> None:
        self._total, self._unit, self._every = total, unit, every_seconds
        self._began = self._printed = time.monotonic()
        self._done = 0.0

    def advance(self, by: float = 1) -> None:
        self._done += by
        now = time.monotonic()
        if now - self._printed >= self._every or self._done >= self._total:
            self._printed = now
            print(self.text(now - self._began), file=sys.stderr, flush=True)

    def text(self, seconds: float) -> str:
        """The line after so many seconds."""
        left = round((self._total - self._done) * seconds / self._done) if self._done else 0
        about = f"about {left // 60}:{left % 60:02} left" if self._done else "time left unknown"
        return f"{self._done:.0f} of {self._total:.0f} {self._unit}, {about}"
