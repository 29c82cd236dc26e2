"""How whole programs are run by Node.js: as ``program.js``, a CommonJS module."""

from __future__ import annotations

from collections.abc import Mapping

from crosstune.languages._language import MIB, BuildPlan, JudgeTask, WholePrograms
from crosstune.languages._shared.node import runtime
from crosstune.records import Command

FILE = "program.js"
CRASH_MESSAGES = ("\nNode.js v",)


def command(task: JudgeTask, *words: str) -> Command:
    """Run node with these words in the working folder."""
    environment: Mapping[str, str] = {
        "PATH": "/usr/bin:/bin",
        "HOME": "/box",
        "LANG": "C.UTF-8",
        "NODE_PATH": task.sandbox_path(runtime.modules()),
    }
    heap = f"--max-old-space-size={task.limits.memory_bytes // MIB}"
    return Command(
        limits=task.limits,
        argv=(runtime.executable(task.sandbox_path), heap, *words),
        environment=environment,
        reserve_bytes=runtime.RESERVE_BYTES,
    )


def _plan(task: JudgeTask) -> BuildPlan:
    program = task.program
    return BuildPlan(
        files={FILE: "\n\n".join(filter(None, (program.setup, program.candidate)))},
        build=command(task, "--check", FILE),
        run=command(task, FILE),
        outputs=(FILE,),
    )


WHOLE_PROGRAMS = WholePrograms(plan=_plan, crash_messages=CRASH_MESSAGES)
