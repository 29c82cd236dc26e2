"""Compilers that stay alive between programs. They only save time: a program that a server does not build
is built by its own command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from crosstune import sandbox as _sandbox
from crosstune.execution._resident import ResidentProcesses
from crosstune.languages import CompileResult, CompileServer, JudgeTask

_MAX_NAME_BYTES = 255
_MAX_FILES_BYTES = 8 << 20


@dataclass(frozen=True, slots=True)
class Compiled:
    """A server's result for one program, and the reply that it came in, with its cost."""

    result: CompileResult
    reply: _sandbox.Reply


class CompileServers(ResidentProcesses):
    """The compile servers of one judge."""

    def __init__(self, sandbox: _sandbox.Kind) -> None:
        super().__init__(sandbox, "compile server")

    def build(self, task: JudgeTask, server: CompileServer | None) -> Compiled | None:
        """Build a program with a compile server; None if its own build command must be used instead."""
        if server is None or (request := server.request(task)) is None:
            return None
        asked = self.ask(
            task.program.language, server, task.sandbox_path, request=request, decode=server.reply
        )
        if asked is None:
            return None
        result, reply = asked
        return Compiled(result, reply) if _fits(result.files) else None


def _fits(files: Mapping[str, bytes]) -> bool:
    """Whether the files can be written into a working folder; if not, the build command is used."""
    return sum(map(len, files.values())) <= _MAX_FILES_BYTES and all(map(_is_plain_name, files))


def _is_plain_name(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return bool(parts) and all(
        part not in ("/", "..") and "\0" not in part and len(part.encode()) <= _MAX_NAME_BYTES
        for part in parts
    )
