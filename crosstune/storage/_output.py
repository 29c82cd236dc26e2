"""Write a remote file or folder: first on this machine, then, when it is whole, to the store."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from crosstune.errors import CrosstuneError
from crosstune.storage._copies import download, is_own, record, synchronised, versions
from crosstune.storage._remote import errors_translated, file_system, is_remote, shown, staging

CHECKPOINT_SECONDS = 300.0
"""How often unfinished work is copied to the store, so that another machine can continue it."""
PART = ".{}.part"
"""The name of an unfinished file in the store."""


@contextlib.contextmanager
def writing(
    path: Path, *, work: Sequence[str] = (), after: Sequence[str] = (), last: str = ""
) -> Iterator[Path]:
    """Yield where to write what belongs at ``path``: itself, or a place on this machine for a remote one.

    What is at the remote path already is there too, so that a command continues it. When the block ends
    without an error, the file or folder goes to the store, and then the files ``after`` beside it; in a
    folder, the file ``last`` goes last. Each object is replaced as a whole, and what is no longer here is
    removed at the end. ``work`` are files and folders beside it from which a command continues; they are
    copied to the store from time to time and after an error, with the unfinished file itself (`PART`).

    Raises:
        MissingExtra: a package that the protocol needs is not installed.
        PrerequisiteError, ServiceError: no access, or no answer.
        DataError: there is no such bucket or repository.
    """
    if not is_remote(path):
        yield path
        return
    upload = _Upload(path, work)
    upload.begin()
    try:
        with upload.checkpoints(), _named(upload.copy, path):
            yield upload.copy
    except BaseException:
        with contextlib.suppress(CrosstuneError):  # the error itself is what matters
            upload.checkpoint()
        raise
    upload.finish(after, last)


class _Upload:
    """The copy of a remote path on this machine, and the files beside it."""

    def __init__(self, path: Path, work: Sequence[str]) -> None:
        self._path, self.copy, self._work = path, staging(path), work
        self._part = path.with_name(PART.format(path.name))
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Check access, and fetch what there is."""
        self.copy.parent.mkdir(parents=True, exist_ok=True)
        with errors_translated(self._path):
            system, _ = file_system(self._path)
            if self._path.parts[0] == "s3:":
                _check_bucket(system, self._path.parts[1])
        if not download(self._path, self.copy, keep_changes=True) and not self.copy.exists():
            download(self._part, self.copy)
            record(self.copy, {})
        for name in self._work:
            download(self._path.parent / name, self.copy.parent / name, keep_changes=True)

    @contextlib.contextmanager
    def checkpoints(self) -> Iterator[None]:
        """Copy the work in this block to the store from time to time."""
        ended = threading.Event()
        thread = threading.Thread(target=self._copy_until, args=(ended,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _copy_until(self, ended: threading.Event) -> None:
        while not ended.wait(CHECKPOINT_SECONDS):
            with contextlib.suppress(CrosstuneError, OSError):  # the next one may succeed
                self.checkpoint()

    def checkpoint(self) -> None:
        """Copy the unfinished file and the work to the store."""
        with self._lock:
            if self.copy.is_file():
                with errors_translated(self._part):
                    _put(self._part, [(self.copy, "")])
            self._put_beside(self._work)

    def _put_beside(self, names: Sequence[str]) -> None:
        for name in names:
            path = self._path.parent / name
            with errors_translated(path):
                _put_changed(path, self.copy.parent / name)

    def finish(self, after: Sequence[str], last: str) -> None:
        with self._lock, errors_translated(self._path):
            self._put_beside(self._work)
            _put_changed(self._path, self.copy, last)
            self._put_beside(after)
            system, name = file_system(self._part)
            if system.exists(name):
                system.rm_file(name)


def _put_changed(path: Path, copy: Path, last: str = "") -> None:
    """Write the files of ``copy`` that are not at ``path``, then remove what is only there."""
    system, name = file_system(path)
    there, before = versions(system, name), synchronised(copy)
    here = {each: file for file, each in _files(copy)}
    changed = [each for each in here if there.get(each) is None or there[each] != before.get(each)]
    _put(path, [(here[each], each) for each in sorted(changed, key=lambda each: (each == last, each))])
    for each in set(there) - set(here):
        system.rm_file(f"{name}/{each}" if each else name)
    record(copy, versions(system, name))


def _files(copy: Path) -> Iterable[tuple[Path, str]]:
    if not copy.is_dir():
        return [(copy, "")] * copy.is_file()
    return [
        (file, str(file.relative_to(copy)))
        for file in sorted(copy.rglob("*"))
        if file.is_file() and not is_own(str(file.relative_to(copy)))
    ]


def _put(path: Path, files: Iterable[tuple[Path, str]]) -> None:
    system, name = file_system(path)
    for file, each in files:
        system.put_file(str(file), f"{name}/{each}" if each else name)


def _check_bucket(system: Any, name: str) -> None:
    """A wrong bucket is an error before the work, not after it."""
    try:
        system.call_s3("head_bucket", Bucket=name)
    except FileNotFoundError:
        raise FileNotFoundError("NoSuchBucket") from None


@contextlib.contextmanager
def _named(copy: Path, path: Path) -> Iterator[None]:
    """Name the remote path in errors, which the user knows, in place of the copy."""
    try:
        yield
    except CrosstuneError as error:
        error.args = tuple(
            each.replace(str(copy), shown(path)) if isinstance(each, str) else each for each in error.args
        )
        raise
