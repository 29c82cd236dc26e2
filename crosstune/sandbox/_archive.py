"""Files that a command left in its working folder, held in memory for later commands."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Collection
from pathlib import Path
from types import TracebackType
from typing import Self

from crosstune.files import atomic_write
from crosstune.sandbox._inside.archive import read as read_archive

MOST_READ_BYTES = 32 << 20
_SEALS = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE


class FileArchive:
    """Made by `SandboxRunner.build`, read by `SandboxRunner.run`. Its content is written and read only inside
    the sandbox. ``disk_bytes`` is the size of the folder that it came from. Close it after use."""

    def __init__(self, disk_bytes: int) -> None:
        self.disk_bytes = disk_bytes
        self.descriptor = memory_file("archive")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @classmethod
    def opened(cls, path: Path, disk_bytes: int) -> Self:
        """The archive that `save` has written.

        Raises:
            OSError: there is none.
        """
        archive = cls.__new__(cls)
        archive.disk_bytes = disk_bytes
        archive.descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        return archive

    def save(self, path: Path) -> None:
        """Write the archive to a file.

        Raises:
            OSError: it cannot be written.
        """
        size = os.fstat(self.descriptor).st_size
        with atomic_write(path) as aside:
            aside.write_bytes(os.pread(self.descriptor, size, 0))

    def contents(self, names: Collection[str]) -> dict[str, bytes]:
        """The files in it, read with suspicion: a program made them.

        Raises:
            ValueError: they have more than `MOST_READ_BYTES` in all, or are not the files ``names``.
        """
        size = os.fstat(self.descriptor).st_size
        if size > MOST_READ_BYTES:
            raise ValueError(f"the files have more than {MOST_READ_BYTES >> 20} MiB in all")
        found = dict(read_archive(os.pread(self.descriptor, size, 0)))
        if unknown := found.keys() - set(names):
            raise ValueError(f"an unknown file {unknown.pop()!r}")
        return found

    def seal(self) -> None:
        """Forbid any further change."""
        seal(self.descriptor)

    def close(self) -> None:
        os.close(self.descriptor)


def memory_file(name: str, content: bytes = b"") -> int:
    """A descriptor of a new file in memory, at its beginning; with ``content`` it is sealed."""
    descriptor = os.memfd_create(name, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    if content:
        try:
            view = memoryview(content)
            while view:
                view = view[os.write(descriptor, view) :]
            os.lseek(descriptor, 0, os.SEEK_SET)
            seal(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
    return descriptor


def seal(descriptor: int) -> None:
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, _SEALS)
