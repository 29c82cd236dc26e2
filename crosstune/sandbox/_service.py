"""A service: a command that keeps running in its own sandbox and answers requests."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import struct
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crosstune.sandbox import _bubblewrap, _scratch
from crosstune.sandbox._fork_server import START_SECONDS, Kind
from crosstune.sandbox._inside import process_tree

ASKS = b"?"
"""Begins a frame that asks something before the reply."""

Answer = Callable[[bytes], bytes | None]
"""Answers what a service asks while it handles a request; None: nothing is sent."""

_LENGTH = struct.Struct(">I")
_MAX_REPLY_BYTES = 32 << 20
_CHECK_SECONDS = 0.05
_DISK_BYTES = 32 << 20
_PAGE = os.sysconf("SC_PAGESIZE")
# Write no core file, and limit the log.
_ENTER = 'ulimit -c 0; ulimit -f 2048; exec "$@"'


class ServiceFailed(Exception):
    """No valid reply came: the service ended, reached a limit, or sent something else. It is closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLimits:
    """Limits for one request; ``memory_bytes`` limits the resident memory of the whole service."""

    cpu_seconds: float
    wall_seconds: float
    memory_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A reply and its cost; ``resident_bytes`` is the memory of the whole service after it."""

    data: bytes
    cpu_seconds: float
    wall_seconds: float
    resident_bytes: int


@dataclass(frozen=True, kw_only=True)
class ServiceOptions:
    """How to start a service: see `Service`. One that ``takes_descriptors`` gets requests by a socket."""

    kind: Kind
    argv: tuple[str, ...]
    limits: ServiceLimits
    mounts: tuple[Path, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    takes_descriptors: bool = False


class Service:
    """A started service, without network, with read-only system programs and ``mounts``, and with a small
    working folder in memory.

    Requests go to its descriptor 0 and replies come from 1, each after its length in 4 bytes, big-endian. It
    sends one empty reply when it is ready. For one thread at a time; it ends with the thread that started it.
    """

    def __init__(self, options: ServiceOptions) -> None:
        """
        Raises:
            ServiceFailed: it did not start; the message says why.
            SandboxUnavailable: bubblewrap is not installed.
        """
        self._options = options
        self.requests = 0
        with contextlib.ExitStack() as opened:
            self._log = opened.enter_context(tempfile.TemporaryFile())
            self._folder = "/" if options.kind == "bubblewrap" else opened.enter_context(_scratch.folder())
            self._process = self._start()
            opened.callback(self._end)
            assert self._process.stdout is not None
            self._from = self._process.stdout.fileno()
            to = self._socket or self._process.stdin
            assert to is not None
            self._to = to.fileno()
            for descriptor in (self._to, self._from):
                os.set_blocking(descriptor, False)
            self._opened = opened
            self._members = [self._process.pid]
            self._exchange(b"", time.monotonic() + START_SECONDS, watched=False)
            self._members = _members(self._process.pid)
            self._opened = opened.pop_all()

    def _start(self) -> subprocess.Popen[bytes]:
        options = self._options
        command, environment = list(options.argv), dict(options.environment)
        filters = []
        if options.kind == "bubblewrap":
            environment = {"PATH": "/usr/bin:/bin"}
            *bwrap_args, last = _bubblewrap.bwrap_args(options.mounts, None, _DISK_BYTES)
            for name, value in options.environment.items():
                bwrap_args += ["--setenv", name, value]
            if instructions := _bubblewrap.seccomp_filter():
                filters.append(_file_of(instructions))
                bwrap_args += ["--seccomp", str(filters[0])]
            command = [*bwrap_args, "--chdir", _bubblewrap.WORK, last, *command]
        self._socket, its_end = _ends() if options.takes_descriptors else (None, None)
        try:
            return subprocess.Popen(
                ["/bin/sh", "-c", _ENTER, "sh", *command],
                pass_fds=filters,
                stdin=its_end.fileno() if its_end else subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._log,
                cwd=self._folder,
                env=environment,
                start_new_session=True,
                bufsize=0,
            )
        finally:
            for descriptor in filters:
                os.close(descriptor)
            if its_end:
                its_end.close()

    def request(self, request: bytes, answer: Answer | None = None, descriptors: Sequence[int] = ()) -> Reply:
        """Send a request, and return the reply.

        With ``answer``, a frame that begins with `ASKS` is none: what ``answer`` makes of the rest of it is
        sent back, and another frame is awaited. The time that takes does not count. ``descriptors`` go
        with the request, if the service takes any.

        Raises:
            ServiceFailed: no reply within the limits; the service is closed.
        """
        began = time.monotonic()
        try:
            spent_before = self._spent = self._cpu_seconds()
            deadline = began + self._options.limits.wall_seconds
            frame = _LENGTH.pack(len(request)) + request
            if self._socket and descriptors:
                socket.send_fds(self._socket, [frame[: _LENGTH.size]], list(descriptors))
                frame = frame[_LENGTH.size :]
            data = self._exchange(frame, deadline)
            while answer and data.startswith(ASKS):
                asked = time.monotonic()
                sent = answer(data[len(ASKS) :])
                deadline += time.monotonic() - asked
                data = self._exchange(b"" if sent is None else _LENGTH.pack(len(sent)) + sent, deadline)
            self.requests += 1
            return Reply(
                data=data,
                cpu_seconds=self._cpu_seconds() - spent_before,
                wall_seconds=time.monotonic() - began,
                resident_bytes=self._resident_bytes(),
            )
        except ServiceFailed:
            self.close()
            raise
        except OSError as error:  # one of its processes or pipes is gone
            self.close()
            raise ServiceFailed(f"it ended ({error})") from None

    def _exchange(self, request: bytes, deadline: float, watched: bool = True) -> bytes:
        """Send all of ``request`` and read one whole reply."""
        held, left = bytearray(), memoryview(request)
        poll = select.poll()
        poll.register(self._from, select.POLLIN)
        if left:
            poll.register(self._to, select.POLLOUT)
        check_at = time.monotonic() + _CHECK_SECONDS
        while (missing := _missing(held)) > 0:
            for descriptor, _ in poll.poll(_CHECK_SECONDS * 1000):
                if descriptor == self._from:
                    held += self._read(missing)
                else:
                    left = left[os.write(self._to, left[:65536]) :]
                    if not left:
                        poll.unregister(self._to)
            if time.monotonic() >= check_at:
                self._check(deadline, watched)
                check_at = time.monotonic() + _CHECK_SECONDS
        if left:
            raise ServiceFailed("it replied before the request was sent")
        return bytes(held[_LENGTH.size :])

    def _read(self, most: int) -> bytes:
        data = os.read(self._from, min(most, 1 << 20))
        if not data:
            raise ServiceFailed(f"it ended: {self._log_text()}")
        return data

    def _check(self, deadline: float, watched: bool) -> None:
        if time.monotonic() > deadline:
            raise ServiceFailed("it took too long")
        if not watched:
            return
        limits = self._options.limits
        if self._cpu_seconds() - self._spent > limits.cpu_seconds:
            raise ServiceFailed(f"it used more than {limits.cpu_seconds:g} CPU seconds")
        if self._resident_bytes() > limits.memory_bytes:
            raise ServiceFailed(f"it held more than {limits.memory_bytes >> 20} MiB")

    def _cpu_seconds(self) -> float:
        # The clock id of a process, as clock_getcpuclockid(3) computes it.
        return sum(time.clock_gettime((~pid << 3) | 2) for pid in self._members)

    def _resident_bytes(self) -> int:
        rows = [Path(f"/proc/{pid}/statm").read_text("ascii").split() for pid in self._members]
        return sum(int(row[1]) for row in rows) * _PAGE

    def _log_text(self) -> str:
        self._log.seek(0)
        return self._log.read(4096).decode("utf-8", "replace").strip() or "without a message"

    def _end(self) -> None:
        """Kill the process; all others inside bubblewrap end with it."""
        with self._process:
            self._process.kill()
        if self._socket:
            self._socket.close()

    def kill(self) -> None:
        """End the service at once, from any thread; its request raises `ServiceFailed`."""
        self._process.kill()

    def close(self) -> None:
        self._opened.close()


def _members(root: int) -> list[int]:
    """The processes of a ready service, including bubblewrap's."""
    proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
    try:
        return [root, *process_tree.descendants(proc, root)]
    finally:
        os.close(proc)


def _ends() -> tuple[socket.socket | None, socket.socket | None]:
    return socket.socketpair()


def _file_of(content: bytes) -> int:
    descriptor = os.memfd_create("filter")
    os.write(descriptor, content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _missing(held: bytearray) -> int:
    """How many bytes of a reply are missing, as far as is known.

    Raises:
        ServiceFailed: it is longer than any reply.
    """
    if len(held) < _LENGTH.size:
        return _LENGTH.size - len(held)
    size = _LENGTH.unpack_from(held)[0]
    if size > _MAX_REPLY_BYTES:
        raise ServiceFailed(f"it announced a reply of {size} bytes")
    return _LENGTH.size + int(size) - len(held)
