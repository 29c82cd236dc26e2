"""How much memory an executable file needs before its first instruction runs."""

from __future__ import annotations

import os
import struct

_HEAD = struct.Struct("<4sBB26xQ14xHH")
_SEGMENT = struct.Struct("<IIQQQQQQ")
_LOADED, _WRITABLE = 1, 2


def writable_bytes(file: str) -> int:
    """The size of the variables of a 64-bit ELF file; 0 for any other file.

    If they exceed the memory limit, the kernel ends the program with the signal for a bad access, as if it
    had begun to run.
    """
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return 0
    try:
        return _of(os.pread(descriptor, 1 << 16, 0))
    finally:
        os.close(descriptor)


def _of(data: bytes) -> int:
    if len(data) < _HEAD.size:
        return 0
    magic, width, order, start, size, count = _HEAD.unpack_from(data)
    if (magic, width, order, size) != (b"\x7fELF", 2, 1, _SEGMENT.size):
        return 0
    if start + count * size > len(data):
        return 0
    segments = [_SEGMENT.unpack_from(data, start + index * size) for index in range(count)]
    return sum(int(row[6]) for row in segments if row[0] == _LOADED and row[1] & _WRITABLE)
