"""Judge programs whose tests and candidate have processes and sandboxes of their own.

The two are joined by pipes and exchange values alone (docs/values.md). Only the tests' process reports, so
nothing that the candidate does can forge a verdict; and what the candidate returns is compared where its code
cannot reach.
"""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from crosstune import sandbox
from crosstune.errors import DataError
from crosstune.execution._cache import tests_key
from crosstune.execution._compile_servers import Compiled, CompileServers
from crosstune.execution._languages import judging_of, toolchains_of
from crosstune.execution._outcomes import refused, with_margin
from crosstune.execution._peer import DirectPeer, Peer
from crosstune.execution._pipes import Pipes
from crosstune.execution._resident import ResidentProcesses
from crosstune.execution._status import Stage, build_status, explanation, failure_of, status_of
from crosstune.execution._tests_builds import TestsBuild, TestsBuilds
from crosstune.execution._verdicts import result_of, unjudged, verdict_of
from crosstune.languages import (
    BuildPlan,
    JudgeTask,
    Judging,
    Part,
    SeparateProcesses,
    TestsProcess,
    TestsReport,
    prepared_folder,
)
from crosstune.records import Limits, Program, Status, Verdict

_GRACE_SECONDS = 2.0
"""How long a candidate's process may take to end once the tests have ended."""
_TESTS_CPU_SECONDS, _TESTS_WALL_SECONDS = 60.0, 600.0
"""Limits of the tests' process beyond the candidate's, which it waits for."""
_ARCHIVE, _REASON = "archive", "why_shared.txt"
_GONE, _UNSUPPORTED, _GIVEN = "gone", "unsupported", "given"
"""What tests report that have neither passed nor failed; the last: what the benchmark gives cannot be run."""
_NO_VALUE = (
    "the tests pass to the candidate what is no value (a function in a list, an object that contains itself, "
    "more than 16 MiB), so they cannot run apart from it; --isolation shared judges them in one process"
)

RunnerOf = Callable[[str, Part], sandbox.SandboxRunner]
"""This thread's runner of a language, for tests or candidates."""


def without_candidate(program: Program) -> Program:
    """All that decides how the tests of a program run."""
    return replace(program, id="", candidate="", limits=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ended:
    """How the tests' process has ended. ``gone``: because the candidate's process had ended; ``status`` holds
    otherwise. ``why_not`` says why they could not be run at all, if more is known than that."""

    gone: bool
    status: Status
    exit_status: int = 0
    signal: int = 0
    stderr: str = ""
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class SeparateJudge:
    """Judges programs on one thread. ``builds`` are shared with other threads."""

    runner_of: RunnerOf
    servers: CompileServers
    tests_processes: ResidentProcesses
    builds: TestsBuilds

    def why_shared(self, program: Program) -> str:
        """Why the tests need the candidate in their own process; empty if they do not.

        The candidate has no influence on it.
        """
        return self._tests(program).why_shared

    def _tests(self, program: Program) -> TestsBuild:
        tests = without_candidate(program)
        judging = judging_of(program.language)
        separate = judging.separate
        if judging.inert:
            return TestsBuild()
        if separate is None:
            return TestsBuild(f"tests in {program.language} always share a process with the candidate")
        if not program.entry_points:
            return TestsBuild("the program does not name its entry points")
        key = tests_key(tests, separate.version, toolchains_of(tests))
        return self.builds.get(key, functools.partial(self._build_tests, tests, separate, key))

    def _build_tests(self, tests: Program, separate: SeparateProcesses, key: bytes) -> TestsBuild:
        if reason := separate.why_shared(tests):
            return TestsBuild(reason)
        task = self._task(tests, judging_of(tests.language).limits, "tests", nonce="")
        try:
            plan = separate.tests(task)
        except DataError as error:  # the verdicts are those of the shared way, which says why
            return TestsBuild(str(error).removeprefix(": "))
        if plan.build is None:
            return TestsBuild()
        if compiled := self.servers.build(task, judging_of(tests.language).compile_server):
            reason = _first_error(compiled.result.stderr or compiled.result.stdout)
            return TestsBuild(reason) if compiled.result.refused else TestsBuild(files=compiled.result.files)
        make = functools.partial(self._fill, tests.language, plan)
        folder = prepared_folder("tests", key.hex()[:32], make, keep=False)
        if (folder / _REASON).exists():
            return TestsBuild((folder / _REASON).read_text("utf-8"))
        return TestsBuild(archive=folder / _ARCHIVE)

    def _fill(self, language: str, plan: BuildPlan, target: Path) -> None:
        """Build the tests into a folder.

        Raises:
            SandboxDied: the sandbox ended without an outcome, or a tool is missing or broken.
        """
        assert plan.build is not None
        outcome, archive = self.runner_of(language, "tests").build(plan.build, plan.files, plan.outputs)
        with archive:
            failed = outcome.error or outcome.limit or outcome.exit_status
            status = build_status(outcome, judging_of(language), repeated=True) if failed else None
            if status is Status.HARNESS_ERROR:  # which says nothing about the tests
                raise sandbox.SandboxDied(explanation(outcome, status))
            if failed:
                (target / _REASON).write_text(_first_error(outcome.stderr or outcome.stdout), "utf-8")
            else:
                archive.save(target / _ARCHIVE)

    def judge(self, program: Program, limits: Limits, margin: float, *, repeated: bool = False) -> Verdict:
        """Judge a program whose tests can run apart (`why_shared`). Its CPU time may exceed the limit by the
        factor ``margin``. ``repeated``: see `build_status`.

        Raises:
            DataError: the program's source text cannot be assembled.
            SandboxDied: a sandbox ended without an outcome.
        """
        judging = judging_of(program.language)
        assert judging.separate is not None
        tests = self._tests(program)
        task = self._task(judging.separate.shown(program), limits, "candidate", nonce="")
        plan = judging.separate.candidate(task)
        plan = replace(plan, run=with_margin(plan.run, margin))
        compiled = self.servers.build(task, judging.compile_server) if plan.build else None
        if compiled and compiled.result.refused:
            return _build_failed(program, refused(compiled))
        nonce = secrets.token_hex(16)
        outcomes, ended = self._run_both(program, tests, plan, compiled, nonce)
        last = outcomes[-1]
        if plan.build and not compiled and len(outcomes) == 1:
            status = build_status(last, judging, repeated=repeated)
            return _verdict(program, status, "build" if status is Status.COMPILE_ERROR else "run", last)
        status = _status(last, ended, nonce, judging)
        if status is Status.PASSED or ended.gone:
            return _verdict(program, status, "run", last)
        if status is Status.HARNESS_ERROR and not last.error:
            return unjudged(program, ended.why_not or _NO_VALUE, "run")
        shown = replace(last, stderr=_tail(f"{last.stderr}{ended.stderr}"), exit_status=ended.exit_status)
        return _verdict(program, status, "run", replace(shown, signal=ended.signal))

    def _run_both(
        self, program: Program, tests: TestsBuild, plan: BuildPlan, compiled: Compiled | None, nonce: str
    ) -> tuple[list[sandbox.Outcome], _Ended]:
        """Start the candidate's process (with its build), run the tests, and wait for both."""
        runner = self.runner_of(program.language, "candidate")
        commands = (plan.run,) if compiled else plan.commands
        files = compiled.result.files if compiled else plan.files
        with Pipes() as pipes:
            running = runner.start(commands, files, None, pipes.of_candidate)
            pipes.close(pipes.of_candidate)
            try:
                ended = self._run_tests(program, tests, pipes, nonce)
                pipes.close(pipes.of_tests)
                return running.outcomes_within(_GRACE_SECONDS), ended
            except BaseException:
                runner.close()
                raise

    def _run_tests(self, program: Program, tests: TestsBuild, pipes: Pipes, nonce: str) -> _Ended:
        judging = judging_of(program.language)
        assert judging.separate is not None
        task = self._task(without_candidate(program), _tests_limits(judging.limits), "tests", nonce)
        if judging.separate.tests_process and tests.archive is None:
            return self._ask_process(task, judging.separate.tests_process, tests, pipes)
        plan = judging.separate.tests(task)
        runner = self.runner_of(program.language, "tests")
        with ExitStack() as opened:
            archive = None
            if tests.archive:
                archive = sandbox.FileArchive.opened(tests.archive, plan.run.limits.disk_bytes)
                opened.enter_context(archive)
            files = tests.files or ({} if archive else plan.files)
            running = runner.start((plan.run,), files, archive, pipes.of_tests)
            pipes.close(pipes.of_tests)
            (outcome,) = running.outcomes()
        return _Ended(
            gone=outcome.report == _GONE,
            status=Status.HARNESS_ERROR
            if outcome.report == _UNSUPPORTED
            else status_of(outcome, "run", nonce=nonce, judging=judging),
            exit_status=outcome.exit_status,
            signal=outcome.signal,
            stderr=outcome.error or outcome.stderr,
        )

    def _ask_process(self, task: JudgeTask, process: TestsProcess, tests: TestsBuild, pipes: Pipes) -> _Ended:
        """Let a resident process run the tests."""
        peer = DirectPeer() if process.takes_pipes else Peer(*pipes.of_tests)
        asked = self.tests_processes.ask(
            task.program.language,
            process,
            task.sandbox_path,
            request=process.request(task, tests.files),
            decode=process.reply,
            answer=peer.exchange,
            descriptors=pipes.of_tests,
        )
        if asked:
            return _reported(asked[0])
        if not peer.received:  # then the candidate had no influence
            raise sandbox.SandboxDied("the process that runs the tests has ended")
        why = "the tests could not be finished with what the candidate returned"
        return _Ended(gone=False, status=Status.RUNTIME_ERROR, exit_status=1, stderr=why)

    def _task(self, program: Program, limits: Limits, part: Part, nonce: str) -> JudgeTask:
        path = self.runner_of(program.language, part).sandbox_path
        return JudgeTask(program=program, limits=limits, nonce=nonce, sandbox_path=path, part=part)


def _tests_limits(limits: Limits) -> Limits:
    return replace(
        limits,
        cpu_seconds=limits.cpu_seconds + _TESTS_CPU_SECONDS,
        wall_seconds=limits.wall_seconds + _TESTS_WALL_SECONDS,
    )


def _reported(report: TestsReport) -> _Ended:
    known = {"passed": Status.PASSED, _UNSUPPORTED: Status.HARNESS_ERROR, _GIVEN: Status.HARNESS_ERROR}
    status = known.get(report.report) or failure_of(report.report)
    return _Ended(
        gone=report.report == _GONE,
        status=status,
        exit_status=int(status is not Status.PASSED),
        stderr=report.stderr,
        why_not=_why_given_fails(report.stderr) if report.report == _GIVEN else "",
    )


def _why_given_fails(stderr: str) -> str:
    last = (stderr.strip().splitlines() or ["no reason is known"])[-1]
    return (
        f"what setup and declaration define cannot be run without a candidate ({last}); correct them, or "
        "judge with --isolation shared"
    )


def _status(last: sandbox.Outcome, ended: _Ended, nonce: str, judging: Judging) -> Status:
    """The status of a candidate whose process ended with ``last`` outcome; only the tests can pass it."""
    limited = last.limit not in (sandbox.Limit.NONE, sandbox.Limit.STOPPED)
    if ended.gone or limited or last.error:
        # The candidate does not know the nonce, so it cannot report that it has passed.
        return status_of(last, "run", nonce=nonce, judging=judging)
    return ended.status


def _build_failed(program: Program, outcome: sandbox.Outcome) -> Verdict:
    return _verdict(program, Status.COMPILE_ERROR, "build", outcome)


def _verdict(program: Program, status: Status, stage: Stage, outcome: sandbox.Outcome) -> Verdict:
    return verdict_of(program, stage, result_of(outcome, status), "separate")


def _first_error(text: str) -> str:
    """The first line that names an error, or the first line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = (line for line in lines if "error" in line.lower())
    return f"its tests do not compile without the candidate: {next(errors, (lines or [''])[0])[:200]}"


def _tail(text: str) -> str:
    return text.encode("utf-8", "replace")[-4096:].decode("utf-8", "replace")
