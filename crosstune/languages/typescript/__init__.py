"""TypeScript: checked and compiled by tsc, run by Node.js like JavaScript.

Candidate and tests are compiled as one file, because they share their types. The result is split again, and
they run as two scripts. `runner` lists what is defended and what is not.
"""

import dataclasses
import shlex

from crosstune.languages._language import BuildPlan, CompileServer, JudgeTask, Judging, Language
from crosstune.languages._shared.limits import BUILD_LIMITS, ENVIRONMENT
from crosstune.languages._shared.node import packages, runner, runtime
from crosstune.languages._shared.node.syntax import TYPESCRIPT
from crosstune.languages.typescript import _prepared, _whole_program
from crosstune.records import Command, Requirement

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


def _build_plan(task: JudgeTask) -> BuildPlan:
    tsc = task.sandbox_path(_prepared.compiler() / "bin" / "tsc")
    compiled = (runtime.executable(task.sandbox_path), tsc, *_prepared.OPTIONS)
    files = {
        "program.ts": _prepared.source(task),
        "globals.d.ts": _prepared.GLOBALS,
    }
    build = Command(
        limits=dataclasses.replace(BUILD_LIMITS, processes=64, disk_bytes=task.limits.disk_bytes),
        # The tests' expected values must not be in the working folder while the program runs.
        argv=("/bin/sh", "-c", f"{shlex.join(compiled)} && rm {shlex.join(files)}"),
        environment=ENVIRONMENT,
        reserve_bytes=runtime.RESERVE_BYTES,
    )
    parted = {"file": "program.js", "boundary": _prepared.boundary(task)}
    run = runner.run_command(task, parted)
    return BuildPlan(files=files, build=build, run=run)


def _requirements() -> tuple[Requirement, ...]:
    return (runtime.module_requirement("typescript"),)


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
    syntax=TYPESCRIPT,
    judging=Judging(
        version=4,
        smoke_test=(
            "const add = (a: number, b: number): number => a + b\n",
            "console.assert(add(1, 2) === 3)\n",
        ),
        limits=runtime.LIMITS,
        plan=_build_plan,
        toolchain=runtime.toolchain,
        mounts=runner.mounts,
        out_of_memory_messages=runner.OUT_OF_MEMORY_MESSAGES,
        requirements=_requirements,
        compile_server=_COMPILE_SERVER,
    ),
    whole_programs=_whole_program.whole_programs(_COMPILE_SERVER),
)
