"""CPU time and memory of a measurement's processes, read from /proc."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_LISTENS = "0A"
"""The state of a listening socket in ``/proc/net/tcp``."""


def cpu_seconds(root: int | None = None) -> float:
    """User and system time of a process (this one) and all its descendants, ended ones included; to a kernel
    tick."""
    return sum(sum(map(int, stat[11:15])) for stat in _tree(root).values()) / _TICK


def own_cpu_seconds(pid: int) -> float:
    """User and system time of one process alone."""
    return sum(map(int, _stat(Path(f"/proc/{pid}"))[11:13])) / _TICK


def busy_seconds() -> float:
    """The time that all cores together have been busy since the machine was started."""
    fields = Path("/proc/stat").read_text("ascii").split("\n", 1)[0].split()[1:9]
    user, nice, system, _, _, interrupts, soft, stolen = map(int, fields)
    return (user + nice + system + interrupts + soft + stolen) / _TICK


def cores() -> int:
    return os.cpu_count() or 1


def memory_bytes(root: int | None = None) -> int:
    """Resident memory of a process (this one) and all its descendants; shared memory is counted once."""
    total = 0
    for pid in _tree(root):
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return total * 1024


def resident_bytes(root: int, *, alone: bool = False) -> int:
    """Resident memory of a process and, unless ``alone``, all its descendants; what they share is counted for
    each."""
    stats = [_stat(Path(f"/proc/{root}"))] if alone else _tree(root).values()
    return sum(int(stat[21]) for stat in stats) * os.sysconf("SC_PAGE_SIZE")


def open_files(root: int) -> int:
    """The files that a process and all its descendants have open."""
    total = 0
    for pid in tree(root):
        with contextlib.suppress(OSError):
            total += sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    return total


def threads(root: int) -> int:
    """The threads of a process and all its descendants."""
    return sum(int(stat[17]) for stat in _tree(root).values())


def tree(root: int) -> list[int]:
    """A process and all its descendants."""
    return sorted(_tree(root))


def commands(root: int) -> list[str]:
    """The command line of a process and of each of its descendants."""
    found = []
    for pid in tree(root):
        with contextlib.suppress(OSError):
            line = Path(f"/proc/{pid}/cmdline").read_bytes().strip(b"\0")
            found.append(line.replace(b"\0", b" ").decode("utf-8", "replace"))
    return found


def _tree(root: int | None) -> dict[int, list[str]]:
    stats: dict[int, list[str]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stats[int(entry.name)] = _stat(entry)
            except (FileNotFoundError, ProcessLookupError):
                continue
    members = {root or os.getpid()}
    while more := {pid for pid, stat in stats.items() if int(stat[1]) in members} - members:
        members |= more
    return {pid: stats[pid] for pid in members if pid in stats}


def _stat(process: Path) -> list[str]:
    """The fields of a process's ``stat``, from its state on."""
    return (process / "stat").read_text(errors="replace").rpartition(")")[2].split()


def listening(port: int) -> int:
    """The process that listens on a TCP port of this machine; of several, the one that started the others.

    Raises:
        LookupError: there is none, or it is another user's.
    """
    sockets = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    processes = [int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit()]
    found = {pid for pid in processes if sockets & _opened(pid)}
    for pid in sorted(found):
        if found <= set(_tree(pid)):
            return pid
    raise LookupError(f"no process found that listens on port {port}")


def _listening_inodes(port: int) -> Iterator[str]:
    for name in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{name}").read_text("ascii").splitlines()[1:]:
            fields = line.split()
            if fields[3] == _LISTENS and int(fields[1].rpartition(":")[2], 16) == port:
                yield fields[9]


def _opened(pid: int) -> set[str]:
    """What a process has open; nothing of another user's."""
    found = set()
    with contextlib.suppress(OSError):
        for each in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                found.add(str(each.readlink()))
    return found
