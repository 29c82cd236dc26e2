"""How Fortran programs are built: the compiler, the assembler and a fast linker without the driver, and the
judge's object file that C programs have, too."""

from __future__ import annotations

import functools
import secrets
import shlex
from collections.abc import Sequence
from pathlib import Path

from crosstune.files import text_digest
from crosstune.languages._language import BuildPlan, JudgeTask
from crosstune.languages._shared import prepared_state
from crosstune.languages._shared.native import driver, gcc, precompiled
from crosstune.languages._tools import Tool
from crosstune.languages.fortran import _assembly
from crosstune.records import Command

TOOL = Tool(name="gfortran", package="gfortran libc6-dev", purpose="compiling Fortran")
_SOURCE = "program.f90"
_FLAGS = ("-w", "-ffree-line-length-none")


def plan(task: JudgeTask) -> BuildPlan:
    """Compile candidate and tests as one file, and link it with the judge's object file."""
    program, name = task.program, f"crosstune_{secrets.token_hex(8)}"
    text = _assembly.program(program.setup, program.candidate, program.tests, name, program.entry_points)
    judged = (
        "--wrap=main",
        f"--defsym={name}={precompiled.FAILED}",
        f"--defsym={name}_exit={precompiled.exit_name(_prepared())}",
        task.sandbox_path(_prepared() / precompiled.JUDGE),
    )
    return BuildPlan(
        files={_SOURCE: text}, build=_build(_FLAGS, judged, emptied=True), run=gcc.run_command(task)
    )


def plan_whole_program(task: JudgeTask) -> BuildPlan:
    """Optimised, as contest judges compile."""
    text = "\n".join(filter(None, (task.program.setup, task.program.candidate)))
    run = gcc.run_command(task)
    return BuildPlan(
        files={_SOURCE: f"{text}\n"},
        build=_build((*_FLAGS, "-O2"), (), emptied=False),
        run=Command(limits=run.limits, argv=run.argv, environment=run.environment),
        outputs=(driver.OUTPUT,),
    )


def _build(flags: Sequence[str], before: Sequence[str], *, emptied: bool) -> Command:
    commands = driver.commands(TOOL.name, tuple(flags), (), _SOURCE)
    steps = [commands.compile, commands.assemble, commands.linked(before)]
    # The candidate must not find the tests in its working folder.
    left = [f": > {each}" for each in (_SOURCE, *driver.BETWEEN)] if emptied else []
    return gcc.build_command(" && ".join([*map(shlex.join, steps), *left]))


def toolchain() -> str:
    """Everything installed that verdicts depend on."""
    return f"{driver.version(TOOL.name)}; {_prepared().name}"


def mounts() -> tuple[Path, ...]:
    return (_prepared(),)


@functools.cache
def _prepared() -> Path:
    """The folder of the judge's object file."""
    key = text_digest(f"{precompiled.judge_digest()} {driver.stamp(TOOL.name)}")[:16]
    return prepared_state.folder("fortran", key, _compile_judge)


def _compile_judge(folder: Path) -> None:
    precompiled.compile_judge(folder, driver.path_of(TOOL.name))
