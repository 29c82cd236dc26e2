"""What one thread of a judge is doing, so that another thread can stop it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from crosstune.sandbox import SandboxRunner


class Work:
    """The programs of one thread, one after another, and the ``runners`` in which they run.

    ``ending`` is set when the whole judge stops.
    """

    def __init__(self, ending: threading.Event) -> None:
        self._ending = ending
        self._lock = threading.Lock()
        self._runners: list[SandboxRunner] = []
        self._current: object = None
        self._stopped = False

    @contextmanager
    def on(self, program: object) -> Iterator[None]:
        """Run a program, which `stop` names, in this block."""
        with self._lock:
            self._current = program
        try:
            yield
        finally:
            with self._lock:
                self._current, self._stopped = None, False
                for runner in self._runners:
                    runner.resume()

    def add(self, runner: SandboxRunner) -> None:
        """Stop this runner, too."""
        with self._lock:
            self._runners.append(runner)
            if self.is_set():
                runner.stop()

    def is_set(self) -> bool:
        """Whether the program is no longer needed."""
        return self._stopped or self._ending.is_set()

    def stop(self, program: object) -> None:
        """End a program, from any thread; nothing happens if it has ended by itself."""
        with self._lock:
            if self._current is not program:
                return
            self._stopped = True
            for runner in self._runners:
                runner.stop()

    def stop_runners(self) -> None:
        """End what is running because the judge stops (``ending`` is set)."""
        with self._lock:
            for runner in self._runners:
                runner.stop()
