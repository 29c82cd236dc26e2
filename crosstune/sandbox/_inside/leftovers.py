# ruff: noqa: PTH101, PTH106, PTH108, PTH110, PTH116
# pathlib costs more than the calls themselves
"""Check whether a program has left anything in its sandbox, and remove it.

All its processes have ended, and with them their memory, sockets, locks and timers. This module checks what
can outlive a process: files, the folder's own attributes, System V's shared objects (a limit forbids POSIX
message queues), traffic over the loopback interface (connections that linger, held ports), and limits and
priorities that a program can set for another process of its user. A sandbox in which anything cannot be
undone quickly is thrown away.
"""

from __future__ import annotations

import array
import fcntl
import os
import resource
import stat

from . import kernel

_MAX_FILES = 300
_SHARED = ("/proc/sysvipc/shm", "/proc/sysvipc/sem", "/proc/sysvipc/msg")
_COUNTERS = "/proc/self/net/dev"
_GET_FLAGS = 0x80086601  # FS_IOC_GETFLAGS
_LIMITS = tuple(value for name, value in sorted(vars(resource).items()) if name.startswith("RLIMIT_"))


class Leftovers:
    """Records the state of a sandbox before any program runs in it; ``folder`` is its working folder."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        shared = [path for path in _SHARED if os.path.exists(path)]
        self._files = [os.open(path, os.O_RDONLY) for path in (*shared, _COUNTERS)]
        self._first = self._state()
        self._mode = os.stat(folder).st_mode
        self._flags = _flags(folder)

    def clear(self) -> bool:
        """Remove what is left; False if the sandbox cannot be restored."""
        try:
            return self._state() == self._first and self._folder_is_whole() and self._empty()
        except (OSError, RecursionError):
            return False

    def _state(self) -> list[object]:
        """What a program must not have changed. A clean sandbox has no shared objects, so 16 kB suffice."""
        return [
            *(os.pread(descriptor, 16384, 0) for descriptor in self._files),
            *(resource.getrlimit(which) for which in _LIMITS),
            os.getpriority(os.PRIO_PROCESS, 0),
            os.sched_getaffinity(0),
            os.sched_getscheduler(0),
            kernel.io_priority(),
        ]

    def _folder_is_whole(self) -> bool:
        same = os.stat(self._folder).st_mode == self._mode and _flags(self._folder) == self._flags
        return same and not os.listxattr(self._folder)

    def _empty(self) -> bool:
        state = os.statvfs(self._folder)
        if state.f_files - state.f_ffree > _MAX_FILES:
            return False
        _remove_all(self._folder)
        os.utime(self._folder)
        return True


def _flags(folder: str) -> int:
    """The attributes that ``chattr`` changes; 0 where the file system has none."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        found = array.array("l", [0])
        fcntl.ioctl(descriptor, _GET_FLAGS, found)
        return found[0]
    except OSError:
        return 0
    finally:
        os.close(descriptor)


def _remove_all(folder: str) -> None:
    """Empty a folder to which no other process has access."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                os.chmod(entry.path, stat.S_IRWXU)
                _remove_all(entry.path)
                os.rmdir(entry.path)
            else:
                os.unlink(entry.path)
