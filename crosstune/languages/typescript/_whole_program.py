"""How whole programs in TypeScript are compiled and run: as a module."""

from __future__ import annotations

import dataclasses

from crosstune.languages._language import BuildPlan, CompileServer, JudgeTask, WholePrograms
from crosstune.languages._shared.limits import BUILD_LIMITS, ENVIRONMENT
from crosstune.languages._shared.node import whole_program
from crosstune.languages.typescript import _prepared
from crosstune.records import Command


def _plan(task: JudgeTask) -> BuildPlan:
    return BuildPlan(
        files={_prepared.REQUEST: _prepared.whole_request(task).decode()},
        build=Command(
            limits=dataclasses.replace(BUILD_LIMITS, processes=64, disk_bytes=task.limits.disk_bytes),
            argv=_prepared.compile_one(task.sandbox_path),
            environment=ENVIRONMENT,
        ),
        run=whole_program.command(task, whole_program.FILE),
        outputs=(whole_program.FILE,),
    )


def whole_programs(tested: CompileServer) -> WholePrograms:
    """``tested`` is the compile server of tested programs."""
    return WholePrograms(
        plan=_plan, compile_server=dataclasses.replace(tested, request=_prepared.whole_request)
    )
