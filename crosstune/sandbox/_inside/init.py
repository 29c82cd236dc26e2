"""Init: the first process of a sandbox. For every request it fills the working folder and starts each
command.

It reaps orphans, and kills whatever a command leaves running before it reports how that command ended.
Finally it restores the sandbox (`leftovers`); if that is impossible, init ends, and the sandbox with it."""

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
from typing import Any, NamedTuple, NoReturn

from . import archive, kernel, launch, process_tree, tmpfs
from .leftovers import Leftovers
from .template import Ended, Template

READY = struct.Struct("=dqq")
"""Written when init waits for a request, and once more when its template is ready for one that wants it: CPU
seconds used in the sandbox so far, including its own; the resident bytes of a new fork of init, which a
preloaded program shares with others; the process id of the template, as /proc has it, 0 if there is none, or
`GIVEN_UP`."""

GIVEN_UP = -1
"""The template has failed to start several times, so each program of this sandbox starts anew."""

STATUS = struct.Struct("=idBqd")
"""Written after a command: the wait status of its program, CPU seconds of all its processes, the condition
it met (one of the following, or 0), the largest resident bytes of one process at any time, without those
that it shares with init, and CPU seconds used in the sandbox so far."""

FULL, OVERFULL, TOO_LARGE = 1, 2, 3
"""The folder or a file is full; more was written than the command may write; one of its processes had more
resident memory than it may have."""

LENGTH = struct.Struct("=IH")
"""Precedes a request: its size in bytes and the number of its descriptors. These are three pipes, the payload
of each command, the stdin of those that have one, two pipes for those that are joined to another program, and
the archives to unpack and to pack, if any."""

ANOTHER, NO_MORE = b"+", b"-"
"""Orders: run the next command of the request, or end it."""
_MAX_DESCRIPTORS = 16
_LOCKED = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC

_MOST_FAILURES = 3

# The order of the watcher's pipes; the last is the connection, on which an order to stop may come.
STDOUT, STDERR, REPORT, START_ERROR, END, STOP = range(6)


def wants_template(commands: Sequence[dict[str, Any]]) -> bool:
    """Whether a request is for one program that a template can fork into."""
    return len(commands) == 1 and bool(commands[0]["template"])


def serve(settings: dict[str, Any], user: tuple[int, int], descriptors: Sequence[int]) -> NoReturn:
    """Serve requests until the supervisor hangs up, or the sandbox cannot be restored.

    ``descriptors`` are the supervisor's socket, the pipe for errors of starting a command, and the pipe for
    `READY` and `STATUS`.

    Raises:
        Departure: this process is to become a program.
    """
    try:
        _Init(settings, user, descriptors).serve()
    except launch.Departure:
        raise
    except BaseException as error:  # noqa: BLE001 - this must not continue as a second fork server
        with contextlib.suppress(OSError):
            os.write(descriptors[1], f"{launch.SETUP}{error}".encode())
    os._exit(1)


class _Packing(NamedTuple):
    """The files that are kept after a command, in a file in memory; also if the command has failed."""

    descriptor: int
    patterns: Sequence[str]
    after_failure: bool


class _Init:
    def __init__(self, settings: dict[str, Any], user: tuple[int, int], descriptors: Sequence[int]) -> None:
        self._settings = settings
        self._folder = settings["folder"]
        channel, self._start_error, self._end = descriptors
        os.setsid()
        if settings["nested"]:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # which the first process of a namespace ignores
            _fresh_namespaces(self._folder, settings["disk_bytes"], user)
        else:
            kernel.adopt_orphans()
        os.chdir(self._folder)
        self._channel = socket.socket(fileno=channel)
        self._leftovers = Leftovers(self._folder) if settings["nested"] else None
        if settings["nested"] and settings["preload"]:
            # Through /proc a program could read its own memory, which holds the nonce.
            kernel.mount("none", "/proc", "tmpfs", _LOCKED | kernel.MS_RDONLY, "size=4096")
        kernel.confine(settings["filter"])
        gc.freeze()
        self._fork_bytes = _fork_bytes()
        self._template: Template | None = None
        self._failures = 0

    def serve(self) -> None:
        channel = self._channel
        while True:
            self._report_ready()
            head, descriptors, _, _ = socket.recv_fds(channel, LENGTH.size, _MAX_DESCRIPTORS)
            if len(head) < LENGTH.size:
                return
            request = marshal.loads(channel.recv(LENGTH.unpack(head)[0], socket.MSG_WAITALL))  # noqa: S302
            self._perform(request, descriptors)
            for descriptor in descriptors:
                os.close(descriptor)
            if self._leftovers is None or not self._leftovers.clear():
                return

    def _report_ready(self) -> None:
        none = GIVEN_UP if self._failures >= _MOST_FAILURES else 0
        template = self._template.outer_pid if self._template else none
        os.write(self._end, READY.pack(self._spent(), self._fork_bytes, template))

    def _spent(self) -> float:
        return process_tree.spent() + (self._template.seconds() if self._template else 0.0)

    def _perform(self, request: dict[str, Any], descriptors: list[int]) -> None:
        commands = request["commands"]
        pipes, rest = descriptors[:START_ERROR], iter(descriptors[START_ERROR:])
        payloads = [next(rest) for _ in commands]
        stdins = [next(rest) if command["has_stdin"] else -1 for command in commands]
        joined = [next(rest), next(rest)] if request["joined"] else []
        if wants_template(commands):
            self._ready_template(commands[0])
            self._report_ready()
        else:
            self._end_template()
        self._write_files(request["files"])
        if request["unpacks"]:
            archive.unpack(Path(self._folder), next(rest))
        packing = _Packing(next(rest) if request["packs"] else -1, request["packs"], request["packs_all"])
        for command, payload, stdin in zip(commands, payloads, stdins, strict=True):
            limits = launch.limits(command)
            before = self._held()
            if not command["argv"]:
                self._renew(command["environment"])
            last = command is commands[-1]
            own = joined if last else []
            program = self._forked(limits, stdin, (payload, *pipes), own) or kernel.fork()
            if program == 0:
                self._channel.detach()
                launch.start(command, limits, stdin, (payload, *pipes, self._start_error), own)
            while joined and last:  # the other program must see when this one ends
                closed = joined.pop()
                os.close(closed)
                descriptors.remove(closed)
            self._finish(program, command, before, packing)
            if self._channel.recv(1) != ANOTHER:
                return

    def _ready_template(self, command: dict[str, Any]) -> None:
        """Start a template, unless there is one that fits."""
        if self._template and not (self._template.fits(command) and self._template.is_unchanged()):
            self._end_template()
        if self._template or not self._settings["nested"] or self._failures >= _MOST_FAILURES:
            return
        try:
            self._template = Template(command, launch.limits(command))
        except OSError:
            self._failures += 1

    def _forked(
        self,
        limits: Sequence[launch.Setting],
        stdin: int,
        pipes: Sequence[int],
        joined: Sequence[int],
    ) -> int:
        """The program's process, forked from the template; 0 if there is none or it cannot be forked."""
        if self._template is None:
            return 0
        payload, *outputs, report = pipes
        nothing = os.open(os.devnull, os.O_RDONLY)
        try:
            own = (nothing if stdin < 0 else stdin, *outputs, payload, report, *joined)
            return self._template.fork(limits, (*own, self._start_error))
        except OSError:
            self._end_template()
            return 0
        finally:
            os.close(nothing)

    def _end_template(self) -> None:
        if self._template:
            self._template.end()
            self._template = None

    def _write_files(self, files: dict[str, str | bytes]) -> None:
        for name, content in files.items():
            path = Path(self._folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(
                content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
            )

    def _renew(self, environment: dict[str, str]) -> None:
        if os.environ != environment:
            os.environ.clear()
            os.environ.update(environment)
        self._settings["renew"]()

    def _held(self) -> int:
        return tmpfs.held_bytes(self._folder)

    def _finish(self, program: int, command: dict[str, Any], before: int, packing: _Packing) -> None:
        """Wait for the program, and report."""
        code, seconds, peak = self._wait(program)
        if not command["argv"]:
            peak = max(0, peak - self._fork_bytes)
        met = TOO_LARGE if self._is_too_large(peak, command) else self._met(code, command, before)
        if packing.patterns and not met and (not code or packing.after_failure):
            archive.pack(Path(self._folder), packing.patterns, packing.descriptor)
        os.write(self._end, STATUS.pack(code, seconds, met, peak, self._spent()))

    def _wait(self, program: int) -> Ended:
        """Wait for the program, and end what it left running, if anything; then the template, too."""
        ended, usages = self._template.wait(program) if self._template else (None, [])
        if self._template and not (ended and self._template.is_alone(program)):
            self._end_template()
        pid, code = 0, ended.code if ended else 0
        while not ended and pid != program:
            try:
                pid, code, used = os.wait4(-1, 0)
            except ChildProcessError:  # what it left has ended the template, which knew how it ended
                code = signal.SIGKILL
                break
            usages.append(used)
        if not self._template:
            usages += _end_the_rest(self._settings["nested"])
        seconds = sum(used.ru_utime + used.ru_stime for used in usages) + (ended.seconds if ended else 0.0)
        peaks = [1024 * used.ru_maxrss for used in usages] + ([ended.peak_bytes] if ended else [])
        return Ended(code, seconds, max(peaks, default=0))

    def _is_too_large(self, peak: int, command: dict[str, Any]) -> bool:
        # Before it executes its file, a new process is as large as init, and its peak contains that.
        own = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss if command["argv"] else 0
        return bool(peak > max(command["memory_bytes"], own))

    def _met(self, code: int, command: dict[str, Any], before: int) -> int:
        """The condition that the ended command met, other than `TOO_LARGE`; see `STATUS`."""
        others = self._settings["tmpfs_folders"]
        full = map(tmpfs.is_full, (self._folder, *others))
        if any(full) or (code and self._has_full_file(command)):
            return FULL
        if any(map(tmpfs.is_crowded, others)):
            return OVERFULL
        if self._leftovers and self._held() - before > command["disk_bytes"]:
            return OVERFULL
        return 0

    def _has_full_file(self, command: dict[str, Any]) -> bool:
        """Whether a file has reached the size limit: a program may ignore the kernel's signal for that."""
        limit = command["file_bytes"]
        with contextlib.suppress(OSError, RecursionError):  # from a tree made hard to walk
            return self._held() >= limit and any(
                Path(parent, name).lstat().st_size >= limit
                for parent, _, names in os.walk(self._folder)
                for name in names
            )
        return False


def _fresh_namespaces(folder: str, size: int, user: tuple[int, int]) -> None:
    kernel.hide_memory(False)  # a hidden process may not write its own files in /proc
    kernel.become_user(*user)
    # When memory is short, the kernel should end the program, not its fork server.
    kernel.write("/proc/self/oom_score_adj", b"1000")
    kernel.hide_memory()
    kernel.loopback_up()
    flags = kernel.MS_NOSUID | kernel.MS_NODEV
    kernel.mount("none", folder, "tmpfs", flags, f"size={size},nr_inodes={tmpfs.MAX_FILES},mode=700")
    for other in ("/tmp", "/dev/shm"):  # noqa: S108 - inside the sandbox
        kernel.mount(folder, other, flags=kernel.MS_BIND)
    # Read-only: what a program could write there affects processes that outlive it.
    kernel.mount("none", "/proc", flags=kernel.MS_REMOUNT | kernel.MS_BIND | kernel.MS_RDONLY | _LOCKED)


def _fork_bytes() -> int:
    """The resident bytes of a new fork of this process."""
    child = kernel.fork()
    if child == 0:
        os._exit(0)
    return 1024 * os.wait4(child, 0)[2].ru_maxrss


def _end_the_rest(nested: bool) -> list[resource.struct_rusage]:
    """Kill and reap all other processes of this namespace or, without one, all descendants."""
    usages: list[resource.struct_rusage] = []
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
            usages.append(os.wait4(-1, 0)[2])
        except ChildProcessError:
            return usages
