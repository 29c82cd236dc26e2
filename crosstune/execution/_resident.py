"""Processes that stay alive between programs, such as compilers."""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TypeVar

from crosstune import sandbox as _sandbox
from crosstune.execution._languages import judging_of
from crosstune.languages import ResidentProcess, SandboxPath, TestsProcess

_NEARLY_FULL = 0.8
"""A process that uses more than this share of its memory limit is not used again."""
_MAX_FAILED_STARTS = 3

Argv = tuple[str, ...]
Answer = _sandbox.Answer

Decoded = TypeVar("Decoded")

_log = logging.getLogger(__name__)


class ResidentProcesses:
    """The resident processes of one judge, of one ``kind`` (for messages).

    A thread takes an idle one of the language or starts another, so there are never more of them than
    threads. They end with the thread that started them, or with `close`.
    """

    def __init__(self, sandbox: _sandbox.Kind, kind: str) -> None:
        self._sandbox, self._kind = sandbox, kind
        self._lock = threading.Lock()
        self._idle: dict[Argv, list[_sandbox.Service]] = defaultdict(list)
        self._busy: set[_sandbox.Service] = set()
        self._stopped = False
        self._argv: dict[Callable[[SandboxPath], Argv], Argv] = {}
        self._failures: dict[str, int] = defaultdict(int)
        self.started: dict[str, int] = defaultdict(int)
        """How many were started for each language."""

    def ask(
        self,
        language: str,
        process: ResidentProcess,
        sandbox_path: SandboxPath,
        *,
        request: bytes,
        decode: Callable[[bytes], Decoded | None],
        answer: Answer | None = None,
        descriptors: Sequence[int] = (),
    ) -> tuple[Decoded, _sandbox.Reply] | None:
        """The reply to ``request``, decoded and with its cost; None if there is none or it cannot be
        decoded. A process that `takes_pipes` gets ``descriptors`` with the request."""
        if process.argv not in self._argv:
            self._argv[process.argv] = process.argv(sandbox_path)
        argv = self._argv[process.argv]
        service = self._take(language, argv, process)
        if service is None:
            return None
        try:
            reply = self._reply(service, request, answer, descriptors)
        except _sandbox.ServiceFailed as error:
            _log.info("the %s of %s did not answer: %s", self._kind, language, error)
            return None
        decoded = decode(reply.data)
        if decoded is None:
            service.close()
            return None
        self._give_back(language, argv, process, service, reply.resident_bytes)
        return decoded, reply

    def _reply(
        self,
        service: _sandbox.Service,
        request: bytes,
        answer: Answer | None,
        descriptors: Sequence[int],
    ) -> _sandbox.Reply:
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
            return service.request(request, answer, descriptors)
        finally:
            with self._lock:
                self._busy.discard(service)

    def _take(self, language: str, argv: Argv, process: ResidentProcess) -> _sandbox.Service | None:
        with self._lock:
            if self._idle[argv]:
                return self._idle[argv].pop()
            if self._failures[language] >= _MAX_FAILED_STARTS:
                return None
            self.started[language] += 1
        options = _sandbox.ServiceOptions(
            kind=self._sandbox,
            argv=argv,
            mounts=tuple(dict.fromkeys((*judging_of(language).mounts(), *process.mounts()))),
            environment=process.environment,
            takes_descriptors=isinstance(process, TestsProcess) and process.takes_pipes,
            limits=_sandbox.ServiceLimits(
                cpu_seconds=process.cpu_seconds,
                wall_seconds=process.wall_seconds,
                memory_bytes=process.memory_bytes,
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
                "the %s of %s does not start (%s); its programs are handled one by one, which is slower",
                self._kind,
                language,
                error,
            )

    def _give_back(
        self, language: str, argv: Argv, process: ResidentProcess, service: _sandbox.Service, held_bytes: int
    ) -> None:
        full = held_bytes > _NEARLY_FULL * process.memory_bytes
        if full or service.requests >= process.requests:
            service.close()
            return
        with self._lock:
            self._failures[language] = 0
            self._idle[argv].append(service)

    def stop(self) -> None:
        """End those that are at work, from any thread."""
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
