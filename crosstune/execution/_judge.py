"""The judge: programs in, verdicts out, in the same order."""

from __future__ import annotations

import collections
import functools
import secrets
import shlex
import subprocess
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from crosstune import sandbox as _sandbox
from crosstune.errors import DataError, PrerequisiteError, UsageError
from crosstune.execution._cache import Cache, key, text_key
from crosstune.execution._compile_servers import CompileServers
from crosstune.execution._outcomes import refused, run
from crosstune.execution._status import Stage, status_of
from crosstune.languages import LANGUAGES, JudgeTask, Judging
from crosstune.records import Program, Status, Verdict

_AHEAD = 8
"""Programs read ahead for every worker: enough to keep all busy while one of them takes long."""

_SAID = 500
"""As many last characters of what a broken tool said are told."""


@dataclass
class _Awaited:
    """A verdict to come, and how many wait for it."""

    future: Future[Verdict]
    askers: int = 0


class Judge:
    """Runs programs, each alone in a sandbox, on ``workers`` at once.

    ``sandbox`` is ``bubblewrap``, or ``none`` for code that is known to be harmless. ``cache`` is the
    file in which verdicts are kept; identical programs are run once in any case. Use it as a context
    manager; several threads may ask it at once.
    """

    def __init__(
        self, workers: int = 1, sandbox: _sandbox.Kind = "bubblewrap", cache: Path | None = None
    ) -> None:
        self.workers, self._sandbox, self._cache_path = workers, sandbox, cache
        self._lock = threading.Lock()
        self._waiting: dict[bytes, _Awaited] = {}
        self._own = threading.local()
        self._runners: list[_sandbox.SandboxRunner] = []
        self._compile_servers = CompileServers(sandbox)

    def __enter__(self) -> Self:
        """
        Raises:
            SandboxUnavailable: programs cannot be isolated here.
            UsageError: the cache's file cannot be made.
            CorruptArtifact: the cache is no cache.
            Incomplete: the cache cannot be opened now: the disk is full, or others hold it.
        """
        self.enforcement = _sandbox.probe(self._sandbox)
        self._cache = Cache(self._cache_path)
        self._pool = ThreadPoolExecutor(self.workers, thread_name_prefix="judge")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
        for runner in self._runners:
            runner.close()
        self._runners.clear()
        self._compile_servers.close()
        self._cache.close()

    def run(self, programs: Iterable[Program]) -> Iterator[Verdict]:
        """A verdict for every program, in their order; reads only a little ahead.

        A program whose own tests cannot be called gets ``harness_error``, with the reason in ``stderr``.

        Raises:
            UnknownName: a language that nobody provides.
            UsageError: a language that is never run.
            MissingTool: what a program needs to be built or run is not installed.
            PrerequisiteError: it is, and does not work.
            Incomplete: the cache, the temporary one too, cannot be used: the disk is full, or others hold it.
        """
        window: collections.deque[tuple[Program, Future[Verdict]]] = collections.deque()
        try:
            for program in programs:
                window.append((program, self.submit(program)))
                if len(window) >= _AHEAD * self.workers:
                    yield _named(*window.popleft())
            while window:
                yield _named(*window.popleft())
        finally:
            for program, future in window:
                self._abandon(self.digest(program), future)

    def digest(self, program: Program) -> bytes:
        """The SHA-256 of all that its verdict depends on: program, limits, toolchain, sandbox; not its id.

        Raises:
            SandboxUnavailable: programs cannot be isolated here.
            others: see `run`.
        """
        judging = judging_of(program.language)
        limits = program.limits or judging.limits
        sandbox = "-".join([self._sandbox, *_sandbox.probe(self._sandbox).lacking])
        return key(program, limits, judging.version, toolchain_of(program.language), sandbox)

    def submit(self, program: Program) -> Future[Verdict]:
        """Its verdict to come; the same one, with the first one's id, for programs that differ only in it.

        Raises: see `run`.
        """
        digest = self.digest(program)
        with self._lock:
            if digest not in self._waiting:
                self._waiting[digest] = _Awaited(self._pool.submit(self._verdict, digest, program))
            awaited = self._waiting[digest]
            awaited.askers += 1
            return awaited.future

    def _abandon(self, digest: bytes, future: Future[Verdict]) -> None:
        """One asker less; a program that nobody waits for any more is not run, if it has not begun."""
        with self._lock:
            awaited = self._waiting.get(digest)
            if awaited and awaited.future is future:
                awaited.askers -= 1
                if awaited.askers == 0 and future.cancel():
                    del self._waiting[digest]

    def _verdict(self, digest: bytes, program: Program) -> Verdict:
        try:
            verdict = self._cache.get(digest, program.id)
            if verdict is None:
                verdict = self._judged(program)
                self._cache.put(digest, verdict)
            return verdict
        finally:
            with self._lock:
                del self._waiting[digest]

    def _judged(self, program: Program) -> Verdict:
        """Run it; once more where the sandbox was lost or failed, which is not the program's doing."""
        try:
            verdict = self._run(program)
            if verdict.status is not Status.HARNESS_ERROR:
                return verdict
        except _sandbox.SandboxDied:
            pass
        except DataError as error:
            return _unjudged(program, "build", str(error))
        try:
            return self._run(program)
        except _sandbox.SandboxDied as error:
            return _lost(program, error, self.enforcement)

    def _run(self, program: Program) -> Verdict:
        judging = judging_of(program.language)
        runner = self._runner(program.language, judging)
        limits = program.limits or judging.limits
        task = JudgeTask(
            program=program, limits=limits, nonce=secrets.token_hex(16), sandbox_path=runner.sandbox_path
        )
        plan = judging.plan(task)
        compiled = self._compile_servers.build(program.language, judging, task)
        if compiled and compiled.result.refused:
            command, outcome = plan.build, refused(compiled)
        else:
            command, outcome = run(runner, plan, compiled)
        assert command is not None
        stage: Stage = "build" if command is plan.build else "run"
        status = status_of(outcome, stage, command.limits, nonce=task.nonce, judging=judging)
        return Verdict(
            id=program.id,
            status=status,
            stage="build" if status is Status.COMPILE_ERROR else stage,
            exit_status=outcome.exit_status,
            signal=outcome.signal,
            cpu_seconds=outcome.cpu_seconds,
            wall_seconds=outcome.wall_seconds,
            peak_bytes=outcome.peak_bytes,
            stdout=outcome.stdout,
            stderr=outcome.error or outcome.stderr,
        )

    def _runner(self, language: str, judging: Judging) -> _sandbox.SandboxRunner:
        """This thread's cell for a language: a sandbox ends with the thread that started it."""
        runners: dict[str, _sandbox.SandboxRunner] = self._own.__dict__.setdefault("runners", {})
        if language not in runners:
            runners[language] = _sandbox.SandboxRunner(
                self._sandbox, judging.mounts(), judging.preload, judging.preload_settings
            )
            with self._lock:
                self._runners.append(runners[language])
        return runners[language]


def judging_of(language: str) -> Judging:
    """
    Raises:
        UnknownName: nobody provides that language.
        UsageError: it is never run.
    """
    found = LANGUAGES.load(language)
    if found.judging is None:
        raise UsageError(f"{found.title} is learned from, never run: there is no way to judge it")
    return found.judging


def text_digest(program: Program) -> bytes:
    """The SHA-256 of a program and its limits alone.

    Raises: see `judging_of`.
    """
    return text_key(program, program.limits or judging_of(program.language).limits)


@functools.cache
def toolchain_of(language: str) -> str:
    """What its verdicts depend on beside the program.

    Raises:
        MissingTool: a tool is not installed.
        PrerequisiteError: one is, and does not work.
    """
    try:
        return judging_of(language).toolchain()
    except subprocess.CalledProcessError as error:
        command, said = shlex.join(map(str, error.cmd)), (error.stderr or "").strip()[-_SAID:]
        raise PrerequisiteError(f"{command} failed with status {error.returncode}: {said}") from None
    except OSError as error:
        raise PrerequisiteError(f"a tool of {language} cannot be run ({error})") from None


def _named(program: Program, future: Future[Verdict]) -> Verdict:
    return replace(future.result(), id=program.id)


def _lost(program: Program, error: _sandbox.SandboxDied, enforcement: _sandbox.Enforcement) -> Verdict:
    """The verdict where the sandbox was lost twice.

    Where its keeper shares a process namespace with the program, the program can have ended it.
    """
    status = Status.HARNESS_ERROR
    if error.memory:
        status = Status.MEMORY_LIMIT
    elif enforcement.namespaces != "fresh":
        status = Status.POLICY
    told = _unjudged(program, "run", f"the sandbox was lost: {error}")
    return replace(told, status=status)


def _unjudged(program: Program, stage: str, why: str) -> Verdict:
    return Verdict(program.id, Status.HARNESS_ERROR, stage, -1, 0, 0.0, 0.0, 0, "", why)
