"""The outer side of a keeper: its process and the socket to it."""

from __future__ import annotations

import contextlib
import json
import marshal
import os
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

Kind = Literal["bubblewrap", "none"]

START_SECONDS = 60.0
_MESSAGE_MOST = 16 << 20
_PIPE_HOLDS = 32768
_END_SECONDS = 0.5
_LOOK_SECONDS = 0.25
# What the keeper and bubblewrap themselves need, on top of the program's limits.
_OWN_BYTES, _OWN_TASKS = 64 << 20, 16
# Enter control groups first, so that nothing ever runs outside of them.
_ENTER = 'while [ "$1" != -- ]; do echo 0 > "$1" || exit 71; shift; done; shift; exec "$@"'


class SandboxDied(Exception):
    """The keeper ended without an answer. ``memory``: the kernel killed for memory meanwhile."""

    def __init__(self, told: str, memory: bool = False) -> None:
        self.memory = memory
        super().__init__(told)


@dataclass(frozen=True, kw_only=True)
class ForkServerOptions:
    """How to start a keeper: see `SandboxRunner`. ``nested``: it makes fresh namespaces for every request."""

    kind: Kind
    nested: bool
    mounts: tuple[Path, ...] = ()
    preload: Path | None = None
    preload_settings: str = ""


class ForkServer:
    """One started keeper. ``disk_bytes`` is the size of the working folder of one that is not nested."""

    def __init__(self, options: ForkServerOptions, disk_bytes: int) -> None:
        """
        Raises:
            SandboxUnavailable: it did not start; the message tells why.
        """
        self._options = options
        bwrap_args = _bwrap_args(options, disk_bytes) if options.kind == "bubblewrap" else []
        with contextlib.ExitStack() as opened:
            self._folder = ""
            if options.kind == "none":
                self._folder = opened.enter_context(_scratch.folder())
            self._group = Group()
            opened.callback(self._group.close)
            self._told = opened.enter_context(tempfile.TemporaryFile())
            self._process: subprocess.Popen[bytes] | None = None
            opened.callback(self._end)
            self._socket, theirs = socket.socketpair()
            opened.enter_context(self._socket)
            with theirs:
                self._start(bwrap_args, theirs.fileno())
            self._await_ready()
            self._opened = opened.pop_all()

    def _start(self, bwrap_args: list[str], number: int) -> None:
        inside = self._options.kind == "bubblewrap"
        preload = self._options.preload
        settings = {
            "socket": number,
            "nested": self._options.nested,
            "filter": inside and bool(_bubblewrap.seccomp_filter()),
            "folder": self._folder or _bubblewrap.WORK,
            "rooms": _bubblewrap.TMPFS_FOLDERS if inside and not self._options.nested else (),
            "preload": _bubblewrap.preload_path(preload) if inside else str(preload or ""),
            "preload_settings": self._options.preload_settings,
        }
        home = _bubblewrap.inside_home() if inside else _bubblewrap.outside_home()
        enter = ["/bin/sh", "-c", _ENTER, "sh", *self._group.doors(), "--"]
        self._process = subprocess.Popen(
            [*enter, *bwrap_args, *_bubblewrap.fork_server_command(home, json.dumps(settings))],
            pass_fds=[number],
            stdin=subprocess.DEVNULL,
            stdout=self._told,
            stderr=self._told,
            env={"PATH": "/usr/bin:/bin"},
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
        """Set what the kernel's groups allow; a little more than the program may have."""
        self._group.limit(memory_bytes + _OWN_BYTES, processes + _OWN_TASKS)

    def denials(self) -> tuple[int, int]:
        return self._group.denials()

    def ask(self, request: dict[str, Any], payloads: Sequence[str], patience: float) -> dict[str, Any]:
        """``payloads``: what each stage is told.

        Raises:
            Lost: no answer, or none within ``patience`` seconds.
        """
        data = marshal.dumps(request)  # the same interpreter reads it
        try:
            self._socket.settimeout(patience)
            with contextlib.ExitStack() as opened:
                numbers = [_payload_file(payload, opened) for payload in payloads]
                socket.send_fds(self._socket, [REQUEST.pack(len(data), len(numbers))], numbers)
            self._socket.sendall(data)
        except OSError as error:
            raise SandboxDied(f"the keeper does not listen: {error}; {self._words()}") from None
        self._await(patience)
        return self._receive(patience)

    def _await(self, patience: float) -> None:
        """Until there is an answer; end the program when the kernel has ended one of its processes for
        memory, for the others might wait for that one."""
        before, deadline = self.denials()[0], time.monotonic() + patience
        while not select.select([self._socket], [], [], _LOOK_SECONDS)[0] and time.monotonic() < deadline:
            if self.denials()[0] > before:
                self._socket.sendall(REQUEST.pack(0, 0))
                return

    def _receive(self, patience: float) -> dict[str, Any]:
        self._socket.settimeout(patience)
        try:
            size = REPLY.unpack(self._exactly(REPLY.size))[0]
            if size > _MESSAGE_MOST:
                raise SandboxDied(f"the keeper announced an answer of {size} bytes")
            answer = json.loads(self._exactly(size))
        except TimeoutError:
            raise SandboxDied(f"the keeper gave no answer within {patience:.0f} s") from None
        except (OSError, ValueError) as error:
            raise SandboxDied(f"the keeper's answer is broken: {error}") from None
        if not isinstance(answer, dict):
            raise SandboxDied("the keeper's answer is not an object")
        return answer

    def _exactly(self, size: int) -> bytes:
        data = bytearray()
        while len(data) < size:
            part = self._socket.recv(min(size - len(data), 1 << 20))
            if not part:
                raise SandboxDied(self._words() or "it ended without a word")
            data += part
        return bytes(data)

    def _words(self) -> str:
        """What the keeper or bubblewrap said before it ended."""
        self._told.seek(0)
        return self._told.read(4096).decode("utf-8", "replace").strip()

    def _end(self) -> None:
        """Wait for the end that the closed socket brings, or make it; bubblewrap takes all with it."""
        if self._process is None:
            return
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def close(self) -> None:
        """End the keeper and all that lives in its sandbox, and wait until it has."""
        self._opened.close()


def _bwrap_args(options: ForkServerOptions, disk_bytes: int) -> list[str]:
    if options.nested:
        return _bubblewrap.bwrap_args(options.mounts, options.preload, None)
    # Programs share the keeper's process namespace, of which it is to be the first: that one they cannot kill
    # and, as it hides its memory, not look into. One of bubblewrap's own would stand open.
    bubblewrap, *rest = _bubblewrap.bwrap_args(options.mounts, options.preload, disk_bytes)
    return [bubblewrap, "--as-pid-1", *rest]


def _payload_file(text: str, opened: contextlib.ExitStack) -> int:
    """A pipe, from which each byte can be read only once; what is too long for one, a file."""
    content = text.encode("utf-8", "surrogatepass")
    if len(content) <= _PIPE_HOLDS:
        number, writer = os.pipe()
        os.write(writer, content)
        os.close(writer)
    else:
        number = os.memfd_create("brief")
        with os.fdopen(os.dup(number), "wb") as file:
            file.write(content)
        os.lseek(number, 0, os.SEEK_SET)
    opened.callback(os.close, number)
    return number
