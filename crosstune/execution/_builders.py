"""Compilers that stay alive between programs. They only save time: where one has no answer, the
program is built by its own step."""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from crosstune import sandbox as _sandbox
from crosstune.languages import Builder, Built, Job, Judging

_NEARLY_FULL = 0.8
"""A server that holds this part of its memory is not asked again."""
_FAILED_STARTS = 3
_NAME_MOST = 255
_FILES_MOST = 8 << 20

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Made:
    """What a server made of one program, and what that took."""

    built: Built
    answer: _sandbox.Answer


class Builders:
    """The compile servers of one judge. A thread takes an idle one of the language or starts another, so
    there are never more than threads; they end with the thread that started them, or with `close`."""

    def __init__(self, kind: _sandbox.Kind) -> None:
        self._kind = kind
        self._lock = threading.Lock()
        self._idle: dict[str, list[_sandbox.Service]] = defaultdict(list)
        self._failures: dict[str, int] = defaultdict(int)
        self.started: dict[str, int] = defaultdict(int)
        """How many servers were started for each language."""

    def build(self, language: str, judging: Judging, job: Job) -> Made | None:
        """The program built, or refused by its compiler; None: its own step must tell."""
        builder = judging.builder
        if builder is None or (request := builder.request(job)) is None:
            return None
        service = self._take(language, judging, builder, job)
        if service is None:
            return None
        try:
            answer = service.ask(request)
        except _sandbox.Unanswered as error:
            _log.info("the compile server of %s gave no answer: %s", language, error)
            return None
        built = builder.reply(answer.data)
        if built is None:
            service.close()
            return None
        self._give_back(language, builder, service, answer)
        return Made(built, answer) if _fit(built.files) else None

    def _take(self, language: str, judging: Judging, builder: Builder, job: Job) -> _sandbox.Service | None:
        with self._lock:
            if self._idle[language]:
                return self._idle[language].pop()
            if self._failures[language] >= _FAILED_STARTS:
                return None
            self.started[language] += 1
        offer = _sandbox.Offer(
            kind=self._kind,
            argv=builder.argv(job.place),
            mounts=tuple(dict.fromkeys((*judging.mounts(), *builder.mounts()))),
            environment=builder.environment,
            allowance=_sandbox.Allowance(
                cpu_seconds=builder.cpu_seconds,
                wall_seconds=builder.wall_seconds,
                memory_bytes=builder.memory_bytes,
            ),
        )
        try:
            return _sandbox.Service(offer)
        except _sandbox.Unanswered as error:
            self._failed(language, error)
            return None

    def _failed(self, language: str, error: _sandbox.Unanswered) -> None:
        with self._lock:
            self._failures[language] += 1
            last = self._failures[language] == _FAILED_STARTS
        if last:
            _log.warning(
                "the compile server of %s does not start (%s); its programs are built one by one, which is "
                "slower",
                language,
                error,
            )

    def _give_back(
        self, language: str, builder: Builder, service: _sandbox.Service, answer: _sandbox.Answer
    ) -> None:
        full = answer.resident_bytes > _NEARLY_FULL * builder.memory_bytes
        if full or service.answered >= builder.requests:
            service.close()
            return
        with self._lock:
            self._failures[language] = 0
            self._idle[language].append(service)

    def close(self) -> None:
        with self._lock:
            services = [service for idle in self._idle.values() for service in idle]
            self._idle.clear()
        for service in services:
            service.close()


def _fit(files: Mapping[str, bytes]) -> bool:
    """Whether they can be put into a working folder as they are; else the step shows what becomes of them."""
    return sum(map(len, files.values())) <= _FILES_MOST and all(map(_plain, files))


def _plain(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return bool(parts) and all(
        part not in ("/", "..") and "\0" not in part and len(part.encode()) <= _NAME_MOST for part in parts
    )
