"""The keeper: stands ready inside the sandbox, and makes the boxes in which programs run.

It is two processes. The attendant (`supervisor`) speaks with the outer side and watches programs from where
they can neither see nor reach it. The keeper proper has the preloaded program ready, and makes boxes
(`sandbox`) out of itself when the attendant asks. It never sees anything of a program, and neither does a
box's overseer of one that is preloaded; so none finds what belongs to another in its own memory, a copy of
theirs.

Where nested namespaces work (``nested``) a box has its own, and serves again as long as nothing is left in
it. Elsewhere a keeper serves a single request and ends, and the sandbox around it with all that is left.
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

_EVERYTHING_NEW = (
    kernel.NEWUSER | kernel.NEWPID | kernel.NEWNS | kernel.NEWIPC | kernel.NEWUTS | kernel.NEWNET
)


def main(settings_text: str) -> list[Any]:
    """Serve until the other side hangs up. ``settings_text`` is what `SandboxRunner` wrote.

    Returns only in a process that is to become a preloaded program: see `launch.Preloaded`.
    """
    settings = json.loads(settings_text)
    connection = launch.reserve_numbers(settings["socket"])
    kernel.hide_memory()
    kernel.adopt_orphans()
    ours, theirs = socket.socketpair()
    supervisor_pid = os.fork()
    if supervisor_pid == 0:
        ours.close()
        supervisor.serve(settings, connection, theirs)
    theirs.close()
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
        _make_sandboxes(settings, ours, supervisor_pid)
    except launch.Departure:
        pass
    else:
        sys.exit()
    assert preloaded is not None
    return preloaded(launch.PAYLOAD, launch.REPORT)


def _make_sandboxes(settings: dict[str, Any], control: socket.socket, supervisor_pid: int) -> None:
    """Obey the attendant until it ends."""
    control.sendall(sandbox.READY.pack(process_tree.own_bytes()))
    first = 0
    while True:
        data, numbers, _, _ = socket.recv_fds(control, sandbox.ORDER.size, 3)
        if not data:
            return
        disk_bytes = sandbox.ORDER.unpack(data)[0]
        if disk_bytes < 0:
            _end(first, supervisor_pid, settings["nested"])
            control.sendall(sandbox.DONE.pack(0))
            continue
        try:
            first = _make(settings, control, disk_bytes, numbers)
        except OSError as error:
            control.sendall(sandbox.DONE.pack(-(error.errno or 1)))
        else:
            control.sendall(sandbox.DONE.pack(first))
        for number in numbers:
            os.close(number)


def _make(settings: dict[str, Any], control: socket.socket, disk_bytes: int, numbers: list[int]) -> int:
    user = os.getuid(), os.getgid()
    first = kernel.clone(_EVERYTHING_NEW) if settings["nested"] else kernel.fork()
    if first == 0:
        os.close(control.detach())
        init.serve({**settings, "disk_bytes": disk_bytes}, user, numbers)
    return first


def _end(first: int, supervisor_pid: int, nested: bool) -> None:
    """Kill and reap what is left. Namespaces end with their first process; elsewhere orphans have come
    to us, and whatever is left of the request stands below this process."""
    if nested:
        os.kill(first, signal.SIGKILL)
        os.waitpid(first, 0)
        return
    proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
    while left := [pid for pid in process_tree.descendants(proc, os.getpid()) if pid != supervisor_pid]:
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if os.waitpid(-1, 0)[0] == supervisor_pid:
            sys.exit()
    os.close(proc)
