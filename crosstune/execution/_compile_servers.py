"""Compilers that stay alive between programs. They only save time: a program that a server does not build
is built by its own command."""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from crosstune import sandbox as _sandbox
from crosstune.execution._languages import judging_of
from crosstune.languages import CompileResult, CompileServer, JudgeTask

_NEARLY_FULL = 0.8
"""A server that uses more than this share of its memory limit is not used again."""
_MAX_FAILED_STARTS = 3
_MAX_NAME_BYTES = 255
_MAX_FILES_BYTES = 8 << 20

Argv = tuple[str, ...]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A server's result for one program, and the reply that it came in, with its cost."""

    result: CompileResult
    reply: _sandbox.Reply


class CompileServers:
    """The compile servers of one judge.

    A thread takes an idle server of the language or starts another, so there are never more servers than
    threads. They end with the thread that started them, or with `close`.
    """

    def __init__(self, kind: _sandbox.Kind) -> None:
        self._kind = kind
        self._lock = threading.Lock()
        self._idle: dict[Argv, list[_sandbox.Service]] = defaultdict(list)
        self._busy: set[_sandbox.Service] = set()
        self._stopped = False
        self._failures: dict[str, int] = defaultdict(int)
        self.started: dict[str, int] = defaultdict(int)
        """How many servers were started for each language."""

    def build(self, task: JudgeTask, server: CompileServer | None) -> Compiled | None:
        """Build a program with a compile server; None if its own build command must be used instead."""
        if server is None or (request := server.request(task)) is None:
            return None
        language, argv = task.program.language, server.argv(task.sandbox_path)
        service = self._take(language, argv, server)
        if service is None:
            return None
        try:
            reply = self._reply(service, request)
        except _sandbox.ServiceFailed as error:
            _log.info("the compile server of %s did not answer: %s", language, error)
            return None
        result = server.reply(reply.data)
        if result is None:
            service.close()
            return None
        self._give_back(language, argv, server, service, reply.resident_bytes)
        return Compiled(result, reply) if _fits(result.files) else None

    def _reply(self, service: _sandbox.Service, request: bytes) -> _sandbox.Reply:
        """
        Raises:
            ServiceFailed: see `Service.request`.
        """
        with self._lock:
            self._busy.add(service)
            stopped = self._stopped
        try:
            if stopped:
                service.kill()
            return service.request(request)
        finally:
            with self._lock:
                self._busy.discard(service)

    def _take(self, language: str, argv: Argv, server: CompileServer) -> _sandbox.Service | None:
        with self._lock:
            if self._idle[argv]:
                return self._idle[argv].pop()
            if self._failures[language] >= _MAX_FAILED_STARTS:
                return None
            self.started[language] += 1
        options = _sandbox.ServiceOptions(
            kind=self._kind,
            argv=argv,
            mounts=tuple(dict.fromkeys((*judging_of(language).mounts(), *server.mounts()))),
            environment=server.environment,
            limits=_sandbox.ServiceLimits(
                cpu_seconds=server.cpu_seconds,
                wall_seconds=server.wall_seconds,
                memory_bytes=server.memory_bytes,
            ),
        )
        try:
            return _sandbox.Service(options)
        except _sandbox.ServiceFailed as error:
            self._count_failure(language, error)
            return None

    def _count_failure(self, language: str, error: _sandbox.ServiceFailed) -> None:
        with self._lock:
            self._failures[language] += 1
            last = self._failures[language] == _MAX_FAILED_STARTS
        if last:
            _log.warning(
                "the compile server of %s does not start (%s); its programs are built one by one, which is "
                "slower",
                language,
                error,
            )

    def _give_back(
        self, language: str, argv: Argv, server: CompileServer, service: _sandbox.Service, held_bytes: int
    ) -> None:
        full = held_bytes > _NEARLY_FULL * server.memory_bytes
        if full or service.requests >= server.requests:
            service.close()
            return
        with self._lock:
            self._failures[language] = 0
            self._idle[argv].append(service)

    def stop(self) -> None:
        """End the servers that are compiling, from any thread."""
        with self._lock:
            self._stopped = True
            for service in self._busy:
                service.kill()

    def close(self) -> None:
        with self._lock:
            services = [service for idle in self._idle.values() for service in idle]
            self._idle.clear()
            self._stopped = False
        for service in services:
            service.close()


def _fits(files: Mapping[str, bytes]) -> bool:
    """Whether the files can be written into a working folder; if not, the build command is used."""
    return sum(map(len, files.values())) <= _MAX_FILES_BYTES and all(map(_is_plain_name, files))


def _is_plain_name(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return bool(parts) and all(
        part not in ("/", "..") and "\0" not in part and len(part.encode()) <= _MAX_NAME_BYTES
        for part in parts
    )
