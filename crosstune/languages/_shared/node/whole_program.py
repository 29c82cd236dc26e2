"""How whole programs are run by Node.js: as ``program.js``, a CommonJS module."""

from __future__ import annotations

import urllib.parse
from collections.abc import Mapping

from crosstune.languages._language import BuildPlan, JudgeTask, WholePrograms
from crosstune.languages._shared.node import runtime
from crosstune.records import Command

FILE = "program.js"
# The usual status after an exception, 1, would be a checker's decision.
_END_WITH_3 = 'process.on("uncaughtException", (error) => { console.error(error); process.exit(3); });'
_CHECKER_WORDS = ("--import", f"data:text/javascript,{urllib.parse.quote(_END_WITH_3)}")


def command(task: JudgeTask, *words: str) -> Command:
    """Run node with these words in the working folder."""
    environment: Mapping[str, str] = {
        "PATH": "/usr/bin:/bin",
        "HOME": "/box",
        "LANG": "C.UTF-8",
        "NODE_PATH": task.sandbox_path(runtime.modules()),
    }
    if task.checker:
        words = (*_CHECKER_WORDS, *words)
    limits = runtime.with_stack(task.limits)
    return Command(
        limits=limits,
        argv=(runtime.executable(task.sandbox_path), *runtime.memory_flags(limits), *words),
        environment=environment,
    )


def _plan(task: JudgeTask) -> BuildPlan:
    program = task.program
    return BuildPlan(
        files={FILE: "\n\n".join(filter(None, (program.setup, program.candidate)))},
        build=command(task, "--check", FILE),
        run=command(task, FILE),
        outputs=(FILE,),
    )


WHOLE_PROGRAMS = WholePrograms(plan=_plan)
