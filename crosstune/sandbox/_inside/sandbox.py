"""A sandbox as the supervisor sees it: the process of its init, and the channels to it."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import struct
from collections.abc import Sequence

from . import init, template

READY = b"r"
"""The fork server's first message."""

ORDER = struct.Struct("=q")
"""An order to the fork server: make a sandbox whose folder has this many bytes, or (negative) end the last
one."""

DONE = struct.Struct("=q")
"""The fork server's reply: the process id of the sandbox's init, or (negative) an error number."""

_END = -1
_PATIENCE_MS = 20_000 + template.START_MS


class Broken(Exception):
    """A sandbox could not be made, or has ended; the message says why."""


class Sandbox:
    """A fresh sandbox, with an empty folder of ``disk_bytes``.

    ``spent`` is the CPU seconds that its init and all programs that have ended there have used.
    ``fork_bytes`` are resident in each fork of its init. ``template`` is the process id of its template, or
    0; ``lacks_template`` is true if it has failed to start several times.
    """

    def __init__(self, control: socket.socket, disk_bytes: int) -> None:
        """
        Raises:
            Broken: it could not be made.
        """
        self.disk_bytes, self.spent, self.fork_bytes, self.template = disk_bytes, 0.0, 0, 0
        self.lacks_template = False
        self._control = control
        self._channel, inits_end = socket.socketpair()
        ends, end = os.pipe()
        start_errors, start_error = os.pipe()
        self.readers = (start_errors, ends)
        socket.send_fds(control, [ORDER.pack(disk_bytes)], [inits_end.fileno(), start_error, end])
        inits_end.close()
        os.close(start_error)
        os.close(end)
        self.pid = _reply(control)
        if self.pid < 0:
            self._close_channels()
            raise Broken(f"no new process can be made: {os.strerror(-self.pid)}")
        if not self.is_ready():
            why = os.read(start_errors, 4096).decode("utf-8", "replace")
            self.close()
            raise Broken(why or "init ended without a message")

    def is_ready(self) -> bool:
        """Wait until init is ready; False if it has ended instead."""
        ends = self.readers[-1]
        poll = select.poll()
        poll.register(ends, select.POLLIN)
        data = os.read(ends, init.READY.size) if poll.poll(_PATIENCE_MS) else b""
        if len(data) < init.READY.size:
            return False
        self.spent, self.fork_bytes, process = init.READY.unpack(data)
        self.template, self.lacks_template = max(0, process), process == init.GIVEN_UP
        return True

    def give(self, data: bytes, descriptors: Sequence[int]) -> None:
        """Hand over a request and its descriptors, which are then closed here."""
        with contextlib.suppress(OSError):  # init has ended: the watcher will report that
            socket.send_fds(self._channel, [init.LENGTH.pack(len(data), len(descriptors))], list(descriptors))
            self._channel.sendall(data)
        for descriptor in descriptors:
            os.close(descriptor)

    def order(self, another: bool) -> None:
        """Order init to run the next command, or to end the request."""
        with contextlib.suppress(OSError):
            self._channel.send(init.ANOTHER if another else init.NO_MORE)

    def close(self) -> None:
        """Kill all processes in the sandbox, and wait until they have ended.

        Raises:
            Broken: the fork server has ended.
        """
        try:
            self._control.sendall(ORDER.pack(_END))
            _reply(self._control)
        except OSError as error:
            raise Broken(f"the fork server does not listen: {error}") from None
        finally:
            self._close_channels()

    def _close_channels(self) -> None:
        self._channel.close()
        for descriptor in self.readers:
            os.close(descriptor)


def _reply(control: socket.socket) -> int:
    """
    Raises:
        Broken: the fork server has ended.
    """
    data = control.recv(DONE.size, socket.MSG_WAITALL)
    if len(data) < DONE.size:
        raise Broken("the fork server has ended")
    return int(DONE.unpack(data)[0])
