"""TypeScript: checked and translated by tsc, run by Node.js like JavaScript.

Candidate and tests are compiled as one file, because its types go through both, and what comes out is parted
again: they run as two scripts. What is defended and what is not: see `runner`.
"""

import dataclasses
import shlex

from crosstune.languages._shared.node.syntax import TYPESCRIPT
from crosstune.languages._language import Assembly, Builder, Job, Judging, Language, Step, Tool
from crosstune.languages._shared.native import gcc
from crosstune.languages._shared.node import runner, runtime
from crosstune.languages.typescript import _prepared
from crosstune.records import Requirement

_BUILDER = Builder(
    argv=_prepared.server,
    mounts=_prepared.mounts,
    request=_prepared.request,
    reply=_prepared.reply,
    cpu_seconds=10,
    wall_seconds=60,
    memory_bytes=_prepared.MEMORY_BYTES,
    requests=5000,
    environment=gcc.ENVIRONMENT,
)


def _assemble(job: Job) -> Assembly:
    tsc = job.place(_prepared.compiler() / "bin" / "tsc")
    compiled = (runtime.executable(job.place), tsc, *_prepared.OPTIONS)
    files = {
        "program.ts": _prepared.source(job),
        "globals.d.ts": _prepared.GLOBALS,
    }
    build = Step(
        name="build",
        limits=dataclasses.replace(gcc.BUILD_LIMITS, processes=64, disk_bytes=job.limits.disk_bytes),
        # The tests' expected values shall not lie beside the program while it runs.
        argv=("/bin/sh", "-c", f"{shlex.join(compiled)} && rm {shlex.join(files)}"),
        environment=gcc.ENVIRONMENT,
        reserve_bytes=runtime.RESERVE_BYTES,
    )
    parted = {"file": "program.js", "boundary": _prepared.boundary(job)}
    run = runner.run_step(job, parted)
    return Assembly(files=files, steps=(build, run))


def _requirements() -> tuple[Requirement, ...]:
    return (runtime.module_requirement("typescript"),)


LANGUAGE = Language(
    name="typescript",
    title="TypeScript",
    extensions=(".ts", ".mts", ".cts"),
    fences=("typescript", "ts"),
    comment="//",
    block="braces",
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
    tools=(Tool(name="node", install=runtime.TOOL.install),),
    syntax=TYPESCRIPT,
    judging=Judging(
        version=4,
        trial=("const add = (a: number, b: number): number => a + b\n", "console.assert(add(1, 2) === 3)\n"),
        limits=runtime.LIMITS,
        assemble=_assemble,
        toolchain=runtime.toolchain,
        mounts=runner.mounts,
        memory_signs=runner.MEMORY_SIGNS,
        requirements=_requirements,
        builder=_BUILDER,
    ),
)
