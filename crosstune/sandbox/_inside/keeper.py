"""The keeper: stands ready inside the sandbox and has one program after another run, each afresh.

It speaks over one socket: a request (marshalled, for it holds files) in, a reply (JSON, for the outer side
trusts nothing from here) out, each after its length in four bytes.
Programs run in a box (`box`) under an overseer (`overseer`), and the keeper watches (`watch`) from where they
can neither see nor reach it. Where nested namespaces work (``nested``) the box has its own, and serves again
as long as nothing is left in it. Elsewhere a keeper serves a single request and ends, and the sandbox around
it with all that is left.
"""

from __future__ import annotations

import gc
import json
import marshal
import os
import runpy
import socket
import struct
import sys
from typing import Any

from . import kernel, payload, tree
from .box import Box, Broken
from .calls import call_filter
from .watch import Watch

_LENGTH = struct.Struct(">I")


def main(settings_text: str) -> list[Any]:
    """Serve until the other side hangs up. ``settings_text`` is what `Cell` wrote.

    Returns only in a process that is to become a preloaded program: see `payload.Preloaded`.
    """
    settings = json.loads(settings_text)
    connection = socket.socket(fileno=payload.reserve_numbers(settings["socket"]))
    kernel.hide_memory()
    kernel.adopt_orphans()
    preloaded: payload.Preloaded | None = None
    if settings["preload"]:
        preloaded = runpy.run_path(settings["preload"])["prepare"](settings["preload_settings"])
    settings["filter"] = call_filter() if settings["filter"] else b""
    settings["own_bytes"] = tree.own_bytes()
    gc.freeze()
    _send(connection, {"ready": True})
    boxes = _Boxes(settings)
    try:
        while data := _receive(connection):
            _send(connection, _perform(data, boxes))
    except payload.Departure as departure:
        brief = list(departure.args)
    else:
        sys.exit()
    assert preloaded is not None
    return preloaded(brief, payload.REPORT)


class _Boxes:
    """The box at hand, made anew where the last one cannot serve again."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings
        self.proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
        self._box: Box | None = None

    def take(self, disk_bytes: int) -> Box:
        """
        Raises:
            Broken: none could be made.
        """
        box, self._box = self._box, None
        if box and not (box.disk_bytes == disk_bytes and box.is_ready()):
            box.close()
            box = None
        if box is None:
            box = Box(self.settings, self.proc, disk_bytes)
            if not box.is_ready():
                box.close()
                raise Broken(box.trouble())
        return box

    def give_back(self, box: Box, whole: bool) -> None:
        if whole and self.settings["nested"]:
            self._box = box
        else:
            box.close()


def _perform(data: bytes, boxes: _Boxes) -> dict[str, Any]:
    """Every stage until one does not end well."""
    request = marshal.loads(data)  # noqa: S302 - written by the outer side
    try:
        box = boxes.take(request["disk_bytes"])
    except Broken as fault:
        return {"fault": str(fault)}
    readers, writers = zip(*(os.pipe() for _ in range(3)), strict=True)
    box.give(data, writers)
    outcomes: list[dict[str, Any]] = []
    whole = False
    for stage in request["stages"]:
        shared_bytes = 0 if stage["argv"] else boxes.settings["own_bytes"]
        watch = Watch(stage, (*readers, *box.readers), boxes.proc, box.spent, shared_bytes)
        outcomes.append(watch.until_end(box.pid))
        whole = watch.ended
        box.spent = watch.spent
        if (
            not whole
            or outcomes[-1]["exit_status"]
            or outcomes[-1]["limit"]
            or len(outcomes) == len(request["stages"])
        ):
            break
        box.order(another=True)
    if whole:
        box.order(another=False)
    boxes.give_back(box, whole)
    for number in readers:
        os.close(number)
    why = outcomes[-1]["fault"]
    return {"fault": why} if why.startswith(payload.SETUP) else {"outcomes": outcomes}


def _receive(connection: socket.socket) -> bytes:
    size = _exactly(connection, _LENGTH.size)
    return _exactly(connection, _LENGTH.unpack(size)[0]) if size else b""


def _exactly(connection: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        part = connection.recv(size - len(data))
        if not part:
            return b""
        data += part
    return bytes(data)


def _send(connection: socket.socket, message: dict[str, Any]) -> None:
    data = json.dumps(message).encode()
    connection.sendall(_LENGTH.pack(len(data)) + data)
