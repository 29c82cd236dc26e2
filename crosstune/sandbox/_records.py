"""What goes into the sandbox and what comes out."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from crosstune.records import Limits


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
class Stage:
    """One command. ``argv`` begins with an absolute path; empty: the cell's preloaded program.

    ``brief`` is text that the command finds in a file open as descriptor 3; it may write a report of up
    to 4,096 bytes to descriptor 4. ``reserve_bytes`` is memory that the run time sets aside
    without using it, allowed on top of the memory limit.
    """

    argv: tuple[str, ...]
    limits: Limits
    brief: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    reserve_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one command ended. ``stdout`` and ``stderr`` are the last 4,096 bytes of each; ``fault``
    says why it could not even be started (not the command's own doing)."""

    exit_status: int
    signal: int
    cpu_seconds: float
    wall_seconds: float
    peak_bytes: int
    stdout: str
    stderr: str
    report: str
    fault: str
    limit: Limit
