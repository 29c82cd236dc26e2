"""How full a program's folders are, each of which is a file system in memory."""

from __future__ import annotations

import os

MOST_FILES = 16384
"""As files cost memory, too. Where a keeper mounts the folder, the kernel holds a program to it."""


def is_full(folder: str) -> bool:
    found = os.statvfs(folder)
    return found.f_bavail == 0 or found.f_favail == 0


def is_crowded(folder: str) -> bool:
    found = os.statvfs(folder)
    return found.f_files - found.f_ffree > MOST_FILES


def held_bytes(folder: str) -> int:
    found = os.statvfs(folder)
    return (found.f_blocks - found.f_bfree) * found.f_frsize
