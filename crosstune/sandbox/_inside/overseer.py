"""The overseer: the first process around one request. It prepares the working folder, starts each stage's
program, reaps orphans, and ends whatever a stage leaves behind before it tells how that ended."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from . import kernel, payload, tree

SETUP = "the sandbox could not be prepared: "
"""How a fault begins that is not one of starting the program."""

STATUS = struct.Struct("=id?q")
"""What is told of a stage: how its program ended (as ``wait`` gives it), CPU seconds of all its
processes, whether the working folder was full, and the largest resident bytes of one process."""

# The order of the pipes to the watcher.
OUTPUT, ERRORS, REPORT, TROUBLE, ENDED = range(5)


def oversee(
    request: dict[str, Any],
    settings: dict[str, Any],
    user: tuple[int, int],
    pipes: Sequence[int],
    orders: int,
) -> NoReturn:
    """Run every stage that the watcher orders; the first needs no order.

    Raises:
        Departure: this process is a program's.
    """
    try:
        _prepare(request, settings, user)
    except OSError as fault:
        os.write(pipes[TROUBLE], f"{SETUP}{fault}".encode())
        os._exit(1)
    for stage in request["stages"]:
        program = os.fork()
        if program == 0:
            payload.start(stage, pipes[:ENDED], settings["folder"], settings["filter"])
        _tell_end(program, settings, pipes[ENDED])
        if not os.read(orders, 1):
            break
    os._exit(0)


def _prepare(request: dict[str, Any], settings: dict[str, Any], user: tuple[int, int]) -> None:
    os.setsid()
    if settings["nested"]:
        _fresh_namespaces(settings["folder"], request["disk_bytes"], user)
    else:
        kernel.adopt_orphans()
    for name, content in request["files"].items():
        place = Path(settings["folder"], name)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))


def _fresh_namespaces(folder: str, size: int, user: tuple[int, int]) -> None:
    kernel.hide_memory(False)  # a hidden process may not write its own files in /proc
    kernel.become_user(*user)
    # The kernel should end the program, not its keeper, when memory is short.
    kernel.write("/proc/self/oom_score_adj", b"1000")
    kernel.hide_memory()
    kernel.loopback_up()
    own = kernel.MS_NOSUID | kernel.MS_NODEV
    kernel.mount("none", folder, "tmpfs", own, f"size={size},nr_inodes=16384,mode=700")
    for other in ("/tmp", "/dev/shm"):  # noqa: S108 - the program's own, made for it
        kernel.mount(folder, other, flags=kernel.MS_BIND)
    # Read-only: what a program could write there concerns processes that outlive it.
    locked = own | kernel.MS_NOEXEC
    kernel.mount("none", "/proc", flags=kernel.MS_REMOUNT | kernel.MS_BIND | kernel.MS_RDONLY | locked)


def _tell_end(program: int, settings: dict[str, Any], ended: int) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    pid, code = 0, 0
    while pid != program:
        pid, code = os.waitpid(-1, 0)
    _end_the_rest(settings["nested"])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    room = os.statvfs(settings["folder"])
    full = room.f_bavail == 0 or room.f_favail == 0
    os.write(ended, STATUS.pack(code, seconds, full, after.ru_maxrss * 1024))


def _end_the_rest(nested: bool) -> None:
    """In a namespace of our own all processes are the stage's; elsewhere those below us are."""
    while True:
        if nested:
            with contextlib.suppress(ProcessLookupError):
                os.kill(-1, signal.SIGKILL)
        else:
            proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
            for pid in tree.descendants(proc, os.getpid()):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            os.close(proc)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return
