"""Atomic writes, locks and digests of files and folders."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from crosstune.errors import Incomplete, PrerequisiteError

DISK_FULL = {errno.ENOSPC, errno.EDQUOT}
TOO_MANY_FILES = {errno.EMFILE, errno.ENFILE}
UNUSABLE_PATH = {
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENOENT,
    errno.ENOTDIR,
    errno.EEXIST,
    errno.EISDIR,
    errno.ENAMETOOLONG,
    errno.ELOOP,
}
"""Errors of a path that the user gave: no permission, it does not exist, or it is of another kind."""
_NO_LOCKS = {errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL}


@contextlib.contextmanager
def atomic_write(path: Path, *, sync: bool = False) -> Iterator[Path]:
    """Yield a temporary path in the same folder and rename it to ``path`` when the block succeeds.

    A reader sees the old file or the new one, never a part of it; after an error the temporary file is
    removed. With ``sync`` the new file also survives a power cut. A folder can be written in the same way
    if ``path`` does not exist. The target of a symbolic link is replaced, not the link. A device or a pipe
    (``/dev/stdout``) is not replaced: ``path`` itself is yielded.
    """
    if _is_device(path):
        yield path
        return
    if path.is_symlink():
        path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = temporary_path(path)
    try:
        yield temporary
        if sync:
            sync_to_disk(temporary)
        temporary.replace(path)
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        elif (known := final_path(Path(os.fsdecode(error.filename)))) != Path(os.fsdecode(error.filename)):
            error.filename, error.filename2 = str(known), None
        raise
    finally:
        with contextlib.suppress(OSError):  # it must not hide the error itself, as on a read-only disk
            remove(temporary)


def _is_device(path: Path) -> bool:
    special = path.exists() and not (path.is_file() or path.is_dir())
    return special or path.absolute().is_relative_to("/dev/fd") or str(path) in {"/dev/stdout", "/dev/stderr"}


def temporary_path(path: Path) -> Path:
    """The path that this process writes before renaming it to ``path``."""
    return path.with_name(f".{path.name}.{os.getpid()}.part")


def final_path(path: Path) -> Path:
    """The path that the user knows: without the temporary names of this process, for messages."""
    end = f".{os.getpid()}.part"
    return Path(
        *(part[1 : -len(end)] if part.startswith(".") and part.endswith(end) else part for part in path.parts)
    )


def check_target(path: Path) -> None:
    """Find out before long work whether the file ``path`` can be written after it.

    Raises:
        OSError: it cannot; the error names ``path``.
    """
    if _is_device(path):
        return
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    probe = temporary_path(path)
    try:
        probe.touch()
    except OSError as error:
        error.filename = str(path)
        raise
    probe.unlink()


def write_text(path: Path, text: str, *, sync: bool = False) -> None:
    """Write ``text`` as UTF-8; see `atomic_write`."""
    with atomic_write(path, sync=sync) as temporary:
        temporary.write_text(text, "utf-8")


def write_json(path: Path, value: Any, *, sync: bool = False) -> None:
    """Write ``value`` as indented JSON; see `atomic_write`."""
    write_text(path, json.dumps(value, indent=1, ensure_ascii=False) + "\n", sync=sync)


def remove(path: Path) -> None:
    """Remove a file or a whole folder, if it exists."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def sync_to_disk(path: Path) -> None:
    """Wait until a file's contents, or a folder's list of entries, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def locked(path: Path, *, wait: bool = False) -> Iterator[None]:
    """Hold an exclusive lock on the file ``path``; the kernel releases it if this process dies.

    The lock file is removed at the end.

    Raises:
        BlockingIOError: another process holds the lock, and ``wait`` is False.
        PrerequisiteError: the file system has no locks.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = _acquire(path, wait=wait)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(descriptor)


def lock(descriptor: int, path: Path, *, wait: bool = False) -> None:
    """Lock the open file ``path`` until it is closed, also by the end of this process.

    Raises: see `locked`.
    """
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        raise
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
        raise PrerequisiteError(
            f"{path.parent}: this file system has no file locks ({error.strerror}), so two processes could "
            "write the same file; name a folder on another file system, such as a local disk"
        ) from None


def _acquire(path: Path, *, wait: bool) -> int:
    while True:
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o644)
        try:
            lock(descriptor, path, wait=wait)
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                return descriptor
        except FileNotFoundError:
            pass  # the previous holder has just removed it
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def file_digest(path: Path) -> str:
    """SHA-256 (hex) of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def tree_digest(path: Path) -> str:
    """SHA-256 (hex) of a file, or of a folder's relative file names and their contents.

    Raises:
        FileNotFoundError: ``path`` is neither a file nor a folder.
    """
    if path.is_file():
        return file_digest(path)
    if not path.is_dir():
        raise FileNotFoundError(path)
    whole = hashlib.sha256()
    for file in sorted(path.rglob("*")):
        if file.is_file():
            whole.update(f"{file.relative_to(path).as_posix()}\0{file_digest(file)}\n".encode())
    return whole.hexdigest()


def text_digest(text: str) -> str:
    """SHA-256 (hex) of ``text``; lone surrogates are allowed."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def set_aside(path: Path, damaged: Mapping[int, bytes]) -> Path:
    """Take damaged lines, by their numbers, out of ``path`` and append them to a file beside it.

    That file has JSON lines: ``line``, the number, and ``text``. Returns its path.
    """
    aside = path.with_name(f"{path.name}.damaged")
    with aside.open("a", encoding="utf-8") as file:
        for number, line in damaged.items():
            text = line.decode("utf-8", "backslashreplace")
            file.write(json.dumps({"line": number, "text": text}) + "\n")
        file.flush()
        os.fsync(file.fileno())
    with atomic_write(path, sync=True) as temporary:
        with path.open("rb") as old, temporary.open("wb") as new:
            new.writelines(line for number, line in enumerate(old, 1) if number not in damaged)
        shutil.copymode(path, temporary)
    return aside


def remedy(error: OSError) -> str:
    """What to do about an error of the machine, ``and`` at the end; empty if there is no general advice."""
    if error.errno in DISK_FULL:
        return "free some space and "
    if error.errno in TOO_MANY_FILES:
        return "allow more open files (ulimit -n) or use fewer workers, and "
    return ""


_PROBE_BYTES = 1 << 20


def has_space(folder: Path) -> bool:
    """Whether a file of 1 MiB still fits on the disk of ``folder``."""
    probe = temporary_path(folder / "space")
    try:
        probe.write_bytes(bytes(_PROBE_BYTES))
    except OSError as error:
        return error.errno not in DISK_FULL
    finally:
        with contextlib.suppress(OSError):
            probe.unlink()
    return True


@contextlib.contextmanager
def full_disk_is_incomplete(path: Path) -> Iterator[None]:
    """Raise a full disk, while ``path`` is written, as an error that the user can act on.

    Raises:
        Incomplete: the disk is full.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in DISK_FULL:
            raise
        message = f"{final_path(path)}: the disk is full; free some space and run it again"
        raise Incomplete(message) from None
