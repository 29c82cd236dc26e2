"""Folders of the user: the home folder and crosstune's cache folder, also where there is no home."""

from __future__ import annotations

import functools
import os
import stat
import tempfile
from pathlib import Path


def cache_folder() -> Path:
    """The folder for what can be made again: ``crosstune`` in ``XDG_CACHE_HOME`` or in ``~/.cache``; where
    neither can be written, a private one among the temporary files."""
    named = os.environ.get("XDG_CACHE_HOME")
    if named and _can_be_made(Path(named).absolute()):
        return Path(named, "crosstune").absolute()
    folder = home()
    if folder and folder.is_dir() and _can_be_made(folder / ".cache" / "crosstune"):
        return folder / ".cache" / "crosstune"
    return _private()


def home() -> Path | None:
    """The home folder; None for a user without ``HOME`` and without an entry in the user database."""
    try:
        return Path.home().absolute()
    except RuntimeError:
        return None


def expanded(path: str | Path) -> Path:
    """``path`` with the home folder in place of ``~``, if there is one."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def _can_be_made(folder: Path) -> bool:
    """Whether this user can write the folder, or make it in the nearest one above that exists."""
    existing = next(each for each in (folder, *folder.parents) if each.exists())
    return existing.is_dir() and os.access(existing, os.W_OK | os.X_OK)


@functools.cache
def _private() -> Path:
    folder = Path(tempfile.gettempdir(), f"crosstune-{os.getuid()}")
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        state = folder.lstat()
        ours = stat.S_ISDIR(state.st_mode) and state.st_uid == os.getuid() and not state.st_mode & 0o077
        if not ours:  # anyone can make a folder of this name
            return Path(tempfile.mkdtemp(prefix="crosstune-"))
    return folder
