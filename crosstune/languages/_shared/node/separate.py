"""How JavaScript and TypeScript programs run whose tests and candidate have processes of their own.

The candidate's process (candidate.cjs) runs the candidate as a script or module and calls its functions. It
is a fork of one that has started (`template`), or starts from a snapshot, as the runner of shared processes
does. The tests' process (tests.cjs) is resident: it
runs the tests of one program after another, with a stub (stub.cjs) in the place of each entry point. Tests
that need only the language, assertions and lodash get a context of their own, others a thread; none of them
leaves anything to the next. Both sides read and write values with values.cjs.

Tests may use objects of the candidate (`objects`): they stay in its process (objects.cjs), and the tests have
a stub of each (remote.cjs). Values that can change then keep their identity on both sides (identity.cjs). In
TypeScript, what comes from the candidate is compared with the declared types (shapes.cjs).

Calls are synchronous for the tests. If a function of the candidate returns a promise, its process awaits it,
and the stub returns a promise that has the same outcome. What a function throws may be any value: it travels
in base64 instead of a trace. Numbers travel as floating-point numbers, a BigInt as an integer; an object of a
class of the candidate's own as its fields and the name of the class, so it is strictly equal to nothing that
the tests make, but has the same properties and JSON. An argument that is returned is the caller's own object
again.

Iterators take each step when the tests do (iterators.cjs). What tests and candidate both have is the same for
both, if they use objects: each learns what the other has changed with the next message, where the tests may
see it (`changes`). Which results must be values there, `results` tells.

Not the same as in one process, unless the tests use objects: identity of an argument's parts, getters (they
are read once), proxies, and methods of returned objects. What a function of the candidate does after its call
has ended happens before the next call.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from pathlib import Path

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
from crosstune.languages._shared.node import (
    calls,
    declared,
    isolation,
    modules,
    objects,
    runtime,
    snapshot,
    template,
    uses,
)
from crosstune.records import Command, Program

VERSION = 7
_MEMORY_BYTES = 600 * MIB
_TESTS, _REMOTE, _ITERATORS, _SHAPES, _STUB = (
    Path(__file__).with_name(f"{name}.cjs") for name in ("tests", "remote", "iterators", "shapes", "stub")
)
_FLAGS = ("--max-old-space-size=400", "--single-threaded-gc", "--stack-size=3900")
_FILES = (_TESTS, snapshot.DECODER, snapshot.VALUES, snapshot.IDENTITY, _REMOTE, _ITERATORS, _SHAPES, _STUB)

Payload = Mapping[str, object]
Request = Callable[[JudgeTask, Mapping[str, bytes]], bytes]
_KEPT = 1024


def candidate_command(task: JudgeTask, program: Payload) -> Command:
    """The command that serves a candidate: the text ``candidate`` or the ``file`` that has it, whether it
    ``awaits``, and the ``names`` of its functions."""
    limits = runtime.with_stack(task.limits)
    words = snapshot.candidate(task.sandbox_path, limits)
    return Command(
        limits=limits,
        argv=(runtime.executable(task.sandbox_path), *words),
        template=template.command(task.sandbox_path, words),
        payload=json.dumps(program),
        environment=_environment(task.sandbox_path),
    )


def tests_command(task: JudgeTask, program: Payload) -> Command:
    """The command that runs the tests of one program (see `payload`)."""
    return Command(
        limits=task.limits,
        argv=_argv(task.sandbox_path, "once"),
        payload=task.nonce + json.dumps(program),
        environment=_environment(task.sandbox_path),
    )


def tests_payload(
    grammar: str, program: Program, given: str, tests: modules.Script, *, is_module: bool
) -> Payload:
    """What the tests' process needs: the ``given`` code, a script or a module, the prepared ``tests``, and
    what the text of those of the program shows."""
    return {
        "given": given,
        "isModule": is_module,
        "tests": tests.text,
        "testsAwait": tests.awaited,
        "names": program.entry_points,
        "context": not tests.awaited and isolation.needs_only_language(grammar, given, program.tests),
        **objects.settings(uses.parsed(grammar, program)),
    }


def _environment(sandbox_path: SandboxPath) -> Mapping[str, str]:
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": "/box",
        "LANG": "C.UTF-8",
        "NODE_PATH": sandbox_path(runtime.modules()),
    }


def _argv(sandbox_path: SandboxPath, mode: str) -> tuple[str, ...]:
    node = runtime.executable(sandbox_path)
    return (node, *_FLAGS, *map(sandbox_path, _FILES), sandbox_path(runtime.modules()), mode)


def mounts() -> tuple[Path, ...]:
    return (*_FILES, *snapshot.candidate_mounts(), *template.mounts())


def _reply(data: bytes) -> TestsReport | None:
    try:
        return TestsReport(**json.loads(data.removeprefix(b"!")))
    except (ValueError, TypeError):
        return None


def tests_process(request: Request) -> TestsProcess:
    return TestsProcess(
        argv=functools.partial(_argv, mode="resident"),
        mounts=lambda: _FILES,
        request=request,
        reply=_reply,
        cpu_seconds=70,
        wall_seconds=700,
        memory_bytes=_MEMORY_BYTES,
        requests=2000,
        environment=ENVIRONMENT,
    )


@functools.lru_cache(maxsize=_KEPT)
def _javascript_tests(program: Program) -> Payload:
    given = modules.as_script(declared.helpers(program)).text
    tests = modules.as_tests(modules.plain(program.tests))
    return tests_payload("javascript", program, given, tests, is_module=False)


def _plan_tests(task: JudgeTask) -> BuildPlan:
    return BuildPlan(run=tests_command(task, _javascript_tests(task.program)))


def _plan_candidate(task: JudgeTask) -> BuildPlan:
    program = task.program
    candidate = modules.of_candidate(program.setup, program.candidate)
    payload = {"candidate": candidate.text, "awaits": candidate.awaited, "names": program.entry_points}
    return BuildPlan(run=candidate_command(task, payload))


@functools.lru_cache(maxsize=_KEPT)
def _encoded_tests(program: Program) -> bytes:
    return json.dumps(_javascript_tests(program)).encode()


def _request(task: JudgeTask, _files: Mapping[str, bytes]) -> bytes:
    return _encoded_tests(task.program)


JAVASCRIPT = SeparateProcesses(
    version=VERSION,
    why_shared=functools.partial(isolation.why_shared, "javascript"),
    tests=_plan_tests,
    candidate=_plan_candidate,
    tests_process=tests_process(_request),
    calls=calls.plan,
)
