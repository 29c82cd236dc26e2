"""Look at the machine's processes."""

from __future__ import annotations

import os
from pathlib import Path


def alive(marker: str) -> list[int]:
    """The ids of all other processes with an argument equal to ``marker``."""
    pids = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                arguments = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:  # the process has just ended
                continue
            if marker.encode() in arguments:
                pids.append(int(entry.name))
    return pids
