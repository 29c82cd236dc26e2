"""Tests and candidate in processes of their own: how each is built and run."""

from __future__ import annotations

import struct
from collections.abc import Mapping

from crosstune.languages._language import (
    MIB,
    BuildPlan,
    JudgeTask,
    SandboxPath,
    SeparateProcesses,
    TestsProcess,
    TestsReport,
)
from crosstune.languages._shared.limits import ENVIRONMENT
from crosstune.languages.java import _calls, _prepared
from crosstune.languages.java._apart import Sides, sides, why_shared
from crosstune.languages.java._machine import (
    LIMITS,
    STANDARDS,
    build_command,
    class_path,
    command,
    jars,
    machine,
    stack_bytes,
    with_machine,
)
from crosstune.records import Command

_SERVER, _RUNNER = "crosstune.Server", "crosstune.Runner"
_NAMES = "crosstune.stub"
_HEAP_MIB = 256
# javac has made the classes, and those of a candidate can harm its own process only.
_UNVERIFIED = "-XX:-BytecodeVerificationRemote"
_RUNNER_FLAGS = (
    "-Xshare:auto",
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-XX:-UsePerfData",
    "-XX:+IgnoreUnrecognizedVMOptions",
    "-XX:+UnlockDiagnosticVMOptions",
    _UNVERIFIED,
    "-Xlog:disable",
    f"-Xmx{_HEAP_MIB}m",
)


def _sides(task: JudgeTask) -> Sides:
    return sides(task.program.declaration, task.program.entry_points)


def _texts(task: JudgeTask) -> tuple[str, str, str]:
    """Setup, what stands in the candidate's place, and in the tests'."""
    if task.part == "tests":
        return task.program.setup, _sides(task).stub, task.program.tests
    return task.program.setup, task.program.candidate, _sides(task).calls


def request(task: JudgeTask) -> bytes | None:
    """What the compile server is asked for one part of a program; see `CompileServer`."""
    if task.program.standard not in ("", STANDARDS[0]):
        return None
    return _prepared.request("s" if task.part == "tests" else "a", _texts(task))


def _plan(
    task: JudgeTask, kind: str, main: str, words: tuple[str, ...], files: Mapping[str, str]
) -> BuildPlan:
    names = ("setup.java", "candidate.java", "tests.java")
    texts = {name: text for name, text in zip(names, _texts(task), strict=True) if text}
    classes = ":".join(
        (task.sandbox_path(_prepared.folder() / _prepared.APART), *class_path(task.sandbox_path))
    )
    stack = stack_bytes(task.limits)
    return BuildPlan(
        files={**texts, **files},
        build=build_command(task, kind),
        run=Command(
            limits=with_machine(task.limits),
            argv=(*machine(task), _UNVERIFIED, "-cp", classes, main, *words, str(stack)),
            payload=task.nonce,
            environment=ENVIRONMENT,
        ),
        outputs=("*.class", "crosstune.*"),
    )


def _plan_tests(task: JudgeTask) -> BuildPlan:
    return _plan(task, "stub", _RUNNER, ("once",), {_NAMES: _sides(task).names})


def _plan_candidate(task: JudgeTask) -> BuildPlan:
    return _plan(task, "apart", _SERVER, ("lazy",), {})


def _ask(task: JudgeTask, files: Mapping[str, bytes]) -> bytes:
    named = {**files, _NAMES: _sides(task).names.encode()}
    return _prepared.joined(part for name, content in named.items() for part in (name.encode(), content))


def _reply(data: bytes) -> TestsReport | None:
    try:
        report, stdout, stderr = (part.decode("utf-8", "replace") for part in _prepared.split(data[1:]))
    except (ValueError, struct.error):
        return None
    return TestsReport(report=report, stdout=stdout, stderr=stderr)


def _argv(sandbox_path: SandboxPath) -> tuple[str, ...]:
    java = command("java", sandbox_path)
    return (java, *_RUNNER_FLAGS, "-cp", jars(sandbox_path), _RUNNER, "serve", str(stack_bytes(LIMITS)))


SEPARATE = SeparateProcesses(
    version=4,
    why_shared=why_shared,
    tests=_plan_tests,
    candidate=_plan_candidate,
    calls=_calls.plan,
    tests_process=TestsProcess(
        argv=_argv,
        request=_ask,
        reply=_reply,
        cpu_seconds=30,
        wall_seconds=600,
        memory_bytes=(_HEAP_MIB + 256) * MIB,
        requests=1000,
        environment=ENVIRONMENT,
    ),
)
