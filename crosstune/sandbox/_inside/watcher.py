"""Watch a command until all its processes have ended: collect its output and enforce its limits."""

from __future__ import annotations

import os
import select
import signal
import struct
import time
from collections.abc import Sequence
from typing import Any

from . import launch, process_tree, tmpfs
from .init import END, FULL, OVERFULL, REPORT, START_ERROR, STATUS, STDERR, STDOUT, STOP, TOO_LARGE

_TAIL_BYTES = 4096
ORDER_TO_STOP = struct.pack(">IH", 0, 1)
"""Comes from the outer side, as an empty request, when the command is no longer needed."""

_FIRST_CHECK_SECONDS, _CHECK_SECONDS, _SHORTEST_CHECK_SECONDS = 0.02, 0.05, 0.005
_TOUCHED_PER_SECOND = 8 << 30
"""Bytes that a fast program may touch: the nearer to its limit, the sooner it is checked again."""


class Watcher:
    """Reads the pipes of a command.

    ``proc`` is an open folder, /proc. ``spent`` is the CPU seconds used in the sandbox before, and afterwards
    with the command. ``shared_bytes``, ``template``: see `process_tree.use`. ``tmpfs_folders`` are folders
    whose number of files the kernel does not limit. ``stdout_file``, if not negative, takes the whole output.
    """

    def __init__(
        self,
        command: dict[str, Any],
        pipes: Sequence[int],
        proc: int,
        spent: float,
        *,
        shared_bytes: int,
        template: int,
        tmpfs_folders: Sequence[str],
        stdout_file: int,
    ) -> None:
        self._tmpfs_folders, self._stdout_file = tmpfs_folders, stdout_file
        self._command, self._proc, self.spent, self._shared_bytes = command, proc, spent, shared_bytes
        self._template = template
        self.ended = False
        self._cpu_seconds = 0.0
        self._started = time.monotonic()
        self._open = {descriptor: pipe for pipe, descriptor in enumerate(pipes)}
        self._held = [bytearray() for _ in pipes]
        self._seen = 0
        self._peak = 0
        self._pause_seconds = _CHECK_SECONDS
        self._limit = ""
        self._poll = select.poll()
        for descriptor in pipes:
            os.set_blocking(descriptor, False)
            self._poll.register(descriptor, select.POLLIN)

    def until_end(self, root: int) -> dict[str, Any]:
        """The outcome, once the command has ended or reached a limit; ``root`` is the sandbox's init.

        If it was stopped, ``cpu_seconds`` is what it had used at the last check.
        """
        check = self._started + _FIRST_CHECK_SECONDS
        while END in self._open.values() and not self._held[END] and not self._limit:
            wait = max(0.0, check - time.monotonic())
            for descriptor, _ in self._poll.poll(wait * 1000):
                self._take(descriptor)
            if time.monotonic() >= check:
                self._check(root)
                check = time.monotonic() + self._pause_seconds
        if self._limit:  # it will be ended now, before init can tell its peak
            self._peak = max(self._peak, process_tree.peak_bytes(self._proc, root, self._shared_bytes))
        self._drain()
        return self._outcome()

    def _take(self, descriptor: int) -> None:
        """Read what one pipe holds; stop polling a pipe that has no writer left."""
        try:
            data = os.read(descriptor, 65536)
        except BlockingIOError:
            return
        pipe = self._open[descriptor]
        if pipe == STOP:
            self._limit = self._limit or ("stopped" if data == ORDER_TO_STOP else "memory")
            if not data:
                os._exit(0)  # the outer side has hung up
            return
        if not data:
            self._poll.unregister(descriptor)
            del self._open[descriptor]
            return
        self._hold(pipe, data)

    def _hold(self, pipe: int, data: bytes) -> None:
        held = self._held[pipe]
        held += data
        if pipe not in (STDOUT, STDERR):
            del held[_TAIL_BYTES:]
            return
        self._seen += len(data)
        del held[:-_TAIL_BYTES]
        if pipe == STDOUT and self._stdout_file >= 0:
            os.write(self._stdout_file, data)
        if self._seen > self._command["output_bytes"]:
            self._limit = self._limit or "output"

    def _check(self, root: int) -> None:
        most = self._command["memory_bytes"]
        used = process_tree.use(self._proc, root, self._shared_bytes, most, self._template)
        self._peak = max(self._peak, used.resident_bytes)
        left = (most - used.resident_bytes) / _TOUCHED_PER_SECOND
        self._pause_seconds = max(_SHORTEST_CHECK_SECONDS, min(_CHECK_SECONDS, left))
        self._cpu_seconds = max(0.0, used.cpu_seconds - self.spent)
        if self._peak > most:
            self._limit = "memory"
        elif self._cpu_seconds >= self._command["cpu_seconds"]:
            self._limit = "cpu"
        elif used.tasks - 1 > self._command["processes"]:  # without init
            self._limit = "processes"
        elif any(map(tmpfs.is_crowded, self._tmpfs_folders)):
            self._limit = "disk"
        elif time.monotonic() - self._started > self._command["wall_seconds"]:
            self._limit = "wall"

    def _drain(self) -> None:
        """Read what is left in the pipes: all of it if the command has ended, as no writer is left."""
        while ready := self._poll.poll(0):
            for descriptor, _ in ready:
                self._take(descriptor)
            if self._limit:
                return

    def _outcome(self) -> dict[str, Any]:
        code, seconds, met, peak = signal.SIGKILL.value, self._cpu_seconds, 0, 0
        if len(self._held[END]) >= STATUS.size:
            code, seconds, met, peak, self.spent = STATUS.unpack(bytes(self._held[END][: STATUS.size]))
            self.ended = True
        signal_number = os.WTERMSIG(code) if os.WIFSIGNALED(code) else 0
        exit_status = os.WEXITSTATUS(code) if os.WIFEXITED(code) else 128 + signal_number
        error = self._text(START_ERROR)
        not_executable = error.startswith(launch.NOT_EXECUTABLE)
        too_large = met == TOO_LARGE or self._peak > self._command["memory_bytes"]
        return {
            "exit_status": exit_status,
            "signal": signal_number,
            "cpu_seconds": seconds,
            "wall_seconds": time.monotonic() - self._started,
            "peak_bytes": max(self._peak, peak),
            "stdout": self._text(STDOUT),
            "stderr": error if not_executable else self._text(STDERR),
            "report": self._text(REPORT),
            "error": "" if not_executable else error,
            "not_executable": not_executable,
            "limit": "memory"
            if too_large
            else self._limit or self._enforced_limit(signal_number, exit_status, seconds, met),
        }

    def _text(self, pipe: int) -> str:
        return self._held[pipe].decode("utf-8", "replace")

    def _enforced_limit(self, signal_number: int, exit_status: int, seconds: float, met: int) -> str:
        """The limit that the kernel enforced, as far as the end of the command shows it."""
        over = seconds >= self._command["cpu_seconds"]
        if signal_number == signal.SIGXCPU or (signal_number == signal.SIGKILL and over):
            return "cpu"
        if signal_number == signal.SIGXFSZ or met == OVERFULL or (met == FULL and exit_status):
            return "disk"
        return ""
