"""Read a zip archive whose members may be compressed with Zstandard, which ``zipfile`` of Python 3.11 cannot.

Its layout is in sections 4.3.7 and 4.4.5 of PKWARE's APPNOTE (method 93 is Zstandard).
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path
from types import TracebackType
from typing import Self

from crosstune.errors import DataError

_ZSTANDARD = 93
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")


class Archive:
    """The members of the zip archive at ``path``."""

    def __init__(self, path: Path) -> None:
        """
        Raises:
            DataError: it is not a complete zip archive.
        """
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except zipfile.BadZipFile as error:
            raise DataError(
                f"{path}: not a complete zip archive ({error}); a log that is still written, or was cut off, "
                "cannot be read"
            ) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys(self._zip.namelist()))

    def read(self, name: str) -> bytes:
        """
        Raises:
            DataError: the member does not exist, or is damaged.
        """
        try:
            info = self._zip.getinfo(name)
            return self._zstandard(info) if info.compress_type == _ZSTANDARD else self._zip.read(info)
        except KeyError:
            raise DataError(f"{self.path}: no {name} in it; it has {', '.join(self.names[:8])}") from None
        except (zipfile.BadZipFile, zlib.error, OSError, ValueError, struct.error) as error:
            raise DataError(f"{self.path}: {name}: damaged: {error}") from None

    def _zstandard(self, info: zipfile.ZipInfo) -> bytes:
        import pyarrow as pa

        with self.path.open("rb") as file:
            file.seek(info.header_offset)
            *_, name_size, extra_size = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
            file.seek(name_size + extra_size, 1)
            packed = file.read(info.compress_size)
        with pa.CompressedInputStream(pa.BufferReader(packed), "zstd") as stream:
            data = bytes(stream.read())
        if zlib.crc32(data) != info.CRC:
            raise ValueError("its checksum is wrong")
        return data
