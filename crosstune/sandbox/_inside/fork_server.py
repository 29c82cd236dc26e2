"""The fork server: waits inside bubblewrap, and makes the sandboxes in which programs run.

It is two processes. The supervisor (`supervisor`) communicates with the outer side and watches programs,
which can neither see nor reach it. The fork server itself keeps the preloaded program ready, and forks a
sandbox (`sandbox`) when the supervisor orders one. It never receives data of a program, nor does the init
of a preloaded one. So the memory of a program, which is a copy of theirs, has no data of other programs.

Where nested namespaces work (``nested``), a sandbox has its own and is reused as long as programs leave
nothing in it. Elsewhere a fork server serves one request and ends, and with it its sandbox and everything
left in that.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import runpy
import signal
import socket
import sys
from typing import Any

from . import init, kernel, launch, process_tree, sandbox, supervisor
from .seccomp import seccomp_filter

_ALL_NAMESPACES = (
    kernel.NEWUSER | kernel.NEWPID | kernel.NEWNS | kernel.NEWIPC | kernel.NEWUTS | kernel.NEWNET
)


def main(settings_text: str) -> list[Any]:
    """Serve until the outer side hangs up. ``settings_text`` is written by `ForkServer`.

    Returns only in a process that is to become a preloaded program: see `launch.Preloaded`.
    """
    settings = json.loads(settings_text)
    connection = launch.reserve_numbers(settings["socket"])
    kernel.hide_memory()
    kernel.adopt_orphans()
    own_end, supervisor_end = socket.socketpair()
    supervisor_pid = os.fork()
    if supervisor_pid == 0:
        own_end.close()
        supervisor.serve(settings, connection, supervisor_end)
    supervisor_end.close()
    os.close(connection)
    preloaded: launch.Preloaded | None = None
    if settings["preload"]:
        settings["renew"], preloaded = runpy.run_path(settings["preload"])["prepare"](
            settings["preload_settings"]
        )
    settings["filter"] = seccomp_filter() if settings["filter"] else b""
    gc.collect()
    gc.freeze()
    try:
        _make_sandboxes(settings, own_end, supervisor_pid)
    except launch.Departure:
        pass
    else:
        sys.exit()
    assert preloaded is not None
    return preloaded(launch.PAYLOAD, launch.REPORT)


def _make_sandboxes(settings: dict[str, Any], control: socket.socket, supervisor_pid: int) -> None:
    """Follow the supervisor's orders until it ends."""
    control.sendall(sandbox.READY)
    init_pid = 0
    while True:
        data, descriptors, _, _ = socket.recv_fds(control, sandbox.ORDER.size, 3)
        if not data:
            return
        disk_bytes = sandbox.ORDER.unpack(data)[0]
        if disk_bytes < 0:
            _end(init_pid, supervisor_pid, settings["nested"])
            control.sendall(sandbox.DONE.pack(0))
            continue
        try:
            init_pid = _make(settings, control, disk_bytes, descriptors)
        except OSError as error:
            control.sendall(sandbox.DONE.pack(-(error.errno or 1)))
        else:
            control.sendall(sandbox.DONE.pack(init_pid))
        for descriptor in descriptors:
            os.close(descriptor)


def _make(settings: dict[str, Any], control: socket.socket, disk_bytes: int, descriptors: list[int]) -> int:
    user = os.getuid(), os.getgid()
    init_pid = kernel.clone(_ALL_NAMESPACES) if settings["nested"] else kernel.fork()
    if init_pid == 0:
        os.close(control.detach())
        init.serve({**settings, "disk_bytes": disk_bytes}, user, descriptors)
    return init_pid


def _end(init_pid: int, supervisor_pid: int, nested: bool) -> None:
    """Kill and reap what is left. Namespaces end with their first process. Without them, orphans become
    children of this process, so every remaining process of the request is one of its descendants."""
    if nested:
        os.kill(init_pid, signal.SIGKILL)
        os.waitpid(init_pid, 0)
        return
    proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
    while left := [pid for pid in process_tree.descendants(proc, os.getpid()) if pid != supervisor_pid]:
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if os.waitpid(-1, 0)[0] == supervisor_pid:
            sys.exit()
    os.close(proc)
