"""A box, seen from the keeper: the overseer's process, and what leads to it."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import struct
from collections.abc import Sequence
from typing import Any

from . import kernel, overseer, tree

_EVERYTHING_NEW = (
    kernel.NEWUSER | kernel.NEWPID | kernel.NEWNS | kernel.NEWIPC | kernel.NEWUTS | kernel.NEWNET
)
_PATIENCE_MS = 20_000
LENGTH = struct.Struct("=I")


class Broken(Exception):
    """A box could not be made; says why."""


class Box:
    """A fresh one, with an empty folder of ``disk_bytes``. ``spent`` are the CPU seconds that its
    overseer and all programs that have ended there have used."""

    def __init__(self, settings: dict[str, Any], proc: int, disk_bytes: int) -> None:
        self.disk_bytes, self.spent = disk_bytes, 0.0
        self._proc = proc
        self._channel, theirs = socket.socketpair()
        told, tell = os.pipe()
        troubles, trouble = os.pipe()
        self.readers = (troubles, told)
        user = os.getuid(), os.getgid()
        try:
            self.pid = kernel.clone(_EVERYTHING_NEW) if settings["nested"] else os.fork()
        except OSError as fault:
            raise Broken(f"no new process can be made: {fault}") from None
        if self.pid == 0:
            overseer.serve({**settings, "disk_bytes": disk_bytes}, user, theirs, trouble, tell)
        theirs.close()
        os.close(tell)
        os.close(trouble)

    def is_ready(self) -> bool:
        """Wait until it is; False when it has ended instead."""
        told = self.readers[-1]
        poll = select.poll()
        poll.register(told, select.POLLIN)
        data = os.read(told, overseer.READY.size) if poll.poll(_PATIENCE_MS) else b""
        if len(data) < overseer.READY.size:
            return False
        (self.spent,) = overseer.READY.unpack(data)
        return True

    def trouble(self) -> str:
        """What the overseer said of why it ended."""
        return os.read(self.readers[0], 4096).decode("utf-8", "replace")

    def give(self, data: bytes, pipes: Sequence[int]) -> None:
        """Hand over a request and the writing ends of its pipes, which are closed here."""
        with contextlib.suppress(OSError):  # the overseer has ended: the watch will tell
            socket.send_fds(self._channel, [LENGTH.pack(len(data))], list(pipes))
            self._channel.sendall(data)
        for number in pipes:
            os.close(number)

    def order(self, another: bool) -> None:
        """Have the next stage run, or none."""
        with contextlib.suppress(OSError):
            self._channel.send(overseer.ANOTHER if another else overseer.NO_MORE)

    def close(self) -> None:
        """Kill and reap what is left. Namespaces end with their first process; elsewhere orphans have come
        to the keeper, and whatever is left of the request stands below it."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        while True:
            for pid in tree.descendants(self._proc, os.getpid()):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            try:
                os.waitpid(-1, 0)
            except ChildProcessError:
                break
        self._channel.close()
        for number in self.readers:
            os.close(number)
