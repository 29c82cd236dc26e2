"""The plain way to build and run a program, as its language's own tools do it; in the sandbox, too.

What it says of a program is what the fast way has to say, but for programs that try to cheat.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from crosstune.languages._shared.native import gcc
from crosstune.languages._shared.node import runtime
from crosstune.languages.go import _imports, _packages
from crosstune.languages.rust import _crates, _toolchain
from crosstune.records import Command, Program, Status
from crosstune.sandbox import SandboxRunner

Told = Literal["passed", "failed", "compile_error"]


@dataclass(frozen=True)
class Plain:
    """``command`` builds the program out of ``files``, or only parses it; ``program`` is what runs it."""

    files: Mapping[str, str]
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    program: tuple[str, ...] = ("/proc/self/cwd/program",)


def told(status: Status) -> Told:
    """What the plain way can tell apart."""
    if status is Status.PASSED:
        return "passed"
    return "compile_error" if status is Status.COMPILE_ERROR else "failed"


def run(program: Program) -> Told:
    mounts, plain = _WAYS[program.language]
    with SandboxRunner("bubblewrap", mounts()) as runner:
        found = plain(program, runner)
        environment = {**gcc.ENVIRONMENT, **found.environment}
        commands = [
            Command(argv=argv, limits=limits, environment=environment, reserve_bytes=1 << 30)
            for argv, limits in (
                (found.command, gcc.BUILD_LIMITS),
                (found.program, gcc.LIMITS),
            )
        ]
        outcomes = runner.run(commands, found.files)
    assert not any(outcome.error for outcome in outcomes)
    if len(outcomes) == 1:
        return "compile_error"
    return "failed" if outcomes[1].exit_status else "passed"


def _tool(name: str) -> str:
    return shutil.which(name) or name


def _text(*parts: str) -> str:
    return "\n\n".join(parts)


def _c(program: Program, _: SandboxRunner) -> Plain:
    text = _text(program.setup, program.candidate, program.tests)
    return Plain({"p.c": text}, (_tool("gcc"), "-std=gnu11", "-w", "p.c", "-o", "program", "-lm"))


def _cpp(program: Program, _: SandboxRunner) -> Plain:
    text = _text(program.setup, program.candidate, program.tests)
    command = ("-std=c++11", "-w", "p.cpp", "-o", "program", "-lcrypto", "-lssl")
    return Plain({"p.cpp": text}, (_tool("g++"), *command))


def _rust(program: Program, runner: SandboxRunner) -> Plain:
    place, tools = runner.sandbox_path, _toolchain
    candidate = re.sub(r"fn\s+main\s*\(\s*\)\s*\{\s*\}", "", program.candidate)
    crates = [f"--extern={name}={place(file)}" for name, file in _crates.built().items()]
    command = (
        *(place(tools.rustc()), "--sysroot", place(tools.sysroot()), "--edition", "2021", "--test"),
        *(f"-Ldependency={place(_crates.folder())}", *crates, "-o", "program", "p.rs"),
    )
    return Plain({"p.rs": _text(program.setup, candidate, program.tests)}, command)


def _go(program: Program, _: SandboxRunner) -> Plain:
    parts = [_imports.split(text) for text in (program.setup, program.candidate, program.tests)]
    code = "\n".join(part.code for part in parts)
    known = [each for part in parts for each in part.imports]
    header = _imports.header(_imports.Part(code, ()), known, _packages.standard())
    lines = "\n".join(map(str, header))
    source = Path(_packages.__file__).with_name("assert.go").read_text("utf-8")
    return Plain(
        {"src/p/p_test.go": f"package main\n{lines}\n{code}", f"src/{_packages.ASSERT}/a.go": source},
        (_tool("go"), "test", "-c", "-o", "program", "p"),
        {"GOPATH": "/box", "GOCACHE": "/box/cache", "GO111MODULE": "off", "CGO_ENABLED": "0", "GOFLAGS": ""},
    )


def _python(program: Program, _: SandboxRunner) -> Plain:
    """By the interpreter that runs crosstune."""
    python = str(Path(sys.executable).resolve())
    parse = "compile(open('p.py').read(), 'p.py', 'exec')"
    text = _text(program.setup, program.candidate, program.tests)
    return Plain({"p.py": text}, (python, "-I", "-c", parse), program=(python, "-I", "p.py"))


def _javascript(program: Program, runner: SandboxRunner) -> Plain:
    """With a ``console.assert`` that throws: node's own says that it failed, and goes on."""
    node = runtime.executable(runner.sandbox_path)
    text = _text(program.setup, program.candidate, program.tests)
    strict = "console.assert = require('node:assert').ok;\n"
    return Plain(
        {"p.js": text, "strict.js": strict},
        (node, "--check", "p.js"),
        program=(node, "--require", "./strict.js", "p.js"),
    )


def _rust_mounts() -> tuple[Path, ...]:
    return (_toolchain.sysroot(), _crates.folder())


_WAYS: Mapping[str, tuple[Callable[[], tuple[Path, ...]], Callable[[Program, SandboxRunner], Plain]]] = {
    "c": (tuple, _c),
    "cpp": (tuple, _cpp),
    "go": (tuple, _go),
    "javascript": (runtime.mounts, _javascript),
    "python": (tuple, _python),
    "rust": (_rust_mounts, _rust),
}
