"""TypeScript: checked and compiled by the TypeScript compiler, run by Node.js like JavaScript.

Candidate and tests are two modules: the candidate exports everything that it declares, and the tests import
it. They are checked as ``tsc --target es2023 --lib es2023 --module commonjs --types node --esModuleInterop
--skipLibCheck`` does, and may also await at their top level. `runner` lists what is defended and what is not;
names of the candidate cannot hide those that the tests use, since modules have scopes of their own.
"""

import dataclasses
import functools
import json
import re
from collections.abc import Mapping
from pathlib import Path

from crosstune.languages._language import (
    BrokenTests,
    BuildPlan,
    CompileServer,
    Description,
    JudgeTask,
    Judging,
    Language,
    SeparateProcesses,
    UndefinedNames,
)
from crosstune.languages._shared.limits import BUILD_LIMITS, ENVIRONMENT
from crosstune.languages._shared.node import (
    calls,
    checks,
    isolation,
    meanings,
    packages,
    parsers,
    runner,
    runtime,
    separate,
    typed,
)
from crosstune.languages._shared.node.syntax import TYPESCRIPT
from crosstune.languages.typescript import _prepared, _stubs, _types, _whole_program
from crosstune.languages.typescript._exercises import IDIOMS, format_literal
from crosstune.records import Command, Program, Requirement

_KEPT = 1024
_COMPILE_SERVER = CompileServer(
    argv=_prepared.server,
    mounts=_prepared.mounts,
    request=_prepared.request,
    reply=_prepared.reply,
    cpu_seconds=10,
    wall_seconds=60,
    memory_bytes=_prepared.MEMORY_BYTES,
    requests=5000,
    environment=ENVIRONMENT,
)


def _build(task: JudgeTask) -> Command:
    return Command(
        limits=dataclasses.replace(BUILD_LIMITS, processes=64, disk_bytes=task.limits.disk_bytes),
        # It removes its input: what the tests expect must not be in the folder while the program runs.
        argv=_prepared.compile_one(task.sandbox_path),
        environment=ENVIRONMENT,
    )


def _build_plan(task: JudgeTask) -> BuildPlan:
    compiled = {
        "files": {"candidate": "candidate.js", "tests": "tests.js"},
        "candidateAwaits": _prepared.prepared_candidate(task.program).awaited,
        "testsAwait": _prepared.prepared_tests(task.program.tests).awaited,
        **meanings.of_tests("typescript", runner.without_candidate(task.program)),
    }
    return _plan(task, runner.run_command(task, compiled))


def _plan(task: JudgeTask, run: Command, outputs: tuple[str, ...] = ()) -> BuildPlan:
    files = {_prepared.REQUEST: _prepared.request(task).decode()}
    return BuildPlan(files=files, build=_build(task), run=run, outputs=outputs)


def _plan_tests(task: JudgeTask) -> BuildPlan:
    files = {"files": {"given": "candidate.js", "tests": "tests.js"}}
    run = separate.tests_command(task, {**_tests_payload(task.program), **files})
    return _plan(task, run, ("candidate.js", "tests.js"))


@functools.lru_cache(maxsize=_KEPT)
def _tests_payload(program: Program) -> separate.Payload:
    """All but the compiled texts."""
    payload = separate.tests_payload(
        "typescript",
        program,
        _stubs.module(program),
        _prepared.prepared_tests(program.tests),
        is_module=True,
    )
    return {**payload, "types": _types.of_program(program)}


def _plan_candidate(task: JudgeTask) -> BuildPlan:
    awaits = _prepared.prepared_candidate(task.program).awaited
    payload = {"file": "candidate.js", "awaits": awaits, "names": task.program.entry_points}
    return _plan(task, separate.candidate_command(task, payload), ("candidate.js",))


def _tests_request(task: JudgeTask, files: Mapping[str, bytes]) -> bytes:
    texts = {"given": files["candidate.js"].decode(), "tests": files["tests.js"].decode()}
    return json.dumps({**_tests_payload(task.program), **texts}).encode()


def _check_tests(program: Program) -> str:
    return checks.check_tests("typescript", program.setup, program.tests, parsers.typescript_error)


def _mounts() -> tuple[Path, ...]:
    return (*runner.mounts(), *_prepared.mounts())


def _requirements() -> tuple[Requirement, ...]:
    return (runtime.module_requirement("typescript"), runtime.module_requirement("@types/node"))


LANGUAGE = Language(
    name="typescript",
    title="TypeScript",
    extensions=(".ts", ".mts", ".cts"),
    fences=("typescript", "ts"),
    line_comment="//",
    stops=(
        "\nconst ",
        "\nfunction ",
        "\nlet ",
        "\nvar ",
        "\nclass ",
        "\ninterface ",
        "\ntype ",
        "\nenum ",
        "\nimport ",
        "\nexport ",
        "\nconsole.",
        "\n//",
        "\n/*",
        "\n```",
    ),
    tools=(runtime.TOOL,),
    preparations=(packages.PREPARATION,),
    idioms=IDIOMS,
    format_literal=format_literal,
    syntax=TYPESCRIPT,
    typed=typed.TYPESCRIPT,
    judging=Judging(
        version=8,
        smoke_test=(
            "const add = (a: number, b: number): number => a + b\n",
            "console.assert(add(1, 2) === 3)\n",
        ),
        limits=runtime.LIMITS,
        plan=_build_plan,
        toolchain=runtime.toolchain,
        mounts=_mounts,
        out_of_memory_messages=runner.OUT_OF_MEMORY_MESSAGES,
        requirements=_requirements,
        compile_server=_COMPILE_SERVER,
        standards=_prepared.STANDARDS,
        check_tests=_check_tests,
        broken_tests=BrokenTests(
            undefined=UndefinedNames(message=re.compile(r"error TS(?:2304|2552): Cannot find name '(\w+)'"))
        ),
        separate=SeparateProcesses(
            version=separate.VERSION,
            why_shared=functools.partial(isolation.why_shared, "typescript"),
            tests=_plan_tests,
            candidate=_plan_candidate,
            tests_process=separate.tests_process(_tests_request),
            calls=calls.plan,
        ),
    ),
    whole_programs=_whole_program.whole_programs(_COMPILE_SERVER),
    language_set="usual",
    description=Description(
        tested="TypeScript 5.9, Node.js 20",
        run=(
            "two modules, the tests import the candidate; types are checked by TypeScript 5 as `tsc "
            "--target es2023 --module commonjs --lib es2023 --types node --esModuleInterop "
            "--skipLibCheck` does (not `--strict`), with top-level `await`; the browser's types with "
            '`/// <reference lib="dom" />`; run like JavaScript. Standards: `es2015` to `es2023`, '
            "`esnext`"
        ),
        undefended="as in JavaScript",
    ),
)
