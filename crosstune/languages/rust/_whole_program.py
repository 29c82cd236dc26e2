"""How whole programs in Rust are built and run: one optimised crate, with the crates of tested programs."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from crosstune.languages._language import BuildPlan, JudgeTask, SandboxPath, WholePrograms
from crosstune.languages._shared.limits import BUILD_LIMITS, ENVIRONMENT, with_stack
from crosstune.languages.rust import _toolchain
from crosstune.languages.rust._compilation import crate_flags, edition
from crosstune.records import Command


def _plan(task: JudgeTask) -> BuildPlan:
    program = task.program
    command = (
        task.sandbox_path(_toolchain.rustc()),
        *("--sysroot", task.sandbox_path(_toolchain.sysroot())),
        *edition(program),
        *("-A", "warnings"),
        *("-C", "debuginfo=0", "-C", "codegen-units=1"),
        *("-C", "opt-level=2"),  # and without checks for overflow, as in release builds
        *_link_flags(task.sandbox_path),
        *crate_flags(program, task.sandbox_path),
        *("-o", "program", "program.rs"),
    )
    return BuildPlan(
        files={"program.rs": "\n\n".join(filter(None, (program.setup, program.candidate)))},
        build=Command(
            limits=BUILD_LIMITS,
            argv=("/bin/sh", "-c", shlex.join(command)),
            environment=ENVIRONMENT,
        ),
        run=Command(
            limits=with_stack(task.limits),
            argv=("/proc/self/cwd/program",),
            environment=ENVIRONMENT,
        ),
        outputs=("program",),
    )


def _link_flags(sandbox_path: SandboxPath) -> Iterator[str]:
    """Link with the C compiler, rustc's default, but use the shared standard library if it exists."""
    if _toolchain.shared_library():
        yield from ("-C", "prefer-dynamic")
        yield from ("-C", f"link-arg=-Wl,-rpath={sandbox_path(_toolchain.libraries())}")


WHOLE_PROGRAMS = WholePrograms(plan=_plan)
