"""What a process and its descendants use, read from /proc."""

from __future__ import annotations

import os
import resource
from dataclasses import dataclass

_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGESIZE")


@dataclass(frozen=True)
class Use:
    """CPU seconds (with those of ended children), resident bytes without ``root``'s, processes and
    threads."""

    cpu_seconds: float
    resident_bytes: int
    tasks: int


def use(proc: int, root: int, shared_bytes: int, most_bytes: int, template: int = 0) -> Use:
    """The use of ``root`` and all its descendants; ``proc`` is an open folder, /proc.

    ``shared_bytes`` are resident in each process, because all are forks of one; they do not count. If the
    sum of the resident bytes exceeds ``most_bytes``, pages that several processes share count once. The
    memory and threads of ``template``, a process or 0, do not count.
    """
    stats = {pid: stat for pid in _pids(proc) if (stat := _stat(proc, pid))}
    members = _descendants({pid: int(stat[1]) for pid, stat in stats.items()}, root)
    rows = [stats[pid] for pid in members]
    resident = {
        pid: max(0, int(stats[pid][21]) * _PAGE - shared_bytes)
        for pid in members
        if pid not in (root, template)
    }
    total = sum(resident.values())
    if total > most_bytes and len(resident) > 1:
        total = sum(_proportional_bytes(proc, pid, size) for pid, size in resident.items())
    return Use(
        cpu_seconds=sum(int(value) for row in rows for value in row[11:15]) / _TICK,
        resident_bytes=total,
        tasks=sum(int(stats[pid][17]) for pid in members if pid != template),
    )


def descendants(proc: int, root: int) -> list[int]:
    """The living processes below ``root``, without it."""
    stats = {pid: stat for pid in _pids(proc) if (stat := _stat(proc, pid))}
    return [p for p in _descendants({pid: int(s[1]) for pid, s in stats.items()}, root) if p != root]


def spent_by(root: int) -> float:
    """CPU seconds that ``root`` and all its descendants have used, with those of ended children."""
    proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
    try:
        rows = [_stat(proc, pid) for pid in (root, *_below(proc, root))]
    finally:
        os.close(proc)
    return sum(int(value) for row in rows for value in row[11:15]) / _TICK


def _below(proc: int, root: int) -> list[int]:
    """The descendants of ``root``, found without a look at all processes where the kernel can say it."""
    if not os.access(f"self/task/{os.getpid()}/children", os.R_OK, dir_fd=proc):
        return descendants(proc, root)
    found, waiting = list[int](), [root]
    while waiting:
        children = _children(proc, waiting.pop())
        found += children
        waiting += children
    return found


def _children(proc: int, pid: int) -> list[int]:
    """The children of a process, which may have just ended."""
    found = list[int]()
    for task in _names(proc, f"{pid}/task"):
        try:
            file = os.open(f"{pid}/task/{task}/children", os.O_RDONLY, dir_fd=proc)
        except OSError:
            continue
        try:
            found += map(int, os.read(file, 65536).split())
        except OSError:
            continue
        finally:
            os.close(file)
    return found


def _names(proc: int, folder: str) -> list[str]:
    try:
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY, dir_fd=proc)
    except OSError:
        return []
    try:
        return os.listdir(opened)  # noqa: PTH208 - a descriptor is no path
    except OSError:
        return []
    finally:
        os.close(opened)


def peak_bytes(proc: int, root: int, shared_bytes: int) -> int:
    """The largest resident bytes that a living descendant of ``root`` has had at any time."""
    peaks = (_kilobytes(proc, f"{pid}/status", b"VmHWM:") for pid in descendants(proc, root))
    return max((max(0, peak - shared_bytes) for peak in peaks), default=0)


def _proportional_bytes(proc: int, pid: int, resident: int) -> int:
    """The resident bytes of a process, of which each page counts in equal parts for those that share it."""
    try:
        return min(resident, _kilobytes(proc, f"{pid}/smaps_rollup", b"Pss:"))
    except PermissionError:
        return resident


def _kilobytes(proc: int, name: str, key: bytes) -> int:
    """The bytes that a line of a file says; 0 if the process has just ended.

    Raises:
        PermissionError: the process hides its memory.
    """
    try:
        file = os.open(name, os.O_RDONLY, dir_fd=proc)
    except PermissionError:
        raise
    except OSError:
        return 0
    try:
        lines = os.read(file, 16384).splitlines()
    except OSError:
        return 0
    finally:
        os.close(file)
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(key)), 0)


def _descendants(parents: dict[int, int], root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for pid, parent in parents.items():
        children.setdefault(parent, []).append(pid)
    members, waiting = [], [root] if root in parents else []
    while waiting:
        pid = waiting.pop()
        members.append(pid)
        waiting += children.get(pid, [])
    return members


def _pids(proc: int) -> list[int]:
    return [int(name) for name in os.listdir(proc) if name.isdigit()]


def _stat(proc: int, pid: int) -> list[str]:
    """The fields after the command's name, from the state on; empty if the process has just ended."""
    try:
        file = os.open(f"{pid}/stat", os.O_RDONLY, dir_fd=proc)
    except OSError:
        return []
    try:
        return os.read(file, 4096).decode("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return []
    finally:
        os.close(file)


def seconds_of(pid: int) -> float:
    """CPU seconds of a process and its children that have ended, to a kernel tick; 0 if it has ended."""
    proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
    try:
        return sum(int(value) for value in _stat(proc, pid)[11:15]) / _TICK
    finally:
        os.close(proc)


def state_of(pid: int) -> bytes:
    """The number of threads of a process, and the signals that wait for it."""
    number = os.open(f"/proc/{pid}/status", os.O_RDONLY)
    try:
        lines = os.read(number, 16384).splitlines()
    finally:
        os.close(number)
    return b" ".join(line for line in lines if line.startswith((b"SigPnd:", b"ShdPnd:", b"Threads:")))


def spent() -> float:
    """CPU seconds of this process and all its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(use.ru_utime + use.ru_stime for use in used)
