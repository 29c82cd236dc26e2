"""How JavaScript programs are judged.

Candidate and tests are two scripts in one global scope of a new Node.js process: the tests see what the
candidate declared, and no text of the candidate can absorb them. A failed ``console.assert`` counts as a
failed assertion, although Node.js itself continues and exits with status 0.

Defended: exiting before the tests have ended (``process.exit``, handlers, signals); printed success;
``console.assert`` and the functions of ``JSON``, ``Math``, ``Object``, ``node:assert`` … replaced or
hidden; built-in prototypes changed before the tests, and those of arrays, strings, numbers, maps and sets
while a test runs; ``toJSON`` added to them; the text of the tests' functions. The nonce exists only in a
closure, masked.

Not defended: other prototypes (``RegExp``, ``Object``, ``Date`` …) changed while a test calls the
candidate; an answer whose own ``valueOf``, ``toString`` or ``toJSON`` satisfies a test that compares with
``==`` or through text; the text of the tests' functions as functions of another realm (``node:vm``) show
it; the debugger's view of closures and texts (``node:inspector``); reading the process's memory with
knowledge of this file.

The runner starts from a snapshot of itself (`snapshot`), if this version of node can make one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from crosstune.languages._language import BuildPlan, JudgeTask, Judging
from crosstune.languages._shared.node import runtime, snapshot
from crosstune.records import Command, Requirement


def run_command(task: JudgeTask, program: Mapping[str, str]) -> Command:
    """The command that runs a program: ``candidate`` and ``tests``, or a ``file`` in the working folder where
    ``boundary`` separates them."""
    limits = task.limits
    return Command(
        limits=limits,
        argv=(
            runtime.executable(task.sandbox_path),
            *snapshot.runner(task.sandbox_path, limits.memory_bytes),
        ),
        payload=task.nonce + json.dumps(program),
        environment={
            "PATH": "/usr/bin:/bin",
            "HOME": "/box",
            "LANG": "C.UTF-8",
            "NODE_PATH": task.sandbox_path(runtime.modules()),
        },
        reserve_bytes=runtime.RESERVE_BYTES,
    )


def _build_plan(task: JudgeTask) -> BuildPlan:
    program = task.program
    candidate = f"{program.setup}\n\n{program.candidate}" if program.setup else program.candidate
    return BuildPlan(run=run_command(task, {"candidate": candidate, "tests": program.tests}))


def mounts() -> tuple[Path, ...]:
    return (*snapshot.mounts(), *runtime.mounts())


OUT_OF_MEMORY_MESSAGES = ("JavaScript heap out of memory", "Array buffer allocation failed")


def _libraries() -> tuple[Requirement, ...]:
    return (runtime.module_requirement("js-md5"),)


JUDGING = Judging(
    version=4,
    smoke_test=("const add = (a, b) => a + b\n", "console.assert(add(1, 2) === 3)\n"),
    limits=runtime.LIMITS,
    plan=_build_plan,
    toolchain=runtime.toolchain,
    mounts=mounts,
    out_of_memory_messages=OUT_OF_MEMORY_MESSAGES,
    libraries=_libraries,
)
