"""Rust, compiled by rustc with its own test harness."""

import re
from pathlib import Path

from crosstune.languages.rust import _crates, _toolchain
from crosstune.records import Program
from crosstune.sandbox import SandboxRunner
from tests.languages.plain_way import PlainCommands, PlainWay


def _commands(program: Program, runner: SandboxRunner) -> PlainCommands:
    inside = runner.sandbox_path
    candidate = re.sub(r"fn\s+main\s*\(\s*\)\s*\{\s*\}", "", program.candidate)
    crates = [f"--extern={name}={inside(file)}" for name, file in _crates.built().items()]
    build = (
        *(
            inside(_toolchain.rustc()),
            "--sysroot",
            inside(_toolchain.sysroot()),
            "--edition",
            "2021",
            "--test",
        ),
        *(f"-Ldependency={inside(_crates.folder())}", *crates, "-o", "program", "p.rs"),
    )
    return PlainCommands({"p.rs": f"{program.setup}\n\n{candidate}\n\n{program.tests}"}, build)


def _mounts() -> tuple[Path, ...]:
    return (_toolchain.sysroot(), _crates.folder())


PLAIN = PlainWay(_commands, _mounts)
