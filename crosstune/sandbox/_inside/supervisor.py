"""The supervisor: takes requests from the outer side, passes them to a sandbox, and watches it (`watcher`).

It uses one socket. A request is its length, the number of its descriptors, and marshalled data, which
includes files. The descriptors are those for init (`init.LENGTH`), then a file for the output of each command
that keeps it. A reply is its length and JSON, since the outer side trusts nothing from here.
An empty request means that the command must be ended: the kernel has killed a process for memory or, with
`watcher.ORDER_TO_STOP`, it is no longer needed.
"""

from __future__ import annotations

import json
import marshal
import os
import socket
import struct
from collections.abc import Sequence
from typing import Any, NoReturn

from . import init, launch
from .sandbox import READY, Broken, Sandbox
from .watcher import Watcher

REQUEST = struct.Struct(">IH")
REPLY = struct.Struct(">I")

_MAX_DESCRIPTORS = 16


def serve(settings: dict[str, Any], descriptor: int, control: socket.socket) -> NoReturn:
    """Serve until the outer side hangs up. ``descriptor`` is the socket to it; ``control`` leads to the fork
    server."""
    connection = socket.socket(fileno=descriptor)
    if control.recv(len(READY)):
        supervisor = _Supervisor(connection, control, settings)
        _send(connection, {"ready": True})
        while received := _receive(connection):
            _send(connection, supervisor.perform(*received))
    os._exit(0)


class _Supervisor:
    """Keeps a sandbox ready, and makes a new one when the last cannot be reused."""

    def __init__(self, connection: socket.socket, control: socket.socket, settings: dict[str, Any]) -> None:
        self._connection, self._control = connection, control
        self._nested, self._tmpfs_folders = settings["nested"], settings["tmpfs_folders"]
        self._proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
        self._sandbox: Sandbox | None = None

    def perform(self, data: bytes, descriptors: Sequence[int]) -> dict[str, Any]:
        """Run the commands until one fails. Returns their outcomes or an error."""
        try:
            outcomes = self._outcomes(data, descriptors)
        except Broken as error:
            return {"error": str(error)}
        why = outcomes[-1]["error"]
        if why.startswith(launch.SETUP):
            return {"error": why}
        return {"outcomes": outcomes, "lacks_template": bool(self._sandbox and self._sandbox.lacks_template)}

    def _outcomes(self, data: bytes, descriptors: Sequence[int]) -> list[dict[str, Any]]:
        """
        Raises:
            Broken: no sandbox can be made, or its init has ended.
        """
        request = marshal.loads(data)  # noqa: S302 - written by the outer side
        kept = request["keeps_stdout"]
        for_init = descriptors[: len(descriptors) - sum(kept)]
        outputs = iter(descriptors[len(for_init) :])
        sandbox = self._take(request["disk_bytes"])
        readers, writers = zip(*(os.pipe() for _ in range(3)), strict=True)
        sandbox.give(data, (*writers, *for_init))
        try:
            if init.wants_template(request["commands"]) and not sandbox.is_ready():
                sandbox.close()
                raise Broken("init has ended")
            stdout_files = [next(outputs) if keeps else -1 for keeps in kept]
            return self._watched(request["commands"], sandbox, readers, stdout_files)
        finally:
            for descriptor in (*readers, *descriptors[len(for_init) :]):
                os.close(descriptor)

    def _watched(
        self,
        commands: Sequence[dict[str, Any]],
        sandbox: Sandbox,
        readers: Sequence[int],
        stdout_files: Sequence[int],
    ) -> list[dict[str, Any]]:
        outcomes: list[dict[str, Any]] = []
        for command, stdout_file in zip(commands, stdout_files, strict=True):
            if outcomes:
                sandbox.order(another=True)
            watcher = Watcher(
                command,
                (*readers, *sandbox.readers, self._connection.fileno()),
                self._proc,
                sandbox.spent,
                shared_bytes=0 if command["argv"] else sandbox.fork_bytes,
                template=sandbox.template,
                tmpfs_folders=self._tmpfs_folders,
                stdout_file=stdout_file,
            )
            outcomes.append(watcher.until_end(sandbox.pid))
            self._connection.setblocking(True)
            sandbox.spent = watcher.spent
            if outcomes[-1]["exit_status"] or outcomes[-1]["limit"] or not watcher.ended:
                break
        if watcher.ended and self._nested:
            sandbox.order(another=False)
            self._sandbox = sandbox
        else:
            sandbox.close()
            self._check_init(outcomes[-1], watcher)
        return outcomes

    def _check_init(self, last: dict[str, Any], watcher: Watcher) -> None:
        """
        Raises:
            Broken: a program that shares the supervisor's process namespace has killed its init.
        """
        if not (self._nested or watcher.ended or last["limit"] or last["error"]):
            raise Broken("the process that waits for the program was ended")

    def _take(self, disk_bytes: int) -> Sandbox:
        """
        Raises:
            Broken: no sandbox can be made.
        """
        sandbox, self._sandbox = self._sandbox, None
        if sandbox and (sandbox.disk_bytes != disk_bytes or not sandbox.is_ready()):
            sandbox.close()
            sandbox = None
        return sandbox or Sandbox(self._control, disk_bytes)


def _receive(connection: socket.socket) -> tuple[bytes, list[int]] | None:
    size = 0
    while not size:  # an empty request: the order to end a command that has just ended by itself
        head, descriptors, _, _ = socket.recv_fds(connection, REQUEST.size, _MAX_DESCRIPTORS)
        if len(head) < REQUEST.size:
            return None
        size = REQUEST.unpack(head)[0]
    return connection.recv(size, socket.MSG_WAITALL), descriptors


def _send(connection: socket.socket, message: dict[str, Any]) -> None:
    data = json.dumps(message).encode()
    connection.sendall(REPLY.pack(len(data)) + data)
