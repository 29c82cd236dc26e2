# ruff: noqa: PTH101, PTH106, PTH108, PTH110, PTH116
# pathlib costs more than the calls themselves
"""Whether anything of a program is left in its box.

All its processes have ended, and with them their memory, sockets, locks and timers. What can outlive a
process is looked at here: files, the folder's own attributes, System V's shared objects (message queues of
POSIX are forbidden by a limit), what went over the loopback interface (connections that linger, held ports),
and limits and priorities that a program can set for another process of its user. Whatever is not quickly
undone is reason to throw the box away.
"""

from __future__ import annotations

import os
import resource
import stat

from . import kernel

_FILES_MOST = 300
_SHARED = ("/proc/sysvipc/shm", "/proc/sysvipc/sem", "/proc/sysvipc/msg")
_COUNTERS = "/proc/self/net/dev"
_LIMITS = tuple(value for name, value in sorted(vars(resource).items()) if name.startswith("RLIMIT_"))


class Leftovers:
    """Of a box whose working folder is ``folder``; made when no program has run there yet."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        shared = [place for place in _SHARED if os.path.exists(place)]
        self._files = [os.open(place, os.O_RDONLY) for place in (*shared, _COUNTERS)]
        self._first = self._state()
        self._mode = os.stat(folder).st_mode

    def clear(self) -> bool:
        """Remove what is left; False where the box cannot be made as it was."""
        try:
            return self._state() == self._first and self._folder_is_whole() and self._empty()
        except (OSError, RecursionError):
            return False

    def _state(self) -> list[object]:
        """What a program may not have changed. 16 kB hold more objects than are looked for: none."""
        return [
            *(os.pread(number, 16384, 0) for number in self._files),
            *(resource.getrlimit(which) for which in _LIMITS),
            os.getpriority(os.PRIO_PROCESS, 0),
            os.sched_getaffinity(0),
            os.sched_getscheduler(0),
            kernel.io_priority(),
        ]

    def _folder_is_whole(self) -> bool:
        return os.stat(self._folder).st_mode == self._mode and not os.listxattr(self._folder)

    def _empty(self) -> bool:
        tmpfs = os.statvfs(self._folder)
        if tmpfs.f_files - tmpfs.f_ffree > _FILES_MOST:
            return False
        _remove_all(self._folder)
        os.utime(self._folder)
        return True


def _remove_all(folder: str) -> None:
    """Empty a folder to which nobody else has access any more."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                os.chmod(entry.path, stat.S_IRWXU)
                _remove_all(entry.path)
                os.rmdir(entry.path)
            else:
                os.unlink(entry.path)
