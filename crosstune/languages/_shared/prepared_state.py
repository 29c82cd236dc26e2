"""Prepared toolchain states: folders that are made once and read by every program that is judged.

They are kept in ``share/crosstune`` of the Python environment or, where that is not writable, in the user's
cache folder. Programs see them read-only. A process locks each folder that it keeps until it ends; one that
has not been used for a long time and is not locked is removed.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from crosstune.errors import PrerequisiteError
from crosstune.files import locked
from crosstune.user_folders import cache_folder

_KEPT_SECONDS = 30 * 24 * 3600.0
_TIDY_SECONDS = 3600.0
"""Between two looks for such folders."""

_REMOVED = ".removed"
_used: dict[Path, int] = {}
"""The open folders that this process has locked."""

_tidied: dict[Path, float] = {}
"""When this process has last looked for unused folders, by their parent."""


def folder(kind: str, key: str, make: Callable[[Path], None], *, keep: bool = True) -> Path:
    """The folder of ``kind`` for ``key``, a digest of everything that its content depends on. The first call
    lets ``make`` fill a temporary folder and then renames it, so a folder that exists is complete.

    With ``keep`` nobody removes it until this process ends, which costs a descriptor: without, for kinds of
    which a process uses thousands, it can go after weeks without a call.

    Raises:
        PrerequisiteError: it cannot be made, or no folder is writable.
    """
    homes = [home / kind for home in _homes()]
    is_there = _is_kept if keep else _is_touched
    for home in homes:
        if _is_trusted(home / key) and is_there(home / key):
            return home / key
    for home in homes:
        with contextlib.suppress(PermissionError), _locked(home, key):
            while not (_is_trusted(home / key) and is_there(home / key)):
                _fill(home / key, make)
            return home / key
    folders = " nor ".join(map(str, homes))
    raise PrerequisiteError(f"neither {folders} can be written; name another cache folder in XDG_CACHE_HOME")


def command(argv: Sequence[str | Path], folder: Path) -> None:
    """Run a command that fills a folder, without the user's environment variables."""
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TMPDIR": str(folder)}
    subprocess.run(argv, cwd=folder, env=environment, check=True, capture_output=True, text=True)


def _homes() -> tuple[Path, Path]:
    return Path(sys.prefix, "share", "crosstune").resolve(), cache_folder().resolve()


def _is_trusted(path: Path) -> bool:
    """Whether the folder exists, and only root or this user can have made it."""
    return path.is_dir() and path.stat().st_uid in (0, os.getuid()) and not path.stat().st_mode & 0o002


def _is_touched(path: Path) -> bool:
    """Mark a folder as used now; False if it has just been removed."""
    with contextlib.suppress(OSError):
        os.utime(path)
    return path.is_dir()


def _is_kept(path: Path) -> bool:
    """Keep a folder until this process ends; False if it has just been removed."""
    _is_touched(path)
    if path in _used:
        if _is_open_as(path, _used[path]):
            return True
        os.close(_used.pop(path))
    try:
        opened = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return False
    with contextlib.suppress(OSError):  # without locks, only the time says that it is used
        fcntl.flock(opened, fcntl.LOCK_SH)
    if not _is_open_as(path, opened):
        os.close(opened)
        return False
    _used[path] = opened
    return True


def _is_open_as(path: Path, opened: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(opened))
    except FileNotFoundError:
        return False


@contextlib.contextmanager
def _locked(home: Path, key: str) -> Iterator[None]:
    """
    Raises:
        PermissionError: ``home`` is not writable.
    """
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(locked(home / f"{key}.lock", wait=True))
        except (OSError, PrerequisiteError) as error:  # the latter: it has no file locks
            raise PermissionError(str(error)) from error
        yield


def _fill(path: Path, make: Callable[[Path], None]) -> None:
    try:
        with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
            aside = Path(scratch, "new")
            aside.mkdir(mode=0o755)
            make(aside)
            aside.rename(path)
        _tidy(path.parent)
    except (OSError, subprocess.CalledProcessError) as error:
        reason = getattr(error, "stderr", "") or error
        raise PrerequisiteError(f"{path}: could not be prepared: {reason}") from None


def _tidy(home: Path) -> None:
    """Remove states that have not been used for a long time: their toolchains are gone."""
    now = time.time()
    if now - _tidied.get(home, 0.0) < _TIDY_SECONDS:  # there can be thousands of states
        return
    _tidied[home] = now
    for old in home.iterdir():
        with contextlib.suppress(OSError):  # in use, or another thread or process has just removed it
            if old.is_dir() and now - old.stat().st_mtime > _KEPT_SECONDS:
                _remove(old)


def _remove(old: Path) -> None:
    """
    Raises:
        OSError: a process uses it.
    """
    opened = os.open(old, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(old.rename(old.with_name(f"{old.name.removesuffix(_REMOVED)}{_REMOVED}")))
    finally:
        os.close(opened)
