"""The keeper: stands ready inside the sandbox and runs one program after another, each afresh.

It speaks over one socket: a request (marshalled, for it holds files) in, a reply (JSON, for the outer side
trusts nothing from here) out, each after its length in four bytes.
For every request it makes one process, the program's overseer (`overseer`), and watches (`watch`). Where
nested namespaces work (``nested``), the overseer is the first process of new ones, and all that lives in
them ends with it. Elsewhere a keeper serves a single request and ends, and the sandbox around it with all
that is left.
"""

from __future__ import annotations

import contextlib
import gc
import json
import marshal
import os
import runpy
import signal
import socket
import struct
import sys
from typing import Any

from . import kernel, overseer, payload, tree
from .calls import call_filter
from .watch import Watch

_LENGTH = struct.Struct(">I")
_EVERYTHING_NEW = (
    kernel.NEWUSER | kernel.NEWPID | kernel.NEWNS | kernel.NEWIPC | kernel.NEWUTS | kernel.NEWNET
)


def main(settings_text: str) -> list[Any]:
    """Serve until the other side hangs up. ``settings_text`` is what `Cell` wrote.

    Returns only in a process that is to become a preloaded program: see `payload.Preloaded`.
    """
    settings = json.loads(settings_text)
    connection = socket.socket(fileno=settings["socket"])
    kernel.hide_memory()
    kernel.adopt_orphans()
    preloaded: payload.Preloaded | None = None
    if settings["preload"]:
        preloaded = runpy.run_path(settings["preload"])["prepare"](settings["preload_settings"])
    settings["filter"] = call_filter() if settings["filter"] else b""
    settings["own_bytes"] = tree.own_bytes()
    gc.freeze()
    _send(connection, {"ready": True})
    try:
        while (request := _receive(connection)) is not None:
            _send(connection, _perform(request, settings))
    except payload.Departure as departure:
        brief = list(departure.args)
    else:
        sys.exit()
    assert preloaded is not None
    return preloaded(brief, payload.REPORT)


def _perform(request: dict[str, Any], settings: dict[str, Any]) -> dict[str, Any]:
    """Every stage until one does not end well."""
    proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
    readers, writers = zip(*(os.pipe() for _ in range(5)), strict=True)
    orders, give_orders = os.pipe()
    uid, gid = os.getuid(), os.getgid()
    first = kernel.clone(_EVERYTHING_NEW) if settings["nested"] else os.fork()
    if first == 0:
        overseer.oversee(request, settings, (uid, gid), writers, orders)
    for number in (*writers, orders):
        os.close(number)
    outcomes: list[dict[str, Any]] = []
    for stage in request["stages"]:
        shared_bytes = 0 if stage["argv"] else settings["own_bytes"]
        spent = sum(outcome["cpu_seconds"] for outcome in outcomes)
        outcomes.append(Watch(stage, readers, proc, spent=spent, shared_bytes=shared_bytes).until_end(first))
        if outcomes[-1]["exit_status"] or outcomes[-1]["limit"]:
            break
        with contextlib.suppress(BrokenPipeError):  # the overseer was killed: the next stage will tell
            os.write(give_orders, b"\n")
    _end(first, proc)
    for number in (*readers, give_orders, proc):
        os.close(number)
    if outcomes and outcomes[-1]["fault"].startswith(overseer.SETUP):
        return {"fault": outcomes[-1]["fault"]}
    return {"outcomes": outcomes}


def _end(first: int, proc: int) -> None:
    """Kill and reap what is left. A namespace ends with its first process; elsewhere orphans have come
    to us, and whatever is left of the request stands below this process."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(first, signal.SIGKILL)
    while True:
        for pid in tree.descendants(proc, os.getpid()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _receive(connection: socket.socket) -> dict[str, Any] | None:
    size = _exactly(connection, _LENGTH.size)
    data = _exactly(connection, _LENGTH.unpack(size)[0]) if size else b""
    return marshal.loads(data) if data else None  # noqa: S302 - written by the outer side


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
