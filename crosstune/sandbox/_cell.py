"""A cell: a keeper behind its walls, asked over a socket to run one program after another."""

from __future__ import annotations

import functools
import json
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, Self

from crosstune.errors import SandboxUnavailable
from crosstune.sandbox import _isolation
from crosstune.sandbox._groups import Group, version
from crosstune.sandbox._inside.calls import call_filter
from crosstune.sandbox._records import Limit, Outcome, Stage

Kind = Literal["bubblewrap", "none"]

_LENGTH = struct.Struct(">I")
_MESSAGE_MOST = 16 << 20
_START_SECONDS, _GRACE_SECONDS = 60.0, 30.0
# What the keeper and bubblewrap themselves need, on top of the program's limits.
_OWN_BYTES, _OWN_TASKS = 64 << 20, 16
# A program that reaches its limit of processes is stopped by the watcher; the kernel's own
# limit stands a little higher, so that the watcher sees it.
_TASK_SLACK = 16


class Lost(Exception):
    """The keeper ended without an answer. ``memory``: the kernel killed for memory meanwhile."""

    def __init__(self, told: str, memory: bool = False) -> None:
        self.memory = memory
        super().__init__(told)


@dataclass(frozen=True, slots=True)
class Enforcement:
    """What holds programs here. ``namespaces``: ``fresh`` (prepared, new for every program), ``single`` (a
    bubblewrap for every program, slower) or ``none``; ``groups`` (which control memory): ``v2``, ``v1`` or
    ``none``; ``version`` is bubblewrap's."""

    namespaces: str
    call_filter: bool
    groups: str
    version: str


@functools.cache
def probe(kind: Kind = "bubblewrap") -> Enforcement:
    """Really start something, and say what holds it.

    Raises:
        SandboxUnavailable: it does not work here; the message says what to do.
    """
    if kind == "none":
        return Enforcement(namespaces="none", call_filter=False, groups=version(), version="")
    kept = ""
    for nested in (False, True):
        keeper = _Keeper(kind, (), None, "", nested=nested, disk_bytes=1 << 20)
        try:
            answer = keeper.ask({"files": {}, "disk_bytes": 1 << 20, "stages": []}, _START_SECONDS)
        except Lost as fault:
            answer = {"fault": str(fault)}
        finally:
            keeper.close()
        if "fault" in answer:
            break
        kept = "fresh" if nested else "single"
    if not kept:
        raise _isolation.explain_failure(str(answer["fault"]))
    return Enforcement(
        namespaces=kept,
        call_filter=bool(call_filter()),
        groups=version(),
        version=_isolation.bubblewrap_version(),
    )


class Cell:
    """Runs commands of one sort of program: ``mounts`` are files and folders that they can read beyond
    the system's own programs. ``preload`` is a Python file whose ``prepare(preload_settings)`` is called
    once (``preload_settings`` is asked
    for them, told `place`) and gives the program, ``main([brief], report)``, of a stage without ``argv``.

    For one thread at a time; the keeper ends with the thread that first used it.
    """

    def __init__(
        self,
        kind: Kind = "bubblewrap",
        mounts: Sequence[Path] = (),
        preload: Path | None = None,
        preload_settings: Callable[[Callable[[Path], str]], str] | None = None,
    ) -> None:
        self._kind, self._mounts = kind, tuple(mounts)
        self._preload = preload
        self._preload_settings = preload_settings(self.place) if preload_settings else ""
        self._fresh = probe(kind).namespaces == "fresh"
        self._keeper: _Keeper | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def place(self, path: Path) -> str:
        """Where programs see ``path``, which lies in one of the mounts."""
        return _isolation.place(path) if self._kind == "bubblewrap" else str(path)

    def run(self, stages: Sequence[Stage], files: Mapping[str, str] | None = None) -> list[Outcome]:
        """Run ``stages`` one after another in one fresh working folder that holds ``files``, until
        one does not end with status 0. Nothing of them lives on.

        Raises:
            Lost: the keeper ended without an answer.
            SandboxUnavailable: it could not be started.
        """
        disk_bytes = max(stage.limits.disk_bytes for stage in stages)
        keeper = self._ready(disk_bytes)
        request = {
            "files": dict(files or {}),
            "disk_bytes": disk_bytes,
            "stages": [_plain(stage, limit_tasks=self._kind != "none") for stage in stages],
        }
        keeper.limit(
            max(stage.limits.memory_bytes for stage in stages),
            max(stage.limits.processes for stage in stages),
        )
        before = keeper.denials()
        patience = sum(stage.limits.wall_seconds for stage in stages) + _GRACE_SECONDS
        try:
            answer = keeper.ask(request, patience)
        except Lost as fault:
            kills = keeper.denials()[0] - before[0]
            self.close()
            raise Lost(str(fault), memory=kills > 0) from None
        kills, refusals = (now - then for now, then in zip(keeper.denials(), before, strict=True))
        if not self._fresh or "outcomes" not in answer:
            self.close()
        if "outcomes" not in answer:
            raise Lost(str(answer.get("fault") or f"the watcher ended with {answer}"), memory=kills > 0)
        return _outcomes(answer["outcomes"], kills > 0, refusals > 0)

    def _ready(self, disk_bytes: int) -> _Keeper:
        if self._keeper is None:
            self._keeper = _Keeper(
                self._kind,
                self._mounts,
                self._preload,
                self._preload_settings,
                nested=self._fresh,
                disk_bytes=disk_bytes,
            )
        return self._keeper

    def close(self) -> None:
        if self._keeper:
            self._keeper.close()
            self._keeper = None


def _plain(stage: Stage, limit_tasks: bool) -> dict[str, Any]:
    limits = asdict(stage.limits)
    hard = stage.limits.processes + _TASK_SLACK if limit_tasks else 0
    return {
        "argv": list(stage.argv),
        "brief": stage.brief,
        "environment": dict(stage.environment),
        "reserve_bytes": stage.reserve_bytes,
        "processes_hard": hard,
        **limits,
    }


def _outcomes(rows: Any, killed: bool, refused: bool) -> list[Outcome]:
    """Records out of the keeper's answer; what the kernel's groups saw counts for the last one."""
    found = [Outcome(**{**row, "limit": Limit(row["limit"])}) for row in rows]
    last = found[-1] if found else None
    if last and last.limit is Limit.NONE and (last.exit_status or last.signal) and (killed or refused):
        limit = Limit.MEMORY if killed else Limit.PROCESSES
        found[-1] = Outcome(**{**asdict(last), "limit": limit})
    return found


class _Keeper:
    """One started keeper process and the socket to it."""

    def __init__(
        self,
        kind: Kind,
        mounts: Sequence[Path],
        preload: Path | None,
        preload_settings: str,
        *,
        nested: bool,
        disk_bytes: int,
    ) -> None:
        self._group = Group()
        self._told = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the keeper
        self._folder = "" if kind == "bubblewrap" else tempfile.mkdtemp(prefix="crosstune-")
        ours, theirs = socket.socketpair()
        self._socket = ours
        settings = {
            "socket": theirs.fileno(),
            "nested": nested,
            "filter": kind == "bubblewrap",
            "folder": self._folder or _isolation.WORK,
            "preload_settings": preload_settings,
            "preload": str(preload or "") if self._folder else _isolation.preload_place(preload),
        }
        command = self._command(kind, mounts, preload, None if nested else disk_bytes, settings)
        try:
            self._process = subprocess.Popen(
                command,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=self._told,
                stderr=self._told,
                env={"PATH": "/usr/bin:/bin"},
                start_new_session=True,
            )
        finally:
            theirs.close()
        self._await_ready(kind)

    def _command(
        self,
        kind: Kind,
        mounts: Sequence[Path],
        preload: Path | None,
        disk_bytes: int | None,
        settings: dict[str, Any],
    ) -> list[str]:
        enter = [
            "/bin/sh",
            "-c",
            'while [ "$1" != -- ]; do echo 0 > "$1" || exit 71; shift; done; shift; exec "$@"',
        ]
        enter += ["sh", *self._group.doors(), "--"]
        if kind == "none":
            return [*enter, *_isolation.keeper_command(_isolation.outside_home(), json.dumps(settings))]
        walls = _isolation.walls(mounts, preload, disk_bytes)
        return [*enter, *walls, *_isolation.keeper_command(_isolation.inside_home(), json.dumps(settings))]

    def _await_ready(self, kind: Kind) -> None:
        try:
            self._receive(_START_SECONDS)
        except Lost as fault:
            self.close()
            if kind == "bubblewrap":
                raise _isolation.explain_failure(str(fault)) from None
            raise SandboxUnavailable(f"the program runner did not start: {fault}") from None

    def limit(self, memory_bytes: int, processes: int) -> None:
        self._group.limit(memory_bytes + _OWN_BYTES, processes + _TASK_SLACK + _OWN_TASKS)

    def denials(self) -> tuple[int, int]:
        return self._group.denials()

    def ask(self, request: dict[str, Any], patience: float) -> dict[str, Any]:
        """
        Raises:
            Lost: no answer, or none within ``patience`` seconds.
        """
        data = json.dumps(request).encode()
        try:
            self._socket.settimeout(patience)
            self._socket.sendall(_LENGTH.pack(len(data)) + data)
        except OSError as fault:
            raise Lost(f"the keeper does not listen: {fault}; {self._words()}") from None
        return self._receive(patience)

    def _receive(self, patience: float) -> dict[str, Any]:
        self._socket.settimeout(patience)
        try:
            size = _LENGTH.unpack(self._exactly(_LENGTH.size))[0]
            if size > _MESSAGE_MOST:
                raise Lost(f"the keeper announced an answer of {size} bytes")
            answer = json.loads(self._exactly(size))
        except TimeoutError:
            raise Lost(f"the keeper gave no answer within {patience:.0f} s") from None
        except (OSError, ValueError) as fault:
            raise Lost(f"the keeper's answer is broken: {fault}") from None
        if not isinstance(answer, dict):
            raise Lost("the keeper's answer is not an object")
        return answer

    def _exactly(self, size: int) -> bytes:
        data = bytearray()
        while len(data) < size:
            part = self._socket.recv(min(size - len(data), 1 << 20))
            if not part:
                raise Lost(self._words())
            data += part
        return bytes(data)

    def _words(self) -> str:
        """What the keeper or bubblewrap said before it ended."""
        self._told.seek(0)
        return self._told.read(4096).decode("utf-8", "replace").strip()

    def close(self) -> None:
        """End the keeper and all that lives in its sandbox, and wait until it has."""
        self._socket.close()
        try:
            self._process.wait(0.5)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
        self._told.close()
        self._group.close()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
