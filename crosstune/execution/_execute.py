"""Run a whole program once, and return what it printed instead of a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from crosstune import sandbox
from crosstune.errors import DataError
from crosstune.execution._compile_servers import CompileServers
from crosstune.execution._languages import judging_of, whole_programs_of
from crosstune.execution._status import build_status, explanation, run_status
from crosstune.execution._whole_programs import BuiltProgram, build
from crosstune.languages import BuildPlan, JudgeTask, WholePrograms
from crosstune.records import Limits, Program, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """A whole program to run once: its source text, what it reads and what is in its working folder.

    With a ``test_runner`` (see `languages.Language`), it is a file of tests.

    ``limits`` are those of the run; None: the language's. ``build_seconds`` is the time for the build, None:
    the language's. ``files`` have relative paths, as ``fetch`` has: the files to return after the run.
    """

    language: str
    source: str
    test_runner: str = ""
    stdin: bytes = b""
    arguments: tuple[str, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    fetch: tuple[str, ...] = ()
    limits: Limits | None = None
    build_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How the build or the run ended. ``status`` is ``passed`` after exit status 0, and ``harness_error``
    if the judge failed. ``stdout`` of a run is all that it printed, within the limit of output; everything
    else is the last 4,096 bytes."""

    status: Status
    exit_status: int = -1
    signal: int = 0
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    peak_bytes: int = 0
    stdout: str = ""
    stderr: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Executed:
    """What an `Execution` did: its ``build`` and, if that succeeded, its ``run``, and the ``files`` that it
    fetches, as far as there were such files."""

    build: Ended
    run: Ended | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Whether the judge has failed, not the program."""
        return (self.run or self.build).status is Status.HARNESS_ERROR


def execute(asked: Execution, runner: sandbox.SandboxRunner, servers: CompileServers) -> Executed:
    """Build and run a program.

    Raises:
        DataError: the program's source text cannot be assembled, or the files to fetch are too large.
        SandboxDied: the sandbox ended without an outcome.
    """
    judging = judging_of(asked.language)
    task = JudgeTask(
        program=Program("", asked.language, asked.source),
        limits=asked.limits or judging.limits,
        nonce="",
        sandbox_path=runner.sandbox_path,
        has_files=bool(asked.files),
    )
    whole = _adapted(whole_programs_of(asked.language, asked.test_runner), asked.build_seconds)
    built = build(task, whole, runner, servers, asked.files)
    if built.program is None:
        status = build_status(built.outcome, judging, repeated=True)
        return Executed(build=_ended(built.outcome, status))
    try:
        outcome, files = _run(asked, built.program)
    finally:
        built.program.close()
    return Executed(
        build=_ended(built.outcome, Status.PASSED),
        run=_ended(outcome, run_status(outcome, judging)),
        files=files,
    )


def _run(asked: Execution, program: BuiltProgram) -> tuple[sandbox.Outcome, Mapping[str, bytes]]:
    if not asked.fetch:
        return program.run(asked.stdin, *asked.arguments, files=asked.files), {}
    try:
        return program.fetch(asked.stdin, *asked.arguments, files=asked.files, names=asked.fetch)
    except ValueError as error:
        raise DataError(f"fetch_files: {error}") from None


def _adapted(whole: WholePrograms, build_seconds: float | None) -> WholePrograms:
    """The way to run programs, with another limit of time for the build."""
    if build_seconds is None:
        return whole

    def plan(task: JudgeTask) -> BuildPlan:
        usual = whole.plan(task)
        assert usual.build is not None
        limits = replace(usual.build.limits, cpu_seconds=build_seconds, wall_seconds=3 * build_seconds)
        return replace(usual, build=replace(usual.build, limits=limits))

    return replace(whole, plan=plan)


def _ended(outcome: sandbox.Outcome, status: Status) -> Ended:
    whole = outcome.whole_stdout.decode("utf-8", "replace") if outcome.whole_stdout else outcome.stdout
    return Ended(
        status=status,
        exit_status=outcome.exit_status,
        signal=outcome.signal,
        cpu_seconds=outcome.cpu_seconds,
        wall_seconds=outcome.wall_seconds,
        peak_bytes=outcome.peak_bytes,
        stdout=whole,
        stderr=explanation(outcome, status),
    )


def not_executed(why: str) -> Executed:
    """What is returned if nothing could be run, and ``why``."""
    return Executed(build=Ended(status=Status.HARNESS_ERROR, stderr=why))
