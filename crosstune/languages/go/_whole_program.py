"""How whole programs in Go are built and run: one file of package main, compiled unchanged."""

from __future__ import annotations

from dataclasses import replace

from crosstune.languages._language import BuildPlan, JudgeTask, WholePrograms
from crosstune.languages.go import _compilation, _imports, _packages
from crosstune.languages.go._assembly import source_file, split_part
from crosstune.records import Program

_STACK = """\
import crosstune_debug "runtime/debug"

func init() { crosstune_debug.SetMaxStack(BYTES) }
"""
# A panic ends a checker by a signal: its usual status, 2, would be a decision.
_CHECKER_ENVIRONMENT = {**_compilation.ENVIRONMENT, "GOTRACEBACK": "crash"}


def _plan(task: JudgeTask) -> BuildPlan:
    stack = _STACK.replace("BYTES", str(task.limits.stack_bytes)) if task.limits.stack_bytes else ""
    run = _compilation.run(task.limits)
    return BuildPlan(
        files={
            "program.go": _source(task.program),
            "stack.go": f"package main\n{stack}",
            "importcfg": _compilation.table(_packages.archives(), task.sandbox_path),
        },
        build=_compilation.build({"main": ("program.go", "stack.go")}, task.sandbox_path),
        run=replace(run, environment=_CHECKER_ENVIRONMENT) if task.checker else run,
        outputs=(_compilation.OUTPUT,),
    )


def _source(program: Program) -> str:
    """The candidate unchanged or, if the program has a setup, both with their imports merged."""
    if not program.setup.strip():
        return program.candidate
    setup, candidate = split_part(program.setup), split_part(program.candidate)
    whole = _imports.Part(f"{setup.code.strip()}\n\n{candidate.code}", candidate.imports)
    return source_file("main", whole, _imports.header(whole, setup.imports, _packages.standard()), "")


WHOLE_PROGRAMS = WholePrograms(plan=_plan)
