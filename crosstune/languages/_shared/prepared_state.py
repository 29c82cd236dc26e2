"""Prepared states of toolchains: folders that are made once, and read by every program that is judged.

They stand in ``share/crosstune`` of the Python environment or, where that cannot be written, in the user's
cache folder. Programs see them read-only.
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

_KEPT_SECONDS = 30 * 24 * 3600.0


def folder(kind: str, key: str, make: Callable[[Path], None]) -> Path:
    """The folder of ``kind`` for ``key``, a digest of all that its content depends on. The first one who
    asks has it filled by ``make``, aside, so that a folder that exists is whole.

    Raises:
        PrerequisiteError: it cannot be made, or there is no place for it.
    """
    homes = [home / kind for home in _homes()]
    for home in homes:
        if _ours(home / key):
            with contextlib.suppress(OSError):
                os.utime(home / key)  # it is in use
            return home / key
    for home in homes:
        with contextlib.suppress(PermissionError), _locked(home, key):
            if not _ours(home / key):
                _fill(home / key, make)
            return home / key
    places = " nor ".join(map(str, homes))
    raise PrerequisiteError(f"neither {places} can be written; name another cache folder in XDG_CACHE_HOME")


def command(argv: Sequence[str | Path], folder: Path) -> None:
    """Run one command of making a folder, without anything of the user's settings."""
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TMPDIR": str(folder)}
    subprocess.run(argv, cwd=folder, env=environment, check=True, capture_output=True, text=True)


def _homes() -> tuple[Path, Path]:
    cache = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    return Path(sys.prefix, "share", "crosstune").resolve(), Path(cache, "crosstune").resolve()


def _ours(place: Path) -> bool:
    """Whether it is there, and nobody but root and this user can have put it there."""
    return place.is_dir() and place.stat().st_uid in (0, os.getuid()) and not place.stat().st_mode & 0o002


@contextlib.contextmanager
def _locked(home: Path, key: str) -> Iterator[None]:
    """
    Raises:
        PermissionError: nothing can be written there.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = (home / f"{key}.lock").open("w")
    except OSError as error:
        raise PermissionError(str(error)) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fill(place: Path, make: Callable[[Path], None]) -> None:
    try:
        with tempfile.TemporaryDirectory(dir=place.parent) as scratch:
            aside = Path(scratch, "new")
            aside.mkdir(mode=0o755)
            make(aside)
            aside.rename(place)
        _tidy(place.parent)
    except (OSError, subprocess.CalledProcessError) as error:
        told = getattr(error, "stderr", "") or error
        raise PrerequisiteError(f"{place}: could not be prepared: {told}") from None


def _tidy(home: Path) -> None:
    """Remove what nobody has asked for in a long time: states of toolchains that are no more."""
    for old in home.iterdir():
        if old.is_dir() and time.time() - old.stat().st_mtime > _KEPT_SECONDS:
            shutil.rmtree(old, ignore_errors=True)
