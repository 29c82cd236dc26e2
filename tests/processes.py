"""List processes of this machine."""

from __future__ import annotations

import os
from pathlib import Path


def alive(marker: str) -> list[int]:
    """The ids of other processes that have ``marker`` as an argument."""
    pids = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:  # the process has just ended
                continue
            if marker.encode() in words:
                pids.append(int(entry.name))
    return pids
