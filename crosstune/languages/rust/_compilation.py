"""The commands that build and run tested programs."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crosstune.errors import DataError
from crosstune.languages._language import JudgeTask, SandboxPath
from crosstune.languages._shared.limits import BUILD_LIMITS, ENVIRONMENT, with_stack
from crosstune.languages.rust import _crates, _toolchain
from crosstune.records import Command, Program

STANDARDS = ("2021", "2015", "2018", "2024")
"""The editions, the usual one first."""
OUTPUT = "program"


def command(task: JudgeTask, file: str, *, judge: str = "", values: str = "") -> tuple[str, ...]:
    """rustc's command line. ``judge`` and ``values``: see `_toolchain.link_flags`."""
    return (
        task.sandbox_path(_toolchain.rustc()),
        *("--sysroot", task.sandbox_path(_toolchain.sysroot())),
        *edition(task.program),
        *("--cfg", "test", "-A", "warnings"),
        *("-C", "debuginfo=0", "-C", "codegen-units=1"),
        *_toolchain.link_flags(task.sandbox_path, judge, values),
        *crate_flags(task.program, task.sandbox_path),
        # The candidate may include files; it knows this one by another name only.
        *("--crate-name", "program", "--remap-path-prefix", f"{file}=program.rs"),
        *("-o", OUTPUT, file),
    )


def build(task: JudgeTask, argv: tuple[str, ...]) -> Command:
    return Command(
        limits=BUILD_LIMITS,
        argv=argv,
        environment={**ENVIRONMENT, **_toolchain.link_environment(task.sandbox_path)},
    )


def run(task: JudgeTask, payload: str = "") -> Command:
    return Command(
        limits=with_stack(task.limits),
        argv=(f"/proc/self/cwd/{OUTPUT}",),
        payload=payload,
        environment=ENVIRONMENT,
    )


def edition(program: Program) -> tuple[str, str]:
    return ("--edition", program.standard or STANDARDS[0])


def crate_flags(program: Program, sandbox_path: SandboxPath) -> list[str]:
    """The prebuilt crates that the program names.

    Raises:
        DataError: it names one that is missing, although crosstune provides it.
    """
    built = _crates.built()
    missing = [name for name in _crates.CRATES if name not in built]
    how = _crates.HOW_TO_BUILD
    for name in _used(missing, f"{program.setup}\n{program.candidate}"):
        raise DataError(f"{program.id}: names the crate {name}, which is not built here. Get it: {how}")
    text = f"{program.setup}\n{program.candidate}\n{program.tests}"
    named = {name: file for name, file in built.items() if re.search(rf"\b{name}\b", text)}
    flags = ["-L", f"dependency={sandbox_path(_crates.folder())}"] if named else []
    for name, file in named.items():
        flags += ["--extern", f"{name}={sandbox_path(file)}"]
    return flags


def _used(names: Iterable[str], code: str) -> Iterable[str]:
    for name in names:
        used = rf"\buse\s+(?:::\s*)?{name}\b|\bextern\s+crate\s+{name}\b|(?<![\w:]){name}\s*::"
        if re.search(used, code) and not re.search(rf"\bmod\s+{name}\b", code):
            yield name
