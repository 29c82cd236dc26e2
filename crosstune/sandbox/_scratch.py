"""Working folders for commands that run without bubblewrap. A later run removes those of killed runs."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

_PREFIX = "crosstune-box-"
# A folder that was just made may not be locked yet.
_YOUNG_SECONDS = 60.0


@contextlib.contextmanager
def folder() -> Iterator[str]:
    """A new folder, locked while it is in use: processes in other process namespaces see the lock, too."""
    _sweep()
    made = tempfile.mkdtemp(prefix=_PREFIX)
    try:
        with _opened(made) as descriptor:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _sweep() -> None:
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):  # another user's, in use, or just gone
            state = left.lstat()
            if state.st_uid == os.getuid() and time.time() - state.st_ctime > _YOUNG_SECONDS:
                with _opened(left) as descriptor:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(left, ignore_errors=True)


@contextlib.contextmanager
def _opened(path: str | Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
