"""Limits and environment that most languages have in common; a language replaces what differs."""

from __future__ import annotations

import dataclasses

from crosstune.languages._language import MIB
from crosstune.records import Limits

RUN_LIMITS = Limits(
    cpu_seconds=10,
    wall_seconds=60,
    memory_bytes=512 * MIB,
    processes=32,
    file_bytes=16 * MIB,
    output_bytes=1 * MIB,
    disk_bytes=64 * MIB,
)
BUILD_LIMITS = Limits(
    cpu_seconds=60,
    wall_seconds=180,
    memory_bytes=1536 * MIB,
    processes=32,
    file_bytes=64 * MIB,
    output_bytes=1 * MIB,
    disk_bytes=128 * MIB,
)
MAX_STACK_BYTES = 256 * MIB
"""The stack of a compiled program, unless its memory limit is lower: deep recursion is usual in contests.
Threads of C and C++ get as much; little of it is used."""

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": "/box", "LANG": "C.UTF-8", "TMPDIR": "/tmp"}  # noqa: S108


def with_stack(limits: Limits) -> Limits:
    """The limits of a compiled program, with the stack that they imply."""
    return dataclasses.replace(
        limits, stack_bytes=limits.stack_bytes or min(limits.memory_bytes, MAX_STACK_BYTES)
    )
