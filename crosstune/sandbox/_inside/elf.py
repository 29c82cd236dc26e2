"""What a program's file asks of memory before its first instruction runs."""

from __future__ import annotations

import os
import struct

_HEAD = struct.Struct("<4sBB26xQ14xHH")
_SEGMENT = struct.Struct("<IIQQQQQQ")
_LOADED, _WRITABLE = 1, 2


def writable_bytes(file: str) -> int:
    """Of an ELF file for 64 bits: its variables. 0 for any other file.

    The kernel ends a program whose variables exceed the limit of memory with the signal of a bad access, as
    if it had begun to run.
    """
    try:
        number = os.open(file, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return 0
    try:
        return _of(os.pread(number, 1 << 16, 0))
    finally:
        os.close(number)


def _of(data: bytes) -> int:
    if len(data) < _HEAD.size:
        return 0
    magic, width, order, start, size, count = _HEAD.unpack_from(data)
    if (magic, width, order, size) != (b"\x7fELF", 2, 1, _SEGMENT.size):
        return 0
    if start + count * size > len(data):
        return 0
    segments = [_SEGMENT.unpack_from(data, start + place * size) for place in range(count)]
    return sum(int(row[6]) for row in segments if row[0] == _LOADED and row[1] & _WRITABLE)
