"""One writer of a folder at a time."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from crosstune.errors import Incomplete


@contextlib.contextmanager
def alone(out: Path, lock: Path) -> Iterator[None]:
    """Held by one process at a time, however it ends. ``lock`` is a file that is there meanwhile.

    Raises:
        Incomplete: another process is writing ``out``.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    handle = _held(lock, out)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)
        os.close(handle)


def _held(lock: Path, out: Path) -> int:
    while True:
        handle = os.open(lock, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(handle), lock.stat()):
                return handle
        except FileNotFoundError:
            pass  # who held it has just removed it
        except BlockingIOError:
            os.close(handle)
            raise Incomplete(
                f"{out}: another process is writing it; wait for it, then run it again"
            ) from None
        os.close(handle)
