"""TypeScript: checked and translated by tsc, run by Node.js like JavaScript.

Candidate and tests are compiled as one file, because its types go through both, and what comes out is parted
again: they run as two scripts. What is defended and what is not: see `_javascript_judging`.
"""

import dataclasses
import shlex

from crosstune.languages import _javascript_judging, _native, _node, _typescript_prepared
from crosstune.languages._language import Assembly, Builder, Job, Judging, Language, Step, Tool
from crosstune.records import Need

_BUILDER = Builder(
    argv=_typescript_prepared.server,
    mounts=_typescript_prepared.mounts,
    request=_typescript_prepared.request,
    reply=_typescript_prepared.reply,
    cpu_seconds=10,
    wall_seconds=60,
    memory_bytes=_typescript_prepared.MEMORY_BYTES,
    requests=5000,
    environment=_native.ENVIRONMENT,
)


def _assemble(job: Job) -> Assembly:
    tsc = job.place(_typescript_prepared.compiler() / "bin" / "tsc")
    compiled = (_node.executable(job.place), tsc, *_typescript_prepared.OPTIONS)
    files = {
        "program.ts": _typescript_prepared.source(job),
        "globals.d.ts": _typescript_prepared.GLOBALS,
    }
    build = Step(
        name="build",
        limits=dataclasses.replace(_native.BUILD_LIMITS, processes=64, disk_bytes=job.limits.disk_bytes),
        # The tests' expected values shall not lie beside the program while it runs.
        argv=("/bin/sh", "-c", f"{shlex.join(compiled)} && rm {shlex.join(files)}"),
        environment=_native.ENVIRONMENT,
        reserve_bytes=_node.RESERVE_BYTES,
    )
    parted = {"file": "program.js", "boundary": _typescript_prepared.boundary(job)}
    run = _javascript_judging.run_step(job, parted)
    return Assembly(files=files, steps=(build, run))


def _needs() -> tuple[Need, ...]:
    return (_node.module_need("typescript"),)


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
    tools=(Tool(name="node", install=_node.TOOL.install),),
    judging=Judging(
        version=4,
        trial=("const add = (a: number, b: number): number => a + b\n", "console.assert(add(1, 2) === 3)\n"),
        limits=_node.LIMITS,
        assemble=_assemble,
        toolchain=_node.toolchain,
        mounts=_javascript_judging.mounts,
        memory_signs=_javascript_judging.MEMORY_SIGNS,
        needs=_needs,
        builder=_BUILDER,
    ),
)
