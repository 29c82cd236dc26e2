"""CPU time and memory of a measurement's processes, read from /proc."""

from __future__ import annotations

import os
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def cpu_seconds() -> float:
    """User and system time of this process and all its descendants, ended ones included; to a kernel tick."""
    return sum(sum(map(int, stat[11:15])) for stat in _tree().values()) / _TICK


def busy_seconds() -> float:
    """The time that all cores together have been busy since the machine was started."""
    fields = Path("/proc/stat").read_text("ascii").split("\n", 1)[0].split()[1:9]
    user, nice, system, _, _, interrupts, soft, stolen = map(int, fields)
    return (user + nice + system + interrupts + soft + stolen) / _TICK


def cores() -> int:
    return os.cpu_count() or 1


def memory_bytes() -> int:
    """Resident memory of this process and all its descendants; shared memory is counted once."""
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
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                text = (entry / "stat").read_text(errors="replace")
            except (FileNotFoundError, ProcessLookupError):
                continue
            stats[int(entry.name)] = text.rpartition(")")[2].split()
    members = {os.getpid()}
    while more := {pid for pid, stat in stats.items() if int(stat[1]) in members} - members:
        members |= more
    return {pid: stats[pid] for pid in members}
