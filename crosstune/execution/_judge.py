"""The judge: programs in, verdicts out, in the same order."""

from __future__ import annotations

import collections
import functools
import secrets
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError, Future
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from crosstune import sandbox as _sandbox
from crosstune.errors import DataError
from crosstune.execution._broken_tests import BrokenTestsFinder
from crosstune.execution._cache import Cache, key, text_key
from crosstune.execution._call_cases import CallJudge
from crosstune.execution._cases import CaseJudge
from crosstune.execution._checkers import Checkers
from crosstune.execution._compile_servers import CompileServers
from crosstune.execution._execute import Executed, Execution, execute, not_executed
from crosstune.execution._jobs import Jobs
from crosstune.execution._languages import (
    check_cases,
    check_standard,
    judging_of,
    tests_error,
    toolchain_of,
    toolchains_of,
    whole_programs_of,
)
from crosstune.execution._outcomes import refused, run, with_margin
from crosstune.execution._resident import ResidentProcesses
from crosstune.execution._separate import SeparateJudge
from crosstune.execution._status import Stage, status_of
from crosstune.execution._tests_builds import TestsBuilds
from crosstune.execution._turns import Turns
from crosstune.execution._verdicts import result_of, unjudged, verdict_of
from crosstune.languages import JudgeTask, Judging, Part
from crosstune.records import CallCase, Isolation, Program, Status, Verdict

__all__ = ["Judge", "judging_of", "text_digest", "toolchain_of"]

_AHEAD = 8
"""Programs read ahead per worker: enough to keep all workers busy while one program takes long."""

_MARGIN = 1.25
"""How far a program may exceed its CPU time at first: if it ends within that, it is run again alone, with
the exact limit. Other programs on the same cores make a program slower, mostly by less."""


class Judge:
    """Runs programs, each alone in a sandbox, on ``workers`` at once.

    ``sandbox`` is ``bubblewrap``, or ``none`` for code that is known to be harmless. ``isolation``: tests and
    candidate have ``separate`` processes and sandboxes, or ``shared`` ones; ``auto``: separate ones where the
    tests need only values of the candidate (`why_shared`), else shared ones. ``cache`` is a file that
    stores verdicts; identical programs run only once, even without it. Use it as a context manager; several
    threads may call it at once."""

    def __init__(
        self,
        workers: int = 1,
        sandbox: _sandbox.Kind = "bubblewrap",
        cache: Path | None = None,
        *,
        isolation: Isolation = "auto",
    ) -> None:
        self.workers, self._sandbox, self._cache_path = workers, sandbox, cache
        self.isolation = isolation
        self._lock = threading.Lock()
        self._own = threading.local()
        self._to_close: list[_sandbox.SandboxRunner | Checkers] = []
        self._compile_servers = CompileServers(sandbox)
        self._tests_processes = ResidentProcesses(sandbox, "tests' process")
        self._tests_builds = TestsBuilds()
        self._turns = Turns()
        self._broken_tests = BrokenTestsFinder(self._run_with_others)

    def __enter__(self) -> Self:
        """
        Raises:
            SandboxUnavailable: programs cannot be isolated here.
            UsageError: the cache's file cannot be created.
            CorruptArtifact: the cache's file is not a cache.
            Incomplete: the cache cannot be opened now: the disk is full, or another process has locked it.
        """
        self.enforcement = _sandbox.probe(self._sandbox)
        self._cache = Cache(self._cache_path)
        self._jobs = Jobs(self.workers)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind:
            self._stop()
        self._jobs.close()
        for each in self._to_close:
            each.close()
        self._to_close.clear()
        self._compile_servers.close()
        self._tests_processes.close()
        self._cache.close()

    def _stop(self) -> None:
        """End the programs that are running; their verdicts are discarded."""
        self._jobs.stop()
        self._compile_servers.stop()
        self._tests_processes.stop()

    def run(self, programs: Iterable[Program]) -> Iterator[Verdict]:
        """Yield a verdict for every program, in order; reads only a little ahead.

        A program whose own tests cannot judge any candidate gets ``harness_error``, with the reason in
        ``stderr``.

        Raises:
            UnknownName: no plug-in provides a program's language.
            UsageError: programs in the language are never run, or the program's cases cannot be judged.
            MissingTool: a tool that a program needs is not installed.
            PrerequisiteError: a tool is installed but does not work.
            Incomplete: the cache or its temporary file cannot be used: the disk is full, or another process
                has locked it.
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
            for _, future in window:
                self.abandon(future)

    def digest(self, program: Program) -> bytes:
        """The SHA-256 of everything that the verdict depends on: program, limits, tools, sandbox; not the id.

        Raises: see `run`.
            SandboxUnavailable: programs cannot be isolated here.
        """
        judging = judging_of(program.language)
        check_cases(program)
        check_standard(program)
        limits = program.limits or judging.limits
        if not (judging.broken_tests and judging.broken_tests.undefined):
            program = replace(program, instruction="")  # nothing depends on it
        ways = [self._sandbox, *_sandbox.probe(self._sandbox).lacking]
        if judging.separate and self.isolation != "shared":
            ways.append(f"{self.isolation}:{judging.separate.version}")
        return key(program, limits, judging.version, toolchains_of(program), "-".join(ways))

    def why_shared(self, program: Program) -> str:
        """Why the tests of a program need the candidate in their own process; empty if they do not.

        The candidate has no influence on it. Cases never share a process with it.

        Raises: see `run`.
        """
        if program.cases:
            return ""
        return self._jobs.run(lambda: self._separate_judge().why_shared(program))

    def submit(self, program: Program) -> Future[Verdict]:
        """Start to judge a program. Programs that differ only in their id share a verdict, which has the
        first one's id.

        Raises: see `run`.
        """
        digest = self.digest(program)
        return self._jobs.submit(digest, lambda: self._verdict(digest, program))

    def execute(self, asked: Execution) -> Future[Executed]:
        """Start to run a whole program; nothing is compared, and nothing is cached.

        Raises:
            UnknownName: no plug-in provides its language.
            UsageError: programs in the language are never run, or not as whole programs.
            MissingTool: a tool that it needs is not installed.
            PrerequisiteError: a tool is installed but does not work.
        """
        whole_programs_of(asked.language)
        toolchain_of(asked.language)
        return self._jobs.submit(secrets.token_bytes(16), lambda: self._executed(asked))

    def abandon(self, future: Future[Any]) -> None:
        """Give up a wait for what `submit` or `execute` has returned. A program that nobody waits for any
        more is not run or, if it is running, stopped; then nobody gets a result."""
        self._jobs.abandon(future)

    def _verdict(self, digest: bytes, program: Program) -> Verdict:
        verdict = self._cache.get(digest, program.id)
        if verdict is None:
            verdict = self._judged(program)
            if self._jobs.own().is_set():
                raise CancelledError
            self._cache.put(digest, verdict)
        return verdict

    def _executed(self, asked: Execution) -> Executed:
        for _ in range(2):  # once more if the sandbox died or failed, which the program did not cause
            try:
                with self._turns.with_others():
                    done = execute(asked, self._whole_runner(asked.language), self._compile_servers)
                if not done.failed:
                    return done
            except _sandbox.SandboxDied as error:
                done = not_executed(f"the sandbox died: {error}")
            except DataError as error:
                return not_executed(str(error))
            if self._jobs.own().is_set():
                raise CancelledError
        return done

    def again(self, program: Program) -> Verdict:
        """A new verdict, from a run without any other program of this judge at the same time.

        Raises: see `run`.
        """
        return self._jobs.run(lambda: self._judged_alone(program))

    def _judged(self, program: Program) -> Verdict:
        """Judge the program, and once more if its CPU time is so near the limit that others may decide."""
        if error := tests_error(program):
            verdict = unjudged(program, error)
        else:
            verdict = self._run_with_others(program)
            limits = program.limits or judging_of(program.language).limits
            if _exceeds_a_little(verdict, limits.cpu_seconds):
                verdict = self._judged_alone(program)
                verdict = replace(verdict, unstable=verdict.status is not Status.TIMEOUT)
            verdict = self._unless_tests_are_broken(program, verdict)
        return replace(verdict, toolchain=toolchains_of(program))

    def _run_with_others(self, program: Program) -> Verdict:
        with self._turns.with_others():
            return self._run_with_retry(program, _MARGIN)

    def _unless_tests_are_broken(self, program: Program, verdict: Verdict) -> Verdict:
        broken = judging_of(program.language).broken_tests
        why = broken and self._broken_tests.reason(broken, program, verdict)
        return unjudged(program, why) if why else verdict

    def _judged_alone(self, program: Program) -> Verdict:
        with self._turns.alone():
            verdict = self._run_with_retry(program, 1.0)
        return replace(verdict, toolchain=toolchains_of(program))

    def _run_with_retry(self, program: Program, margin: float) -> Verdict:
        """Run the program; run it again if the sandbox died or failed, which the program did not cause.

        Its CPU time may exceed the limit by the factor ``margin``.

        Raises:
            CancelledError: nobody waits for it any more.
        """
        try:
            verdict = self._run(program, margin)
            if verdict.status is not Status.HARNESS_ERROR:
                return verdict
        except _sandbox.SandboxDied:
            pass
        except DataError as error:
            return unjudged(program, str(error))
        if self._jobs.own().is_set():
            raise CancelledError
        try:
            return self._run(program, margin, repeated=True)
        except _sandbox.SandboxDied as error:
            verdict = unjudged(program, f"the sandbox died: {error}", "run")
            return replace(verdict, status=self._death_status(error))

    def _run(self, program: Program, margin: float, repeated: bool = False) -> Verdict:
        if any(isinstance(case, CallCase) for case in program.cases):
            limits = program.limits or judging_of(program.language).limits
            return self._call_judge().judge(program, limits, margin, repeated=repeated)
        if program.cases:
            return self._case_judge().judge(program, margin, repeated)
        judging = judging_of(program.language)
        if self.isolation != "shared" and not judging.inert:
            why = self._separate_judge().why_shared(program)
            if not why:
                limits = program.limits or judging.limits
                return self._separate_judge().judge(program, limits, margin, repeated=repeated)
            if self.isolation == "separate":
                return unjudged(program, f"its tests cannot run apart from the candidate: {why}")
        return self._run_shared(program, judging, margin, repeated)

    def _run_shared(self, program: Program, judging: Judging, margin: float, repeated: bool) -> Verdict:
        """Run tests and candidate in one process."""
        runner = self._runner(program.language)
        task = JudgeTask(
            program=program,
            limits=program.limits or judging.limits,
            nonce=secrets.token_hex(16),
            sandbox_path=runner.sandbox_path,
        )
        plan = judging.plan(task)
        plan = replace(plan, run=with_margin(plan.run, margin))
        compiled = self._compile_servers.build(task, judging.compile_server)
        if compiled and compiled.result.refused:
            command, outcome = plan.build, refused(compiled)
        else:
            command, outcome = run(runner, plan, compiled)
        assert command is not None
        stage: Stage = "build" if command is plan.build else "run"
        status = status_of(outcome, stage, nonce=task.nonce, judging=judging, repeated=repeated)
        stage = "build" if status is Status.COMPILE_ERROR else stage
        isolation = "separate" if judging.inert else "shared"
        return verdict_of(program, stage, result_of(outcome, status), isolation)

    def _separate_judge(self) -> SeparateJudge:
        """This thread's judge of programs whose tests run apart."""
        if "separate" not in self._own.__dict__:
            self._own.separate = SeparateJudge(
                self._part_runner, self._compile_servers, self._tests_processes, self._tests_builds
            )
        judge: SeparateJudge = self._own.separate
        return judge

    def _part_runner(self, language: str, part: Part) -> _sandbox.SandboxRunner:
        return self._runner(language, part=part)

    def _call_judge(self) -> CallJudge:
        return CallJudge(self._part_runner, self._compile_servers, self._jobs.own())

    def _case_judge(self) -> CaseJudge:
        """This thread's judge of programs that have cases."""
        if "cases" not in self._own.__dict__:
            checkers = Checkers(self._whole_runner, self._compile_servers)
            with self._lock:
                self._to_close.append(checkers)
            self._own.cases = CaseJudge(
                self._whole_runner, self._compile_servers, checkers, self._death_status, self._jobs.own()
            )
        judge: CaseJudge = self._own.cases
        return judge

    def _whole_runner(self, language: str) -> _sandbox.SandboxRunner:
        return self._runner(language, preloaded=False)

    def _runner(self, language: str, preloaded: bool = True, part: Part = "whole") -> _sandbox.SandboxRunner:
        """This thread's runner for a language: a sandbox ends with the thread that started it.

        Whole programs run without the preloaded program, since that hides ``/proc`` from them.
        """
        judging = judging_of(language)
        preload = judging.preload if preloaded else None
        settings = judging.preload_settings if preload else None
        if part != "whole" and judging.separate and (of_part := judging.separate.preload_settings):
            settings = functools.partial(of_part, part)
        elif part == "candidate":
            part = "whole"
        runners: dict[tuple[str, Path | None, Part], _sandbox.SandboxRunner]
        own = language, preload, part
        runners = self._own.__dict__.setdefault("runners", {})
        if own not in runners:
            runner = _sandbox.SandboxRunner(self._sandbox, judging.mounts(), preload, settings)
            with self._lock:
                self._to_close.append(runner)
            self._jobs.own().add(runner)
            runners[own] = runner
        return runners[own]

    def _death_status(self, error: _sandbox.SandboxDied) -> Status:
        """The status of a program whose sandbox died twice.

        Where the fork server shares a process namespace with the program, the program may have killed it.
        """
        if error.memory:
            return Status.MEMORY_LIMIT
        return Status.HARNESS_ERROR if self.enforcement.namespaces == "fresh" else Status.POLICY


def text_digest(program: Program) -> bytes:
    """The SHA-256 of a program and its limits alone.

    Raises: see `judging_of`.
    """
    return text_key(program, program.limits or judging_of(program.language).limits)


def _exceeds_a_little(verdict: Verdict, cpu_seconds: float) -> bool:
    """Whether a run exceeded the CPU time, but by less than `_MARGIN`."""
    if verdict.stage != "run":
        return False
    runs = verdict.cases or (verdict,)
    return any(cpu_seconds < each.cpu_seconds < _MARGIN * cpu_seconds for each in runs)


def _named(program: Program, future: Future[Verdict]) -> Verdict:
    return replace(future.result(), id=program.id)
