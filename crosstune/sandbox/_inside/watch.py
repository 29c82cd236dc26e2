"""Watch one stage from its first process to its last: collect what it says, hold it to its limits."""

from __future__ import annotations

import os
import selectors
import signal
import time
from collections.abc import Sequence
from typing import Any

from . import tree

_TAIL = 4096
_REPORT_MOST = 4096
_FIRST_LOOK, _LOOK_EVERY = 0.02, 0.05


class Watch:
    """Reads the pipes of a stage; ``limit`` names the limit that it was stopped for."""

    def __init__(self, stage: dict[str, Any], pipes: Sequence[int], status: int, proc: int) -> None:
        self._stage, self._proc = stage, proc
        self._started = time.monotonic()
        self._output, self._errors, self._report = bytearray(), bytearray(), bytearray()
        self._status, self._trouble = bytearray(), bytearray()
        self._seen = 0
        self._peak = 0
        self.limit = ""
        self._selector = selectors.PollSelector()
        sinks = (self._output, self._errors, self._report, self._trouble, self._status)
        for number, sink in zip((*pipes, status), sinks, strict=True):
            os.set_blocking(number, False)
            self._selector.register(number, selectors.EVENT_READ, sink)

    def until_end(self, root: int) -> None:
        """Return when the payload has ended or a limit is reached; ``root`` is its first process."""
        look = self._started + _FIRST_LOOK
        while not self._status and not self.limit:
            events = self._selector.select(max(0.0, look - time.monotonic()))
            ended = [key for key, _ in events if not self._take(key)]
            if any(key.data is self._status for key in ended):
                return
            if time.monotonic() >= look:
                self._look(root)
                look = time.monotonic() + _LOOK_EVERY

    def _take(self, key: selectors.SelectorKey) -> bool:
        """Read what one pipe holds; False when it was closed."""
        try:
            data = os.read(key.fd, 65536)
        except BlockingIOError:
            return True
        if not data:
            self._selector.unregister(key.fd)
            return False
        sink: bytearray = key.data
        sink += data
        if sink is self._report or sink is self._trouble:
            del sink[_REPORT_MOST:]
        elif sink is not self._status:
            self._seen += len(data)
            del sink[:-_TAIL]
            if self._seen > self._stage["output_bytes"]:
                self.limit = self.limit or "output"
        return True

    def _look(self, root: int) -> None:
        used = tree.use(self._proc, root)
        self._peak = max(self._peak, used.resident_bytes)
        if used.cpu_seconds >= self._stage["cpu_seconds"]:
            self.limit = "cpu"
        elif used.resident_bytes > self._stage["memory_bytes"]:
            self.limit = "memory"
        elif used.tasks - 1 > self._stage["processes"]:  # without the first process, which is ours
            self.limit = "processes"
        elif time.monotonic() - self._started > self._stage["wall_seconds"]:
            self.limit = "wall"

    def drain(self) -> None:
        """Read what is left in the pipes, once every process that could write is gone."""
        while self._selector.get_map():
            events = self._selector.select(0)
            if not events:
                return
            for key, _ in events:
                self._take(key)

    def outcome(self, cpu_seconds: float, peak_bytes: int) -> dict[str, Any]:
        code = int.from_bytes(self._status[:4], "big") if self._status else signal.SIGKILL
        number = os.WTERMSIG(code) if os.WIFSIGNALED(code) else 0
        if not self.limit and (
            number == signal.SIGXCPU
            or (number == signal.SIGKILL and cpu_seconds >= self._stage["cpu_seconds"])
        ):
            self.limit = "cpu"
        if not self.limit and number == signal.SIGXFSZ:
            self.limit = "disk"
        return {
            "exit_status": os.WEXITSTATUS(code) if os.WIFEXITED(code) else 128 + number,
            "signal": number,
            "cpu_seconds": cpu_seconds,
            "wall_seconds": time.monotonic() - self._started,
            "peak_bytes": max(self._peak, peak_bytes),
            "stdout": self._output.decode("utf-8", "replace"),
            "stderr": self._errors.decode("utf-8", "replace"),
            "report": self._report.decode("utf-8", "replace"),
            "fault": self._trouble.decode("utf-8", "replace"),
            "limit": self.limit,
        }
