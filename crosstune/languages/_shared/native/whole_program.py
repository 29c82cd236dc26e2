"""How whole programs in C and C++ are built and run: optimised, with the libraries of tested programs."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from crosstune.languages._language import MIB, BuildPlan, JudgeTask
from crosstune.languages._shared.limits import BUILD_LIMITS, ENVIRONMENT, with_stack
from crosstune.languages._shared.native import driver, gcc, headers, precompiled
from crosstune.records import Command


def plan(task: JudgeTask, native: gcc.Native, libraries: Sequence[str]) -> BuildPlan:
    program = task.program
    limits = with_stack(task.limits)
    text = "\n\n".join(filter(None, (program.setup, program.candidate)))
    head, code = headers.split(native.settings, native.headers, text)
    header = ("-include", task.sandbox_path(precompiled.header(head))) if head else ()
    commands = native.commands()
    # Reading libraries takes longer than all other steps, and most programs need none.
    few = shlex.join(commands.linked((), native.rarely_needed))
    all_ = shlex.join(native.commands(libraries).link)
    steps = (shlex.join((*commands.compile, *header)), shlex.join(commands.assemble))
    return BuildPlan(
        files={f"program{native.suffix}": f"{code}\n"},
        build=Command(
            limits=BUILD_LIMITS,
            argv=("/bin/sh", "-c", " && ".join([*steps, f"{{ {few} 2>/dev/null || {all_}; }}"])),
            environment=ENVIRONMENT,
            reserve_bytes=256 * MIB,
        ),
        run=Command(
            limits=limits,
            argv=(f"/proc/self/cwd/{driver.OUTPUT}",),
            environment=ENVIRONMENT,
            reserve_bytes=64 * MIB + limits.processes * limits.stack_bytes,
        ),
        outputs=(driver.OUTPUT,),
    )
