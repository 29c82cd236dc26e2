"""Copies of remote files and folders on this machine, kept up to date."""

from __future__ import annotations

import contextlib
import fnmatch
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crosstune.errors import Incomplete
from crosstune.files import atomic_write, full_disk_is_incomplete, locked, text_digest, write_json
from crosstune.storage._remote import errors_translated, file_system, is_remote, staging, url_of
from crosstune.user_folders import cache_folder

Versions = Mapping[str, str]
"""The files of a remote path by their names below it (empty: itself), with a mark of each one's contents."""


def local_copy(path: Path) -> Path:
    """``path`` itself, or the copy of a remote file or folder on this machine; what has not changed since an
    earlier call is not read again.

    Raises:
        MissingExtra: a package that the protocol needs is not installed.
        DataError: there is nothing at the path.
        PrerequisiteError, ServiceError: no access, or no answer.
        Incomplete: the disk is full.
    """
    if not is_remote(path):
        return path
    copy = staging(path)
    with locked(_about(copy).with_suffix(".lock"), wait=True):
        if not download(path, copy):
            with errors_translated(path):
                raise FileNotFoundError(f"no file and no folder at {url_of(path)}")
    return copy


def copies_beside(path: Path, pattern: str) -> None:
    """Copy the files and folders beside a remote path whose names match ``pattern``; nothing for a local one.

    Raises: see `local_copy`.
    """
    if not is_remote(path):
        return
    with errors_translated(path.parent):
        system, name = file_system(path.parent)
        system.invalidate_cache()
        names = {Path(each).name for each in system.ls(name, detail=False)}
    for each in sorted(names):
        if fnmatch.fnmatchcase(each, pattern):
            local_copy(path.parent / each)


def download(path: Path, copy: Path, *, keep_changes: bool = False) -> bool:
    """Make ``copy`` what ``path`` is; whether there is anything. With ``keep_changes``, what was changed only
    here stays."""
    with errors_translated(path):
        system, name = file_system(path)
        now, before = versions(system, name), synchronised(copy, changed_too=keep_changes)
        with full_disk_is_incomplete(copy):
            for each, version in now.items():
                target = below(copy, each)
                if before.get(each) != version or not target.exists():
                    _fetch(system, f"{name}/{each}" if each else name, target)
            for each in set(before) - set(now):
                below(copy, each).unlink(missing_ok=True)
            record(copy, now)
    return bool(now)


def below(copy: Path, name: str) -> Path:
    """The file of a name in `Versions`."""
    return copy / name if name else copy


def versions(system: Any, name: str) -> Versions:
    system.invalidate_cache()
    found = system.find(name, detail=True)
    return {
        each: _version(info)
        for full, info in sorted(found.items())
        if info["type"] == "file" and not is_own(each := _below(name, full))
    }


def is_own(name: str) -> bool:
    """Whether a file below a remote path is only of use on the machine where it is: a lock or a temporary."""
    return name.endswith((".lock", ".part")) or Path(name).name == "lock"


def _below(name: str, full: str) -> str:
    return full.removeprefix(name).lstrip("/")


def _version(info: Mapping[str, Any]) -> str:
    """The ETag or another mark that a store gives to contents, and the size."""
    mark = next((info[key] for key in ("ETag", "blob_id", "md5Hash", "created") if info.get(key)), "")
    return f"{info.get('size')} {mark}"


def _fetch(system: Any, name: str, target: Path) -> None:
    with atomic_write(target) as temporary:
        system.get_file(name, str(temporary))
        size = system.info(name)["size"]
        if temporary.stat().st_size != size:
            raise Incomplete(f"{name}: {temporary.stat().st_size} of {size} bytes were read; run again")


def _about(copy: Path) -> Path:
    """The file about a copy: not beside it, since commands look at what is in their folders."""
    return cache_folder() / "storage" / "about" / f"{text_digest(str(copy))[:24]}.json"


def synchronised(copy: Path, *, changed_too: bool = False) -> Versions:
    """The remote files that ``copy`` has, as they were when both were the same; without those that were
    changed here since, or with them (``changed_too``)."""
    with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):
        saved = json.loads(_about(copy).read_bytes())
        return {
            name: version
            for name, (version, mark) in saved.items()
            if changed_too or mark == _mark(below(copy, name))
        }
    return {}


def record(copy: Path, now: Versions) -> None:
    """Record that ``copy`` has these files."""
    saved = {name: [version, _mark(below(copy, name))] for name, version in now.items()}
    write_json(_about(copy), saved)


def _mark(file: Path) -> list[int]:
    """What changes when a file here is written; empty if there is none."""
    try:
        status = file.stat()
    except FileNotFoundError:
        return []
    return [status.st_size, status.st_mtime_ns, status.st_ino]
