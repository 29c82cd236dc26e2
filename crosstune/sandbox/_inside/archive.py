"""Files of the working folder, carried from one request to later ones in a file in memory.

The outer side only passes on the file's descriptor; it never reads the content.
"""

from __future__ import annotations

import fnmatch
import os
import stat
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path

_HEAD = struct.Struct("=HIQ")
"""Precedes each file: the size of its path in bytes, its mode, its size. The path and the content follow."""

_PIECE_BYTES = 1 << 20


def pack(folder: Path, patterns: Sequence[str], descriptor: int) -> None:
    """Write the regular files below ``folder`` whose relative paths match one of ``patterns``.

    What cannot be read, such as a link that a program left, is no file.
    """
    for path in _matching(folder, patterns):
        try:
            source = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        except OSError:
            continue
        try:
            state = os.fstat(source)
            name = os.fsencode(path.relative_to(folder))
            os.write(descriptor, _HEAD.pack(len(name), stat.S_IMODE(state.st_mode), state.st_size) + name)
            _copy(source, 0, descriptor, state.st_size)
        finally:
            os.close(source)


def _matching(folder: Path, patterns: Sequence[str]) -> Iterator[Path]:
    for parent, _, names in os.walk(folder):
        for path in (Path(parent, name) for name in names):
            name = str(path.relative_to(folder))
            if path.is_file() and any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns):
                yield path


def unpack(folder: Path, descriptor: int) -> None:
    """Write the files into ``folder``. Several requests may read one archive at the same time."""
    position = 0
    while head := os.pread(descriptor, _HEAD.size, position):
        name_size, mode, size = _HEAD.unpack(head)
        position += _HEAD.size
        path = folder / os.fsdecode(os.pread(descriptor, name_size, position))
        position += name_size
        path.parent.mkdir(parents=True, exist_ok=True)
        target = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        try:
            _copy(descriptor, position, target, size)
        finally:
            os.close(target)
        position += size


def read(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the names and contents of the files in an archive.

    Raises:
        ValueError: it is not whole.
    """
    position = 0
    while position < len(data):
        if len(data) - position < _HEAD.size:
            raise ValueError("an archive ends within a file's head")
        name_size, _, size = _HEAD.unpack_from(data, position)
        start = position + _HEAD.size + name_size
        position = start + size
        if position > len(data):
            raise ValueError("an archive ends within a file")
        yield os.fsdecode(data[start - name_size : start]), data[start:position]


def _copy(source: int, position: int, target: int, size: int) -> None:
    end = position + size
    while position < end:
        piece = os.pread(source, min(_PIECE_BYTES, end - position), position)
        if not piece:
            raise OSError(f"a file ended {end - position} bytes early")
        position += os.write(target, piece)
