"""A box, seen from the attendant: the overseer's process, and what leads to it."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import struct
from collections.abc import Sequence

from . import init

READY = struct.Struct("=q")
"""The keeper's first word: its own resident bytes."""

ORDER = struct.Struct("=q")
"""What is asked of the keeper: a box with a folder of so many bytes, or (negative) the end of the last."""

DONE = struct.Struct("=q")
"""The keeper's answer: the first process of the box, or (negative) the number of an error."""

_END = -1
_PATIENCE_MS = 20_000


class Broken(Exception):
    """A box could not be made or ended; says why."""


class Sandbox:
    """A fresh one, with an empty folder of ``disk_bytes``. ``spent`` are the CPU seconds that its
    overseer and all programs that have ended there have used."""

    def __init__(self, control: socket.socket, disk_bytes: int) -> None:
        """
        Raises:
            Broken: none could be made.
        """
        self.disk_bytes, self.spent = disk_bytes, 0.0
        self._control = control
        self._channel, theirs = socket.socketpair()
        told, tell = os.pipe()
        troubles, trouble = os.pipe()
        self.readers = (troubles, told)
        socket.send_fds(control, [ORDER.pack(disk_bytes)], [theirs.fileno(), trouble, tell])
        theirs.close()
        os.close(trouble)
        os.close(tell)
        self.pid = _answer(control)
        if self.pid < 0:
            self._let_go()
            raise Broken(f"no new process can be made: {os.strerror(-self.pid)}")
        if not self.is_ready():
            told_why = os.read(troubles, 4096).decode("utf-8", "replace")
            self.close()
            raise Broken(told_why or "the overseer ended without a word")

    def is_ready(self) -> bool:
        """Wait until it is; False when it has ended instead."""
        told = self.readers[-1]
        poll = select.poll()
        poll.register(told, select.POLLIN)
        data = os.read(told, init.READY.size) if poll.poll(_PATIENCE_MS) else b""
        if len(data) < init.READY.size:
            return False
        (self.spent,) = init.READY.unpack(data)
        return True

    def give(self, data: bytes, numbers: Sequence[int]) -> None:
        """Hand over a request and the descriptors for it, which are closed here."""
        with contextlib.suppress(OSError):  # the overseer has ended: the watch will tell
            socket.send_fds(self._channel, [init.LENGTH.pack(len(data), len(numbers))], list(numbers))
            self._channel.sendall(data)
        for number in numbers:
            os.close(number)

    def order(self, another: bool) -> None:
        """Have the next stage run, or none."""
        with contextlib.suppress(OSError):
            self._channel.send(init.ANOTHER if another else init.NO_MORE)

    def close(self) -> None:
        """End all that lives in it, and wait until it has.

        Raises:
            Broken: nobody is there to end it.
        """
        try:
            self._control.sendall(ORDER.pack(_END))
            _answer(self._control)
        except OSError as error:
            raise Broken(f"the keeper does not listen: {error}") from None
        finally:
            self._let_go()

    def _let_go(self) -> None:
        self._channel.close()
        for number in self.readers:
            os.close(number)


def _answer(control: socket.socket) -> int:
    """
    Raises:
        Broken: there is none any more.
    """
    data = control.recv(DONE.size, socket.MSG_WAITALL)
    if len(data) < DONE.size:
        raise Broken("the keeper has ended")
    return int(DONE.unpack(data)[0])
