"""The outcome of a command in the sandbox."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Limit(enum.StrEnum):
    """The limit for which a command was stopped."""

    NONE = ""
    CPU = "cpu"
    WALL = "wall"
    MEMORY = "memory"
    PROCESSES = "processes"
    OUTPUT = "output"
    DISK = "disk"
    STOPPED = "stopped"
    """None: it was stopped because it was no longer needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one command ended.

    ``stdout`` and ``stderr`` are the last 4,096 bytes of each; ``whole_stdout`` is all output, up to the
    limit, of a command that keeps it. ``peak_bytes`` is the largest resident memory of one process at any
    time, or of all together when they were checked. ``error`` says why the command could not be started,
    which is not the command's own error. ``not_executable``: its file, which an earlier command made, cannot
    be executed; ``stderr`` says why.
    """

    exit_status: int
    signal: int
    cpu_seconds: float
    wall_seconds: float
    peak_bytes: int
    stdout: str
    stderr: str
    report: str
    error: str
    limit: Limit
    whole_stdout: bytes = b""
    not_executable: bool = False
