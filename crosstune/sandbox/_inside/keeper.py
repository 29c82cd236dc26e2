"""The keeper: stands ready inside the sandbox and runs one program after another, each afresh.

It speaks over one socket: a request (JSON) in, a reply out, each after its length in four bytes.
For every request a watcher process is forked. Where nested namespaces work (``nested``), the watcher
enters new ones with an empty working folder, and each stage's processes live in a process
namespace of their own, whose first process is ours; with that one they all end. Elsewhere a
keeper serves a single request and ends, and the sandbox around it with all that is left.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import runpy
import signal
import socket
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from . import kernel, payload, tree
from .calls import call_filter
from .watch import Watch

_LENGTH = struct.Struct(">I")


def main(settings_text: str) -> list[Any]:
    """Serve until the other side hangs up. ``settings_text`` is what `Cell` wrote.

    Returns only in a process that is to become a preloaded program: see `payload.Preloaded`.
    """
    settings = json.loads(settings_text)
    connection = socket.socket(fileno=settings["socket"])
    # Leaving the namespaces' parents readable would let a program look into the keeper's memory.
    kernel.hide_memory()
    kernel.adopt_orphans()
    preloaded: payload.Preloaded | None = None
    if settings["preload"]:
        preloaded = runpy.run_path(settings["preload"])["prepare"](settings["preload_settings"])
    gc.freeze()
    _send(connection, {"ready": True})
    try:
        _serve(connection, settings)
    except payload.Departure as departure:
        brief = list(departure.args)
    else:
        sys.exit()
    assert preloaded is not None
    return preloaded(brief, payload.REPORT)


def _serve(connection: socket.socket, settings: dict[str, Any]) -> None:
    while (request := _receive(connection)) is not None:
        if settings["nested"]:
            _in_a_fork(connection, request, settings)
        else:
            _send(connection, _perform(request, settings))


def _in_a_fork(connection: socket.socket, request: dict[str, Any], settings: dict[str, Any]) -> None:
    watcher = os.fork()
    if watcher == 0:
        status = 1
        with contextlib.suppress(Exception):  # told by the exit status; the keeper passes it on
            _send(connection, _perform(request, settings))
            status = 0
        os._exit(status)
    _, code = os.waitpid(watcher, 0)
    if code:
        _send(connection, {"lost": code})


def _perform(request: dict[str, Any], settings: dict[str, Any]) -> dict[str, Any]:
    """Every stage until one does not end well."""
    folder, proc = settings["folder"], _open_proc()
    try:
        if settings["nested"]:
            _fresh_namespaces(folder, request["disk_bytes"])
        for name, text in request["files"].items():
            place = Path(folder, name)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, "utf-8", errors="surrogatepass")
    except OSError as fault:
        return {"fault": f"the sandbox could not be prepared: {fault}"}
    forbidden = call_filter() if settings["filter"] else b""
    outcomes: list[dict[str, Any]] = []
    for stage in request["stages"]:
        outcomes.append(_run(stage, settings, proc, forbidden))
        _note_full_disk(folder, outcomes[-1])
        if outcomes[-1]["exit_status"] or outcomes[-1]["limit"]:
            break
    return {"outcomes": outcomes}


def _open_proc() -> int:
    return os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)


def _fresh_namespaces(folder: str, size: int) -> None:
    uid, gid = os.getuid(), os.getgid()
    kernel.unshare(kernel.NEWUSER | kernel.NEWNS | kernel.NEWIPC | kernel.NEWUTS | kernel.NEWNET)
    kernel.hide_memory(False)  # a hidden process may not write its own files in /proc
    kernel.become_user(uid, gid)
    # The kernel should end the program, not its watcher, when memory is short.
    Path("/proc/self/oom_score_adj").write_text("1000", "ascii")
    kernel.hide_memory()
    kernel.loopback_up()
    kernel.mount(
        "none", folder, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, f"size={size},nr_inodes=16384,mode=700"
    )
    for other in ("/tmp", "/dev/shm"):  # noqa: S108 - the program's own, made for it
        kernel.mount(folder, other, flags=kernel.MS_BIND)
    # Read-only: what a program could write there concerns processes that outlive it.
    locked = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
    kernel.mount("none", "/proc", flags=kernel.MS_REMOUNT | kernel.MS_BIND | kernel.MS_RDONLY | locked)


def _run(stage: dict[str, Any], settings: dict[str, Any], proc: int, forbidden: bytes) -> dict[str, Any]:
    readers, writers = zip(*(os.pipe() for _ in range(4)), strict=True)
    status, status_writer = os.pipe()
    first = kernel.clone(kernel.NEWPID) if settings["nested"] else os.fork()
    if first == 0:

        def become_program() -> NoReturn:
            payload.start(stage, writers, settings["folder"], forbidden)

        _first_process(become_program, status_writer)
    for number in (*writers, status_writer):
        os.close(number)
    watch = Watch(stage, readers, status, proc)
    watch.until_end(first)
    cpu_seconds, peak_bytes = _end(first, proc)
    watch.drain()
    for number in (*readers, status):
        os.close(number)
    return watch.outcome(cpu_seconds, peak_bytes)


def _first_process(become_program: Callable[[], NoReturn], status: int) -> NoReturn:
    """Start the program, reap orphans, tell how the program ended. What still lives dies with us."""
    os.setsid()
    kernel.adopt_orphans()
    program = os.fork()
    if program == 0:
        become_program()
    while True:
        pid, code = os.waitpid(-1, 0)
        if pid == program:
            os.write(status, code.to_bytes(4, "big"))
            os._exit(0)


def _end(first: int, proc: int) -> tuple[float, int]:
    """Kill what is left; (CPU seconds of all, largest peak of one).

    A namespace ends with its first process. Elsewhere orphans have come to us, and whatever is
    left of the stage stands below this process.
    """
    with contextlib.suppress(ProcessLookupError):
        os.kill(first, signal.SIGKILL)
    cpu_seconds, peak_bytes = 0.0, 0
    while True:
        for pid in tree.descendants(proc, os.getpid()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        try:
            _, _, used = os.wait4(-1, 0)
        except ChildProcessError:
            return cpu_seconds, peak_bytes
        cpu_seconds += used.ru_utime + used.ru_stime
        peak_bytes = max(peak_bytes, used.ru_maxrss * 1024)


def _note_full_disk(folder: str, outcome: dict[str, Any]) -> None:
    room = os.statvfs(folder)
    failed = outcome["exit_status"] or outcome["signal"]
    if failed and not outcome["limit"] and (room.f_bavail == 0 or room.f_favail == 0):
        outcome["limit"] = "disk"


def _receive(connection: socket.socket) -> dict[str, Any] | None:
    size = _exactly(connection, _LENGTH.size)
    data = _exactly(connection, _LENGTH.unpack(size)[0]) if size else b""
    return json.loads(data) if data else None


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
