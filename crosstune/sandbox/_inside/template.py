"""A template: a process in the sandbox that forks into programs, because its runtime starts slowly.

A program that is forked has a process, memory and descriptors of its own, like one that was started. The
template itself never runs any of a program's code and never has any of its data; meanwhile it waits in a
system call. A program has the template's process namespace and user, so init trusts nothing that a program
could have changed: a template is ended when a program has started any process or thread, or has changed
anything of the template that the kernel lets it change from outside (limits, priorities, affinity; other
attempts are ignored, or end it).

The template reads from descriptor 3, a socket: an order is the number of limits and `_MOST_LIMITS` of them,
with the descriptors of the program and, last, one that takes errors. It answers with the program's process
id and, when that has ended, with an `_ENDED`. Its first message is its process id as /proc has it. A program
whose template has ended is a child of init, even one that has ended itself.
"""

from __future__ import annotations

import contextlib
import os
import resource
import select
import signal
import socket
import struct
from collections.abc import Sequence
from typing import Any, NamedTuple, NoReturn

from . import kernel, launch, process_tree

_NUMBER = struct.Struct("=q")
_LIMIT = struct.Struct("=qqq")
_MOST_LIMITS = 32
_ENDED = struct.Struct("=qqq")
_CONTROL = 3
START_MS = 60_000
"""On a busy machine, a runtime that takes a second alone can take half a minute."""
_LOOK_MS = 50
"""How often init reaps orphans while a program runs, and lets a template continue that was stopped."""

_LIMITS = tuple(value for name, value in sorted(vars(resource).items()) if name.startswith("RLIMIT_"))
_KEPT_LIMITS = (resource.RLIMIT_STACK, resource.RLIMIT_CORE, resource.RLIMIT_NOFILE)
"""The limits that a template has from its start. The others are set for each program."""


class Ended(NamedTuple):
    """How a program ended: its wait status, the CPU seconds of it and the children that it waited for, and
    the largest resident bytes of one of them."""

    code: int
    seconds: float
    peak_bytes: int


class Template:
    """A started template. ``command`` is the first program's."""

    def __init__(self, command: dict[str, Any], limits: Sequence[launch.Setting]) -> None:
        """
        Raises:
            OSError: it did not start.
        """
        self.key = _key(command)
        self._control, end = socket.socketpair()
        self.pid = kernel.fork()
        if self.pid == 0:
            _become(command, limits, end.fileno())
        end.close()
        try:
            (self.outer_pid,) = _NUMBER.unpack(self._receive(_NUMBER.size, START_MS))
            self._first = self._state()
            self._processes = _processes()
        except (OSError, struct.error) as error:
            self.end()
            raise OSError(f"the template did not start: {error}") from None

    def fits(self, command: dict[str, Any]) -> bool:
        return self.key == _key(command)

    def seconds(self) -> float:
        """CPU seconds of the template and all programs that have ended."""
        return process_tree.seconds_of(self.outer_pid)

    def fork(self, limits: Sequence[launch.Setting], descriptors: Sequence[int]) -> int:
        """Start a program; returns its process id.

        Raises:
            OSError: it could not be forked.
            RuntimeError: the template did not answer, so the program may have been started.
        """
        listed = [_LIMIT.pack(what, *map(_unlimited, values)) for what, values in limits]
        data = _NUMBER.pack(len(listed)) + b"".join(listed).ljust(_MOST_LIMITS * _LIMIT.size, b"\0")
        self._continue()
        socket.send_fds(self._control, [data], list(descriptors))
        reply = self._receive(_NUMBER.size, START_MS)
        if len(reply) < _NUMBER.size:
            raise RuntimeError("the template did not answer")
        pid = int(_NUMBER.unpack(reply)[0])
        if pid < 0:
            raise OSError(-pid, "the template cannot be forked")
        return pid

    def wait(self, program: int) -> tuple[Ended | None, list[resource.struct_rusage]]:
        """Wait until the program has ended; None if the template has ended instead. Also returns what the
        orphans used that have been reaped."""
        usages: list[resource.struct_rusage] = []
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        while not poll.poll(_LOOK_MS):
            self._continue()
            usages += self._reaped(program)
        data = self._control.recv(_ENDED.size, socket.MSG_WAITALL)
        if len(data) < _ENDED.size:
            return None, usages
        code, microseconds, peak = _ENDED.unpack(data)
        return Ended(code, microseconds / 1e6, peak * 1024), usages + self._reaped(program)

    def _continue(self) -> None:
        """A program may have stopped the template."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGCONT)

    def _reaped(self, program: int) -> list[resource.struct_rusage]:
        """Reap orphans that have ended; not the template, whose end shows at the socket, nor the program,
        which is none unless the template has ended."""
        usages = []
        with contextlib.suppress(ChildProcessError):
            while True:
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
                if ended is None or ended.si_pid in (self.pid, program):
                    break
                usages.append(os.wait4(ended.si_pid, 0)[2])
        return usages

    def is_alone(self, program: int) -> bool:
        """Whether ``program``, which has ended, has left no process.

        It holds only if the program was the last process or thread that was started here. If another one has
        been started, it may hide from the list of processes by forking again and again; if none has, the
        list is complete.
        """
        return _last_pid() == program and _processes() <= self._processes

    def is_unchanged(self) -> bool:
        try:
            return self._state() == self._first
        except OSError:
            return False

    def _state(self) -> list[object]:
        """What another process of the same user could change."""
        return [
            *(resource.prlimit(self.pid, which) for which in _LIMITS),
            os.getpriority(os.PRIO_PROCESS, self.pid),
            os.sched_getaffinity(self.pid),
            os.sched_getscheduler(self.pid),
            kernel.io_priority(self.pid),
            process_tree.state_of(self.outer_pid),
        ]

    def _receive(self, size: int, patience_ms: int) -> bytes:
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        return self._control.recv(size, socket.MSG_WAITALL) if poll.poll(patience_ms) else b""

    def end(self) -> None:
        """Kill and reap the template. The programs that it has started go on."""
        with contextlib.suppress(OSError):
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        self._control.close()


def _key(command: dict[str, Any]) -> tuple[object, ...]:
    return tuple(command["template"]), tuple(sorted(command["environment"].items())), command["stack_bytes"]


def _become(command: dict[str, Any], limits: Sequence[launch.Setting], control: int) -> NoReturn:
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        kept = os.dup2(control, launch.FIRST_FREE)
        for target in range(launch.FIRST_FREE):
            os.set_inheritable(os.dup2(kept if target == _CONTROL else nothing, target), True)
        os.closerange(launch.FIRST_FREE, 1 << 20)
        for what, values in limits:
            if what in _KEPT_LIMITS:
                resource.setrlimit(what, values)
        launch.reset_signals()
        os.execve(command["template"][0], command["template"], command["environment"])  # noqa: S606
    finally:
        os._exit(127)


def _unlimited(value: int) -> int:
    return -1 if value == resource.RLIM_INFINITY else value


def _processes() -> set[str]:
    return {name for name in os.listdir("/proc") if name.isdigit()}  # noqa: PTH208


def _last_pid() -> int:
    """The id that was given last to a process or thread of this namespace."""
    number = os.open("/proc/loadavg", os.O_RDONLY)
    try:
        return int(os.read(number, 128).split()[-1])
    finally:
        os.close(number)
