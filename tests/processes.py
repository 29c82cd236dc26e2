"""Looking at this machine's processes."""

from __future__ import annotations

import os
from pathlib import Path


def alive(marker: str) -> list[int]:
    """Other processes with an argument that is ``marker``."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:  # it has just ended
                continue
            if marker.encode() in words:
                found.append(int(entry.name))
    return found
