"""What the processes of a measurement used, read from /proc."""

from __future__ import annotations

import os
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def cpu_seconds() -> float:
    """User and system time of this process, of all that descend from it, and of those that have ended.
    A kernel tick exact."""
    return sum(sum(map(int, stat[11:15])) for stat in _tree().values()) / _TICK


def busy_seconds() -> float:
    """What all cores together have worked since the machine was started, for whomever."""
    fields = Path("/proc/stat").read_text("ascii").split("\n", 1)[0].split()[1:9]
    user, nice, system, _, _, interrupts, soft, stolen = map(int, fields)
    return (user + nice + system + interrupts + soft + stolen) / _TICK


def cores() -> int:
    return os.cpu_count() or 1


def memory_bytes() -> int:
    """Resident memory of this process and all below it; what several share is counted once."""
    total = 0
    for pid in _tree():
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return total * 1024


def _tree() -> dict[int, list[str]]:
    stats: dict[int, list[str]] = {}
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            try:
                text = (place / "stat").read_text(errors="replace")
            except (FileNotFoundError, ProcessLookupError):
                continue
            stats[int(place.name)] = text.rpartition(")")[2].split()
    members = {os.getpid()}
    while more := {pid for pid, stat in stats.items() if int(stat[1]) in members} - members:
        members |= more
    return {pid: stats[pid] for pid in members}
