"""The judge's end of the pipes to a candidate's process, where a resident process runs the tests."""

from __future__ import annotations

import contextlib
import os
import struct

_LENGTH = struct.Struct(">I")
MAX_FRAME_BYTES = 16 << 20
"""The longest message that a candidate's process may send."""

_CAME, _ENDED, _TOO_LONG = b"+", b".", b">"


class Peer:
    """Sends a message to the candidate's process and takes its next one: see `TestsProcess`."""

    def __init__(self, reader: int, writer: int) -> None:
        self._reader, self._writer = reader, writer
        self.received = False
        """Whether the candidate's process has sent anything."""

    def exchange(self, message: bytes) -> bytes:
        if message:
            with contextlib.suppress(BrokenPipeError):  # then nothing can be read, either
                self._write(_LENGTH.pack(len(message)) + message)
        head = self._read(_LENGTH.size)
        if len(head) < _LENGTH.size:
            return _ENDED
        self.received = True
        size = _LENGTH.unpack(head)[0]
        if size > MAX_FRAME_BYTES:
            return _TOO_LONG
        body = self._read(size)
        return _CAME + body if len(body) == size else _ENDED

    def _write(self, data: bytes) -> None:
        left = memoryview(data)
        while left:
            left = left[os.write(self._writer, left) :]

    def _read(self, size: int) -> bytes:
        held = bytearray()
        while len(held) < size and (part := os.read(self._reader, min(size - len(held), 1 << 20))):
            held += part
        return bytes(held)


class DirectPeer:
    """Takes the place of a `Peer` where the resident process has the pipes itself."""

    received = False

    def exchange(self, _message: bytes) -> None:
        self.received = True
