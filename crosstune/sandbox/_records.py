"""What goes into the sandbox and what comes out."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Limit(enum.StrEnum):
    """The limit that a command was stopped for."""

    NONE = ""
    CPU = "cpu"
    WALL = "wall"
    MEMORY = "memory"
    PROCESSES = "processes"
    OUTPUT = "output"
    DISK = "disk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one command ended. ``stdout`` and ``stderr`` are the last 4,096 bytes of each; ``error``
    says why it could not even be started (not the command's own doing)."""

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
