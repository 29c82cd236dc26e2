"""TypeScript: checked and translated by tsc, run by Node.js like JavaScript.

Candidate and tests are one script. What is defended and what is not: see `_javascript_judging`; here
built-in prototypes that the candidate changes before the tests are not restored either.
"""

import dataclasses

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
    build = Step(
        name="build",
        limits=dataclasses.replace(_native.BUILD_LIMITS, processes=64, disk_bytes=job.limits.disk_bytes),
        argv=(_node.executable(job.place), tsc, *_typescript_prepared.OPTIONS),
        environment=_native.ENVIRONMENT,
        reserve_bytes=_node.RESERVE_BYTES,
    )
    run = _javascript_judging.run_step(job, candidate="", file="program.js", tests="")
    files = {
        "program.ts": _typescript_prepared.source(job),
        "globals.d.ts": _typescript_prepared.GLOBALS,
    }
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
        version=3,
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
