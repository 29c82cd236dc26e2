"""Files that a command left in its working folder, held in memory for later commands."""

from __future__ import annotations

import fcntl
import os
from types import TracebackType
from typing import Self

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
