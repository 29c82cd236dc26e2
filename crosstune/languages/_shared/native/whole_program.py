"""How whole programs in C and C++ are built and run: optimised, with the libraries of tested programs."""

from __future__ import annotations

from collections.abc import Sequence

from crosstune.languages._language import BuildPlan, JudgeTask
from crosstune.languages._shared.limits import BUILD_LIMITS, ENVIRONMENT, with_stack
from crosstune.languages._shared.native import driver
from crosstune.languages._shared.native.candidate import without_bom
from crosstune.languages._shared.native.compilation import Native, compilation
from crosstune.records import Command


def plan(task: JudgeTask, native: Native, libraries: Sequence[str]) -> BuildPlan:
    program = task.program
    limits = with_stack(task.limits)
    text = "\n\n".join(filter(None, map(without_bom, (program.setup, program.candidate))))
    build, code = compilation(task, native, text)
    return BuildPlan(
        files={f"program{native.suffix}": f"{code}\n"},
        build=Command(
            limits=BUILD_LIMITS,
            argv=("/bin/sh", "-c", build.steps(libraries)),
            environment=ENVIRONMENT,
        ),
        run=Command(
            limits=limits,
            argv=(f"/proc/self/cwd/{driver.OUTPUT}",),
            environment=ENVIRONMENT,
        ),
        outputs=(driver.OUTPUT,),
    )
