"""TypeScript: checked and translated by tsc, run by Node.js like JavaScript.

Candidate and tests are one script. What is defended and what is not: see `_javascript_judging`; here
built-in prototypes that the candidate changes before the tests are not restored either.
"""

import dataclasses
from pathlib import Path

from crosstune.languages import _javascript_judging, _native, _node
from crosstune.languages._language import Assembly, Job, Judging, Language, Step, Tool
from crosstune.records import Need

# What Node.js provides, so that its type packages need not be installed.
_GLOBALS = """\
declare var require: any;
declare var module: any;
declare var exports: any;
declare var process: any;
declare var global: any;
"""
_FLAGS = (
    "--target",
    "es2022",
    "--module",
    "commonjs",
    "--lib",
    "es2022,dom",
    "--types",
    "",
    "--noEmitOnError",
)


def _assemble(job: Job) -> Assembly:
    program = job.program
    source = "\n\n".join(part for part in (program.setup, program.candidate, program.tests) if part)
    compiler = job.place(_node.modules() / "typescript" / "bin" / "tsc")
    build = Step(
        name="build",
        limits=dataclasses.replace(_native.BUILD_LIMITS, processes=64),
        argv=(_node.executable(job.place), compiler, *_FLAGS, "globals.d.ts", "program.ts"),
        environment=_native.ENVIRONMENT,
        reserve_bytes=_node.RESERVE_BYTES,
    )
    run = _javascript_judging.run_step(job, candidate="", file="program.js", tests="")
    return Assembly(files={"program.ts": source, "globals.d.ts": _GLOBALS}, steps=(build, run))


def _needs() -> tuple[Need, ...]:
    return (_node.module_need("typescript"),)


def _mounts() -> tuple[Path, ...]:
    return _javascript_judging.mounts()


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
        version=1,
        trial=("const add = (a: number, b: number): number => a + b\n", "console.assert(add(1, 2) === 3)\n"),
        limits=_node.LIMITS,
        assemble=_assemble,
        toolchain=_node.toolchain,
        mounts=_mounts,
        memory_signs=_javascript_judging.MEMORY_SIGNS,
        needs=_needs,
    ),
)
