"""The attendant: takes requests from the outer side, has them run in a box, and watches (`watch`).

It speaks over one socket. In: a request (marshalled, for it holds files), after its length and the number
of its descriptors, one for each stage, which hold what the stage is told. Out: a reply (JSON, for the outer
side trusts nothing from here) after its length. A request of no bytes means: the kernel has ended a
process for memory, so end what runs.
"""

from __future__ import annotations

import json
import marshal
import os
import socket
import struct
from collections.abc import Sequence
from typing import Any, NoReturn

from . import payload
from .box import READY, Box, Broken
from .watch import Watch

REQUEST = struct.Struct(">IH")
REPLY = struct.Struct(">I")


def serve(settings: dict[str, Any], number: int, control: socket.socket) -> NoReturn:
    """Until the outer side hangs up; ``number`` is the socket to it, ``control`` leads to the keeper."""
    connection = socket.socket(fileno=number)
    ready = control.recv(READY.size, socket.MSG_WAITALL)
    if len(ready) == READY.size:
        attendant = _Attendant(connection, control, READY.unpack(ready)[0], settings)
        _send(connection, {"ready": True})
        while received := _receive(connection):
            _send(connection, attendant.perform(*received))
    os._exit(0)


class _Attendant:
    """Keeps the box at hand, which is made anew where the last one cannot serve again."""

    def __init__(
        self, connection: socket.socket, control: socket.socket, own_bytes: int, settings: dict[str, Any]
    ) -> None:
        self._connection = connection
        self._control, self._own_bytes = control, own_bytes
        self._nested, self._rooms = settings["nested"], settings["rooms"]
        self._proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
        self._box: Box | None = None

    def perform(self, data: bytes, briefs: Sequence[int]) -> dict[str, Any]:
        """Every stage until one does not end well."""
        try:
            outcomes = self._outcomes(data, briefs)
        except Broken as error:
            return {"fault": str(error)}
        why = outcomes[-1]["fault"]
        return {"fault": why} if why.startswith(payload.SETUP) else {"outcomes": outcomes}

    def _outcomes(self, data: bytes, briefs: Sequence[int]) -> list[dict[str, Any]]:
        """
        Raises:
            Broken: there is no box, or what runs it has ended.
        """
        request = marshal.loads(data)  # noqa: S302 - written by the outer side
        box = self._take(request["disk_bytes"])
        readers, writers = zip(*(os.pipe() for _ in range(3)), strict=True)
        box.give(data, (*writers, *briefs))
        try:
            return self._watched(request["stages"], box, readers)
        finally:
            for number in readers:
                os.close(number)

    def _watched(
        self, stages: Sequence[dict[str, Any]], box: Box, readers: Sequence[int]
    ) -> list[dict[str, Any]]:
        outcomes: list[dict[str, Any]] = []
        for stage in stages:
            if outcomes:
                box.order(another=True)
            shared_bytes = 0 if stage["argv"] else self._own_bytes
            pipes = (*readers, *box.readers, self._connection.fileno())
            watch = Watch(stage, pipes, self._proc, box.spent, shared_bytes=shared_bytes, rooms=self._rooms)
            outcomes.append(watch.until_end(box.pid))
            self._connection.setblocking(True)
            box.spent = watch.spent
            if outcomes[-1]["exit_status"] or outcomes[-1]["limit"] or not watch.ended:
                break
        if watch.ended and self._nested:
            box.order(another=False)
            self._box = box
        else:
            box.close()
            self._check(outcomes[-1], watch)
        return outcomes

    def _check(self, last: dict[str, Any], watch: Watch) -> None:
        """
        Raises:
            Broken: a program that shares our process namespace has ended its overseer.
        """
        if not (self._nested or watch.ended or last["limit"] or last["fault"]):
            raise Broken("the process that waits for the program was ended")

    def _take(self, disk_bytes: int) -> Box:
        """
        Raises:
            Broken: none could be made.
        """
        box, self._box = self._box, None
        if box and (box.disk_bytes != disk_bytes or not box.is_ready()):
            box.close()
            box = None
        return box or Box(self._control, disk_bytes)


def _receive(connection: socket.socket) -> tuple[bytes, list[int]] | None:
    size = 0
    while not size:  # without bytes it is a word to stop what has just ended by itself
        head, numbers, _, _ = socket.recv_fds(connection, REQUEST.size, 16)
        if len(head) < REQUEST.size:
            return None
        size = REQUEST.unpack(head)[0]
    return connection.recv(size, socket.MSG_WAITALL), numbers


def _send(connection: socket.socket, message: dict[str, Any]) -> None:
    data = json.dumps(message).encode()
    connection.sendall(REPLY.pack(len(data)) + data)
