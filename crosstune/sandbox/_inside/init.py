"""The overseer: the first process in a box. For every request it fills the working folder, starts each
stage's program, reaps orphans, ends whatever a stage leaves behind before it tells how that ended, and at
last makes sure that the box is as it was (`leftovers`); where it is not, it ends, and the box with it."""

from __future__ import annotations

import contextlib
import gc
import marshal
import os
import resource
import signal
import socket
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from . import elf, kernel, launch, process_tree, tmpfs
from .leftovers import Leftovers

READY = struct.Struct("=d")
"""Told when the box waits for a request: CPU seconds used in it so far, the overseer's among them."""

STATUS = struct.Struct("=idBqd")
"""What is told of a stage: how its program ended (as ``wait`` gives it), CPU seconds of all its
processes, what it ran into (one of the following, or 0), the largest resident bytes of one process, and CPU
seconds used in the box so far."""

FULL, OVERFULL, TOO_LARGE = 1, 2, 3
"""No room was left in the folder or in a file; more was written than the stage may; its variables exceed its
memory."""

LENGTH = struct.Struct("=IH")
"""What comes before a request: its bytes and its descriptors: three pipes, then what each stage is told."""

ANOTHER, NO_MORE = b"+", b"-"
"""Orders: run the next stage of the request, or end it."""
_MOST_NUMBERS = 16
_LOCKED = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC

# The order of the pipes to the watcher; at last the connection, on which it may be told to stop.
OUTPUT, ERRORS, REPORT, TROUBLE, TOLD, STOP = range(6)


def serve(settings: dict[str, Any], user: tuple[int, int], numbers: Sequence[int]) -> NoReturn:
    """Serve requests until the attendant hangs up, or the box is no more as it was. ``numbers`` are
    descriptors: the attendant's socket, the pipes for troubles and for what is told.

    Raises:
        Departure: this process is a program's.
    """
    try:
        _Init(settings, user, numbers).serve()
    except launch.Departure:
        raise
    except BaseException as error:  # noqa: BLE001 - nothing may run on as a second keeper
        with contextlib.suppress(OSError):
            os.write(numbers[1], f"{launch.SETUP}{error}".encode())
    os._exit(1)


class _Init:
    def __init__(self, settings: dict[str, Any], user: tuple[int, int], numbers: Sequence[int]) -> None:
        self._settings = settings
        channel, self._trouble, self._tell = numbers
        os.setsid()
        if settings["nested"]:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # which the first process of a namespace ignores
            _fresh_namespaces(settings["folder"], settings["disk_bytes"], user)
        else:
            kernel.adopt_orphans()
        os.chdir(settings["folder"])
        self._channel = socket.socket(fileno=channel)
        self._leftovers = Leftovers(settings["folder"]) if settings["nested"] else None
        if settings["nested"] and settings["preload"]:
            # Through /proc a program could read its own memory, and there what it may not know.
            kernel.mount("none", "/proc", "tmpfs", _LOCKED | kernel.MS_RDONLY, "size=4096")
        kernel.confine(settings["filter"])
        gc.freeze()

    def serve(self) -> None:
        channel = self._channel
        while True:
            os.write(self._tell, READY.pack(process_tree.spent()))
            head, numbers, _, _ = socket.recv_fds(channel, LENGTH.size, _MOST_NUMBERS)
            if len(head) < LENGTH.size:
                return
            request = marshal.loads(channel.recv(LENGTH.unpack(head)[0], socket.MSG_WAITALL))  # noqa: S302
            self._perform(request, numbers)
            for number in numbers:
                os.close(number)
            if self._leftovers is None or not self._leftovers.clear():
                return

    def _perform(self, request: dict[str, Any], numbers: Sequence[int]) -> None:
        for name, content in request["files"].items():
            place = Path(self._settings["folder"], name)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(
                content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
            )
        pipes, payloads = numbers[:TROUBLE], numbers[TROUBLE:]
        for command, payload in zip(request["stages"], payloads, strict=True):
            limits = launch.limits(command)
            before = self._held()
            if not command["argv"]:
                self._renew(command["environment"])
            program = kernel.fork()
            if program == 0:
                self._channel.detach()
                launch.start(command, limits, (payload, *pipes, self._trouble))
            self._tell_end(program, command, before)
            if self._channel.recv(1) != ANOTHER:
                return

    def _renew(self, environment: dict[str, str]) -> None:
        if os.environ != environment:
            os.environ.clear()
            os.environ.update(environment)
        self._settings["renew"]()

    def _held(self) -> int:
        return tmpfs.held_bytes(self._settings["folder"])

    def _met(self, code: int, command: dict[str, Any], before: int) -> int:
        full = map(tmpfs.is_full, (self._settings["folder"], *self._settings["rooms"]))
        if any(full) or (code and self._has_a_full_file(command)):
            return FULL
        if any(map(tmpfs.is_crowded, self._settings["rooms"])):
            return OVERFULL
        if self._leftovers and self._held() - before > command["disk_bytes"]:
            return OVERFULL
        most = command["memory_bytes"] + command["reserve_bytes"]
        crashed = command["argv"] and os.WIFSIGNALED(code) and os.WTERMSIG(code) == signal.SIGSEGV
        return TOO_LARGE if crashed and elf.writable_bytes(command["argv"][0]) > most else 0

    def _has_a_full_file(self, command: dict[str, Any]) -> bool:
        """Whether a file is as large as it may be: what ignores the kernel's signal fails to write."""
        most = command["file_bytes"]
        with contextlib.suppress(OSError, RecursionError):  # of a tree that was made to be hard to walk
            return self._held() >= most and any(
                Path(place, name).lstat().st_size >= most
                for place, _, names in os.walk(self._settings["folder"])
                for name in names
            )
        return False

    def _tell_end(self, program: int, command: dict[str, Any], before: int) -> None:
        seconds, peak, code = 0.0, 0, 0
        ended = 0
        while ended != program:
            ended, code, used = os.wait4(-1, 0)
            seconds += used.ru_utime + used.ru_stime
            peak = max(peak, used.ru_maxrss)
        for used in _end_the_rest(self._settings["nested"]):
            seconds += used.ru_utime + used.ru_stime
            peak = max(peak, used.ru_maxrss)
        met = self._met(code, command, before)
        os.write(self._tell, STATUS.pack(code, seconds, met, peak * 1024, process_tree.spent()))


def _fresh_namespaces(folder: str, size: int, user: tuple[int, int]) -> None:
    kernel.hide_memory(False)  # a hidden process may not write its own files in /proc
    kernel.become_user(*user)
    # The kernel should end the program, not its keeper, when memory is short.
    kernel.write("/proc/self/oom_score_adj", b"1000")
    kernel.hide_memory()
    kernel.loopback_up()
    own = kernel.MS_NOSUID | kernel.MS_NODEV
    kernel.mount("none", folder, "tmpfs", own, f"size={size},nr_inodes={tmpfs.MOST_FILES},mode=700")
    for other in ("/tmp", "/dev/shm"):  # noqa: S108 - the program's own, made for it
        kernel.mount(folder, other, flags=kernel.MS_BIND)
    # Read-only: what a program could write there concerns processes that outlive it.
    kernel.mount("none", "/proc", flags=kernel.MS_REMOUNT | kernel.MS_BIND | kernel.MS_RDONLY | _LOCKED)


def _end_the_rest(nested: bool) -> list[resource.struct_rusage]:
    """In a namespace of our own all processes are the stage's; elsewhere those below us are."""
    found: list[resource.struct_rusage] = []
    while True:
        if nested:
            with contextlib.suppress(ProcessLookupError):
                os.kill(-1, signal.SIGKILL)
        else:
            proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
            for pid in process_tree.descendants(proc, os.getpid()):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            os.close(proc)
        try:
            found.append(os.wait4(-1, 0)[2])
        except ChildProcessError:
            return found
