"""Turn commands into a request to the fork server: a description and descriptors."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from crosstune.records import Command
from crosstune.sandbox._archive import FileArchive, memory_file

# A program that reaches its limit of processes is stopped by the watcher. The kernel's own limit is a little
# higher, so that the watcher sees it.
TASK_SLACK = 16
_PIPE_BYTES = 32768


class Request:
    """A message and its descriptors: see `_inside.supervisor` and `_inside.init`.

    ``joined`` are the pipes from and to another program, for the last command. ``packs`` are patterns of the
    files that go into ``target`` when the last command has succeeded or, with ``packs_all``, has ended.
    ``limit_tasks``: the kernel limits the
    number of processes.
    """

    def __init__(
        self,
        commands: Sequence[Command],
        files: Mapping[str, str | bytes],
        archive: FileArchive | None = None,
        *,
        limit_tasks: bool,
        packs: Sequence[str] = (),
        packs_all: bool = False,
        target: FileArchive | None = None,
        joined: Sequence[int] = (),
    ) -> None:
        sizes = [command.limits.disk_bytes for command in commands]
        self.disk_bytes = max([*sizes, archive.disk_bytes] if archive else sizes)
        self.memory_bytes = max(_memory_bytes(command) for command in commands)
        self.processes = max(command.limits.processes for command in commands) + TASK_SLACK
        self.wall_seconds = sum(command.limits.wall_seconds for command in commands)
        self.message: dict[str, Any] = {
            "files": dict(files),
            "disk_bytes": self.disk_bytes,
            "commands": [_plain(command, limit_tasks) for command in commands],
            "keeps_stdout": [command.keep_stdout for command in commands],
            "joined": bool(joined),
            "unpacks": archive is not None,
            "packs": list(packs),
            "packs_all": packs_all,
        }
        self.commands = commands
        self._joined = joined
        self._archives = [each.descriptor for each in (archive, target) if each]
        self.outputs: list[int] = []

    def descriptors(self, opened: contextlib.ExitStack) -> list[int]:
        """Make the files; ``opened`` closes them."""

        def closing(descriptor: int) -> int:
            opened.callback(os.close, descriptor)
            return descriptor

        self.outputs = [closing(memory_file("stdout")) for each in self.commands if each.keep_stdout]
        return [
            *(closing(_payload_file(command.payload)) for command in self.commands),
            *(closing(memory_file("stdin", each.stdin)) for each in self.commands if each.stdin),
            *self._joined,
            *self._archives,
            *self.outputs,
        ]


def _memory_bytes(command: Command) -> int:
    """The memory that control groups count, which includes files and kept output."""
    kept = command.limits.output_bytes if command.keep_stdout else 0
    return command.limits.memory_bytes + command.limits.disk_bytes + kept


def _plain(command: Command, limit_tasks: bool) -> dict[str, Any]:
    hard = command.limits.processes + TASK_SLACK if limit_tasks else 0
    return {
        "argv": list(command.argv),
        "template": list(command.template),
        "environment": dict(command.environment),
        "has_stdin": bool(command.stdin),
        "processes_hard": hard,
        **asdict(command.limits),
    }


def _payload_file(text: str) -> int:
    """A pipe, from which each byte can be read only once, or a file if the text is too long for a pipe."""
    content = text.encode("utf-8", "surrogatepass")
    descriptor, writer = os.pipe()
    try:
        if len(content) > _PIPE_BYTES:
            fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, len(content))
        os.write(writer, content)
    except PermissionError:  # longer than any pipe may be, or there are too many long ones
        os.close(descriptor)
        return memory_file("payload", content)
    finally:
        os.close(writer)
    return descriptor
