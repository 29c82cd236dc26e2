"""How whole programs in Go are built and run: one file of package main, compiled unchanged."""

from __future__ import annotations

from crosstune.languages._language import BuildPlan, JudgeTask, WholePrograms
from crosstune.languages.go import _imports, _packages
from crosstune.languages.go._assembly import source_file, split_part
from crosstune.languages.go._judging import (
    BUILD_LIMITS,
    COMPILE_FLAGS,
    ENVIRONMENT,
)
from crosstune.records import Command, Program

_BUILD = (
    '"{compile}" -p main {flags} -o main.a program.go stack.go && '
    '"{link}" -s -w -importcfg importcfg -o program main.a'
)

_STACK = """\
import crosstune_debug "runtime/debug"

func init() { crosstune_debug.SetMaxStack(BYTES) }
"""
# A panic ends a checker by a signal: its usual status, 2, would be a decision.
_CHECKER_ENVIRONMENT = {**ENVIRONMENT, "GOTRACEBACK": "crash"}


def _plan(task: JudgeTask) -> BuildPlan:
    tools = {name: task.sandbox_path(_packages.tool(name)) for name in ("compile", "link")}
    listed = (
        f"packagefile {path}={task.sandbox_path(file)}\n" for path, file in _packages.archives().items()
    )
    stack = _STACK.replace("BYTES", str(task.limits.stack_bytes)) if task.limits.stack_bytes else ""
    return BuildPlan(
        files={
            "program.go": _source(task.program),
            "stack.go": f"package main\n{stack}",
            "importcfg": "".join(listed),
        },
        build=Command(
            limits=BUILD_LIMITS,
            argv=("/bin/sh", "-c", _BUILD.format(**tools, flags=COMPILE_FLAGS)),
            # Collect less garbage: these tools end before memory matters.
            environment={**ENVIRONMENT, "GOMAXPROCS": "1", "GOGC": "400"},
        ),
        run=Command(
            limits=task.limits,
            argv=("/proc/self/cwd/program",),
            environment=_CHECKER_ENVIRONMENT if task.checker else ENVIRONMENT,
        ),
        outputs=("program",),
    )


def _source(program: Program) -> str:
    """The candidate unchanged or, if the program has a setup, both with their imports merged."""
    if not program.setup.strip():
        return program.candidate
    setup, candidate = split_part(program.setup), split_part(program.candidate)
    whole = _imports.Part(f"{setup.code.strip()}\n\n{candidate.code}", candidate.imports)
    return source_file("main", whole, _imports.header(whole, setup.imports, _packages.standard()), "")


WHOLE_PROGRAMS = WholePrograms(plan=_plan)
