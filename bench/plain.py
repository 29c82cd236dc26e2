"""The plain way to run a program and its tests in each language, as HumanEval's harnesses do it: one
subprocess after another, without a sandbox. Only for code known to be harmless: a benchmark's own solutions.

It is not part of the languages' folders: the package is measured against it, so it shares nothing with the
package's own way of building and running.
"""

from __future__ import annotations

import contextvars
import functools
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bench import plain_tools
from crosstune.errors import DataError, PrerequisiteError
from crosstune.records import Program

TESTIFY = Path("/usr/share/gocode/src")
MODULES = Path(sys.prefix, "share", "crosstune", "javascript", "node_modules")
RUST = Path(__file__).resolve().parent.parent / "crosstune" / "languages" / "rust" / "crates"


_seconds = contextvars.ContextVar("seconds", default=300.0)
"""Wall seconds for one command."""


def passes(program: Program, folder: Path, shared: Path, seconds: float = 300.0) -> bool:
    """Build and run ``program`` in the empty ``folder``; the folder ``shared`` is kept between programs.

    Raises:
        DataError: its language has no plain way.
        PrerequisiteError: a tool of the plain way is not installed.
        TimeoutExpired: a command took longer than ``seconds``; it has been killed.
    """
    if program.language not in WAYS:
        raise DataError(f"{program.language} has no plain way; these have one: {', '.join(sorted(WAYS))}")
    token = _seconds.set(seconds)
    try:
        return WAYS[program.language](program, folder, shared)
    finally:
        _seconds.reset(token)


def _python(program: Program, folder: Path, _: Path) -> bool:
    (folder / "program.py").write_text(_text(program))
    return _run(folder, sys.executable, "program.py")


def _javascript(program: Program, folder: Path, _: Path) -> bool:
    (folder / "program.js").write_text(_text(program))
    return _run(folder, "node", "program.js", environment={"NODE_PATH": str(MODULES)})


def _typescript(program: Program, folder: Path, _: Path) -> bool:
    (folder / "program.ts").write_text(_text(program))
    (folder / "globals.d.ts").write_text("declare var require: any, module: any, process: any;\n")
    flags = [
        "--target",
        "es2022",
        "--module",
        "commonjs",
        "--lib",
        "es2022,dom",
        "--skipLibCheck",
        "--noEmitOnError",
    ]
    tsc = str(MODULES / "typescript" / "bin" / "tsc")
    if not _run(folder, "node", tsc, *flags, "globals.d.ts", "program.ts"):
        return False
    return _run(folder, "node", "program.js", environment={"NODE_PATH": str(MODULES)})


def _c(program: Program, folder: Path, _: Path) -> bool:
    (folder / "program.c").write_text(_text(program))
    return _run(folder, "gcc", "-w", "-std=gnu11", "program.c", "-o", "program", "-lm") and _run(
        folder, "./program"
    )


def _cpp(program: Program, folder: Path, _: Path) -> bool:
    (folder / "program.cpp").write_text(_text(program))
    command = ["g++", "-w", "-std=c++11", "program.cpp", "-o", "program", "-lcrypto", "-lssl"]
    return _run(folder, *command) and _run(folder, "./program")


def _java(program: Program, folder: Path, _: Path) -> bool:
    (folder / "Main.java").write_text(re.sub(r"public class Main \{\s*\}", "", _text(program)))
    return _run(folder, "javac", "-nowarn", "Main.java") and _run(folder, "java", "-cp", ".", "Main")


def _go(program: Program, folder: Path, shared: Path) -> bool:
    """Uses the real testify; the build cache is warm after the first program."""
    if not TESTIFY.is_dir():
        raise PrerequisiteError(
            "testify's sources are missing. Get them: apt-get install golang-github-stretchr-testify-dev"
        )
    parts = [part for part in (program.setup, program.candidate, program.tests) if part.strip()]
    body, paths = "", set[str]()
    for part in parts:
        for group in re.findall(r"^import \((.*?)^\)", part, re.DOTALL | re.MULTILINE):
            paths |= set(re.findall(r'"([^"]+)"', group))
        paths |= set(re.findall(r'^import "([^"]+)"', part, re.MULTILINE))
        bare = re.sub(r"^import \(.*?^\)", "", part, flags=re.DOTALL | re.MULTILINE)
        body += re.sub(r'^(package \w+|import "[^"]+")', "", bare, flags=re.MULTILINE) + "\n"
    used = sorted(path for path in paths if re.search(rf"\b{path.rpartition('/')[2]}\.", body))
    imports = "".join(f'import "{path}"\n' for path in used)
    (folder / "main_test.go").write_text(f"package main\n{imports}\n{body}")
    environment = {
        "GO111MODULE": "off",
        "GOPATH": str(TESTIFY.parent),
        "GOCACHE": str(shared / "go"),
        "GOFLAGS": "",
    }
    return _run(folder, "go", "test", "main_test.go", environment=environment)


def _rust(program: Program, _: Path, shared: Path) -> bool:
    """``cargo test`` in one package, whose crates are built with the first program."""
    package = shared / "rust"
    if not package.exists():
        shutil.copytree(RUST, package)
    (package / "src" / "lib.rs").write_text("")
    text = re.sub(r"^\s*fn\s+main\s*\(\s*\)\s*\{\s*\}", "", _text(program), flags=re.MULTILINE)
    (package / "src" / "main.rs").write_text(f"fn main() {{}}\n{text}")
    debian = "/usr/share/cargo/registry"
    options = ["--offline"]
    if Path(debian).is_dir():
        options += ["--config", 'source.crates-io.replace-with="debian"']
        options += ["--config", f'source.debian.directory="{debian}"']
    return _run(package, "cargo", "test", "--quiet", "--bin", _package_name(package), *options)


def _package_name(package: Path) -> str:
    match = re.search(r'^name = "([^"]+)"', (package / "Cargo.toml").read_text(), re.MULTILINE)
    assert match
    return match[1]


def _script(extension: str, command: Sequence[str], program: Program, folder: Path, _: Path) -> bool:
    """A script that an interpreter runs."""
    name = f"program{extension}"
    (folder / name).write_text(_text(program))
    return _run(folder, *command, name)


def _fortran(program: Program, folder: Path, _: Path) -> bool:
    """McEval's tests open the main program, and the candidate's procedures are the last in it."""
    ends = re.search(r"^\s*end\s*program\b", program.tests, re.IGNORECASE | re.MULTILINE)
    text = _text(program) if ends else f"{program.tests}\n{program.candidate}"
    return plain_tools.compiled(".f90", ("gfortran", "-o", "program"))(text, folder, _run)


def _tools(
    way: Callable[[str, Path, plain_tools.Run], bool], program: Program, folder: Path, _: Path
) -> bool:
    return way(_text(program), folder, _run)


def _text(program: Program) -> str:
    return "\n\n".join(part for part in (program.setup, program.candidate, program.tests) if part)


def _run(folder: Path, *command: str, environment: dict[str, str] | None = None) -> bool:
    # Variables such as NODE_EXTRA_CA_CERTS can double node's start-up time.
    own = {name: value for name, value in os.environ.items() if not name.startswith("NODE_")}
    if not shutil.which(command[0]) and not (folder / command[0]).exists():
        raise PrerequisiteError(f"the plain way needs {command[0]}, which is not installed")
    with subprocess.Popen(
        command,
        cwd=folder,
        env={**own, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        try:
            process.communicate(timeout=_seconds.get())
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # a launcher's virtual machine, too
            raise
    return process.returncode == 0


WAYS: dict[str, Callable[[Program, Path, Path], bool]] = {
    "c": _c,
    "cpp": _cpp,
    "fortran": _fortran,
    "go": _go,
    "java": _java,
    "javascript": _javascript,
    "python": _python,
    "rust": _rust,
    "typescript": _typescript,
    "lua": functools.partial(_script, ".lua", ["lua5.4"]),
    "perl": functools.partial(_script, ".pl", ["perl"]),
    "php": functools.partial(_script, ".php", ["php", "-d", "zend.assertions=1", "-d", "assert.exception=1"]),
    "ruby": functools.partial(_script, ".rb", ["ruby"]),
    **{name: functools.partial(_script, *words) for name, words in plain_tools.SCRIPTS.items()},
    **{name: functools.partial(_tools, way) for name, way in plain_tools.WAYS.items()},
}
