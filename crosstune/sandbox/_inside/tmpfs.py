"""How full a program's folders are, each of which is a file system in memory (tmpfs)."""

from __future__ import annotations

import os

MAX_FILES = 16384
"""Files cost memory, too. Where init mounts the folder, the kernel enforces this number."""


def is_full(folder: str) -> bool:
    state = os.statvfs(folder)
    return state.f_bavail == 0 or state.f_favail == 0


def is_crowded(folder: str) -> bool:
    state = os.statvfs(folder)
    return state.f_files - state.f_ffree > MAX_FILES


def held_bytes(folder: str) -> int:
    state = os.statvfs(folder)
    return (state.f_blocks - state.f_bfree) * state.f_frsize
