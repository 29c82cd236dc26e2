"""The outer side of a fork server: its process and the socket to it."""

from __future__ import annotations

import contextlib
import json
import marshal
import select
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from crosstune.errors import SandboxUnavailable
from crosstune.sandbox import _bubblewrap, _scratch
from crosstune.sandbox._control_groups import Group
from crosstune.sandbox._inside.supervisor import REPLY, REQUEST
from crosstune.sandbox._inside.watcher import ORDER_TO_STOP

Kind = Literal["bubblewrap", "none"]

START_SECONDS = 60.0
_MAX_REPLY_BYTES = 16 << 20
_END_SECONDS = 0.5
_CHECK_SECONDS = 0.25
# So that a preloaded program iterates over a set in the same order each time, as in the tests' process.
_HASH_SEED = {"PYTHONHASHSEED": "0"}
# What the fork server and bubblewrap themselves need, on top of the program's limits.
_OWN_BYTES, _OWN_TASKS = 128 << 20, 16
# Enter the control groups first: nothing may run outside of them.
_ENTER = 'while [ "$1" != -- ]; do echo 0 > "$1" || exit 71; shift; done; shift; exec "$@"'


class SandboxDied(Exception):
    """The fork server ended without a reply. ``memory``: the kernel had killed a process for memory."""

    def __init__(self, message: str, memory: bool = False) -> None:
        self.memory = memory
        super().__init__(message)


@dataclass(frozen=True, kw_only=True)
class ForkServerOptions:
    """How to start a fork server: see `SandboxRunner`. ``nested``: it makes fresh namespaces for every
    request."""

    kind: Kind
    nested: bool
    mounts: tuple[Path, ...] = ()
    preload: Path | None = None
    preload_settings: str = ""


class ForkServer:
    """A started fork server. ``disk_bytes`` is the size of the working folder of one that is not nested."""

    def __init__(self, options: ForkServerOptions, disk_bytes: int) -> None:
        """
        Raises:
            SandboxUnavailable: it did not start; the message says why.
        """
        self._options = options
        bwrap_args = _bwrap_args(options, disk_bytes) if options.kind == "bubblewrap" else []
        with contextlib.ExitStack() as opened:
            self._folder = ""
            if options.kind == "none":
                self._folder = opened.enter_context(_scratch.folder())
            self._group = Group()
            opened.callback(self._group.close)
            self._log = opened.enter_context(tempfile.TemporaryFile())
            self._process: subprocess.Popen[bytes] | None = None
            opened.callback(self._end)
            self._socket, server_end = socket.socketpair()
            opened.enter_context(self._socket)
            with server_end:
                self._start(bwrap_args, server_end.fileno())
            self._await_ready()
            self._opened = opened.pop_all()

    def _start(self, bwrap_args: list[str], descriptor: int) -> None:
        inside = self._options.kind == "bubblewrap"
        preload = self._options.preload
        settings = {
            "socket": descriptor,
            "nested": self._options.nested,
            "filter": inside and bool(_bubblewrap.seccomp_filter()),
            "folder": self._folder or _bubblewrap.WORK,
            "tmpfs_folders": _bubblewrap.TMPFS_FOLDERS if inside and not self._options.nested else (),
            "preload": _bubblewrap.preload_path(preload) if inside else str(preload or ""),
            "preload_settings": self._options.preload_settings,
        }
        home = _bubblewrap.inside_home() if inside else _bubblewrap.outside_home()
        enter = ["/bin/sh", "-c", _ENTER, "sh", *self._group.entry_files(), "--"]
        self._process = subprocess.Popen(
            [*enter, *bwrap_args, *_bubblewrap.fork_server_command(home, json.dumps(settings))],
            pass_fds=[descriptor],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            env={"PATH": "/usr/bin:/bin", **_HASH_SEED},
            start_new_session=True,
        )

    def _await_ready(self) -> None:
        try:
            self._receive(START_SECONDS)
        except SandboxDied as error:
            if self._options.kind == "bubblewrap":
                raise _bubblewrap.explain_failure(str(error)) from None
            raise SandboxUnavailable(f"the program runner did not start: {error}") from None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def limit(self, memory_bytes: int, processes: int) -> None:
        """Set the limits of the control groups: a little more than the program may have."""
        self._group.limit(memory_bytes + _OWN_BYTES, processes + _OWN_TASKS)

    def denials(self) -> tuple[int, int]:
        return self._group.denials()

    def request(
        self, request: dict[str, Any], descriptors: Sequence[int], patience_seconds: float
    ) -> dict[str, Any]:
        """Send a request with ``descriptors``, and wait for the reply.

        Raises:
            SandboxDied: no reply came within ``patience_seconds``.
        """
        self.send(request, descriptors, patience_seconds)
        return self.receive(patience_seconds)

    def send(self, request: dict[str, Any], descriptors: Sequence[int], patience_seconds: float) -> None:
        """
        Raises:
            SandboxDied: it was not taken within ``patience_seconds``.
        """
        data = marshal.dumps(request)  # the same interpreter reads it
        try:
            self._socket.settimeout(patience_seconds)
            socket.send_fds(self._socket, [REQUEST.pack(len(data), len(descriptors))], descriptors)
            self._socket.sendall(data)
        except OSError as error:
            raise SandboxDied(f"the fork server does not listen: {error}; {self._log_text()}") from None

    def receive(self, patience_seconds: float) -> dict[str, Any]:
        """The reply to the request that was sent.

        Raises:
            SandboxDied: none came within ``patience_seconds``.
        """
        self._await(patience_seconds)
        return self._receive(patience_seconds)

    def replies_within(self, seconds: float) -> bool:
        """Whether a reply comes by then."""
        poll = select.poll()  # select refuses a descriptor above 1,023
        poll.register(self._socket, select.POLLIN)
        return bool(poll.poll(seconds * 1000))

    def order_to_stop(self) -> None:
        """Have the command ended; its outcome still has to be received."""
        with contextlib.suppress(OSError):
            self._socket.sendall(ORDER_TO_STOP)

    def _await(self, patience_seconds: float) -> None:
        """Wait for a reply. If the kernel kills one of the program's processes for memory, end the program,
        since its other processes might wait for that one."""
        before, deadline = self.denials()[0], time.monotonic() + patience_seconds
        while not self.replies_within(_CHECK_SECONDS) and time.monotonic() < deadline:
            if self.denials()[0] > before:
                self._socket.sendall(REQUEST.pack(0, 0))
                return

    def _receive(self, patience_seconds: float) -> dict[str, Any]:
        self._socket.settimeout(patience_seconds)
        try:
            size = REPLY.unpack(self._exactly(REPLY.size))[0]
            if size > _MAX_REPLY_BYTES:
                raise SandboxDied(f"the fork server announced a reply of {size} bytes")
            reply = json.loads(self._exactly(size))
        except TimeoutError:
            raise SandboxDied(f"the fork server did not reply within {patience_seconds:.0f} s") from None
        except (OSError, ValueError) as error:
            raise SandboxDied(f"the fork server's reply is broken: {error}") from None
        if not isinstance(reply, dict):
            raise SandboxDied("the fork server's reply is not an object")
        return reply

    def _exactly(self, size: int) -> bytes:
        data = bytearray()
        while len(data) < size:
            part = self._socket.recv(min(size - len(data), 1 << 20))
            if not part:
                raise SandboxDied(self._log_text() or "it ended without a message")
            data += part
        return bytes(data)

    def _log_text(self) -> str:
        """What the fork server or bubblewrap printed before it ended."""
        self._log.seek(0)
        return self._log.read(4096).decode("utf-8", "replace").strip()

    def _end(self) -> None:
        """Wait until the process has ended because its socket was closed, or kill it; all processes inside
        bubblewrap end with it."""
        if self._process is None:
            return
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def hang_up(self) -> None:
        """Make the fork server end itself and its program, from any thread; it still has to be closed."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End the fork server and all processes in its sandbox, and wait until they have ended."""
        self._opened.close()


def _bwrap_args(options: ForkServerOptions, disk_bytes: int) -> list[str]:
    seed = [each for pair in _HASH_SEED.items() for each in ("--setenv", *pair)]
    if options.nested:
        *rest, end = _bubblewrap.bwrap_args(options.mounts, options.preload, None)
        return [*rest, *seed, end]
    # Programs share the fork server's process namespace. Since the fork server is its first process, they
    # cannot kill it; since it hides its memory, they cannot read that. If bubblewrap ran its own first
    # process, programs could attack that one.
    bubblewrap, *rest, end = _bubblewrap.bwrap_args(options.mounts, options.preload, disk_bytes)
    return [bubblewrap, "--as-pid-1", *rest, *seed, end]
