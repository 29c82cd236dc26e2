"""The TypeScript compiler as a server, and a snapshot of the process that has loaded it, made once."""

from __future__ import annotations

import functools
import hashlib
import json
import subprocess
from pathlib import Path

from crosstune.languages._language import MIB, CompileResult, JudgeTask, SandboxPath
from crosstune.languages._shared import prepared_state
from crosstune.languages._shared.node import runtime, snapshot

# What Node.js provides, so that its type packages need not be installed.
GLOBALS = """\
declare var require: any;
declare var module: any;
declare var exports: any;
declare var process: any;
declare var global: any;
"""
# The declarations of the language and the browser are not checked with every program.
OPTIONS = (
    *("--target", "es2022"),
    *("--module", "commonjs"),
    *("--lib", "es2022,dom"),
    "--skipLibCheck",
    "--noEmitOnError",
    "globals.d.ts",
    "program.ts",
)
MEMORY_BYTES = 450 * MIB
_SERVER = Path(__file__).with_name("compiler.cjs")
_FLAGS = ("--max-old-space-size=300", "--single-threaded-gc")
_SNAPSHOT = "compiler.blob"


def compiler() -> Path:
    return runtime.modules() / "typescript"


def boundary(task: JudgeTask) -> str:
    """The statement that parts candidate and tests, before and after compilation. No candidate knows it."""
    return f'void "{hashlib.sha256(task.nonce.encode()).hexdigest()[:32]}";'


def source(task: JudgeTask) -> str:
    program = task.program
    # Ended first is what the candidate left open: no statement of its own may go on into the tests.
    parts = (program.setup, program.candidate, f";{boundary(task)}", program.tests)
    return "\n\n".join(part for part in parts if part)


def server(
    place: SandboxPath, declarations: str = GLOBALS, options: tuple[str, ...] = OPTIONS
) -> tuple[str, ...]:
    """The command that starts it."""
    found = _snapshot(declarations, options)
    fast = (*snapshot.FLAGS, "--snapshot-blob", place(found)) if found else ()
    told = (place(compiler()),) if found else (place(compiler()), declarations, *options)
    return (runtime.executable(place), *_FLAGS, *fast, place(_SERVER), *told)


def mounts(declarations: str = GLOBALS, options: tuple[str, ...] = OPTIONS) -> tuple[Path, ...]:
    found = _snapshot(declarations, options)
    return (_SERVER, found.parent) if found else (_SERVER,)


def request(task: JudgeTask) -> bytes | None:
    """The source; None where it is not Unicode, which tsc has to see by itself."""
    try:
        return source(task).encode()
    except UnicodeEncodeError:
        return None


def reply(data: bytes) -> CompileResult | None:
    """What the server's answer says; None: it could not tell."""
    told = json.loads(data)
    if "errors" in told:
        return CompileResult(refused=True, stdout=told["errors"])
    if "output" not in told:
        return None
    try:
        return CompileResult(files={"program.js": told["output"].encode()})
    except UnicodeEncodeError:
        return None


@functools.cache
def _snapshot(declarations: str, options: tuple[str, ...]) -> Path | None:
    """None where this version of node makes none."""
    manifest = (compiler() / "package.json").read_bytes()
    told = [snapshot.state(), str(compiler()), _FLAGS, snapshot.FLAGS, declarations, options]
    make = functools.partial(_make, declarations, options)
    key = hashlib.sha256(json.dumps(told).encode() + manifest + _SERVER.read_bytes()).hexdigest()[:16]
    made = prepared_state.folder("typescript", key, make) / _SNAPSHOT
    return made if made.is_file() else None


def _make(declarations: str, options: tuple[str, ...], place: Path) -> None:
    command: tuple[str | Path, ...] = (runtime.program(), *_FLAGS, *snapshot.FLAGS)
    command += ("--snapshot-blob", place / _SNAPSHOT)
    try:
        command = (*command, "--build-snapshot", _SERVER, compiler(), declarations, *options)
        prepared_state.command(command, place)
    except subprocess.CalledProcessError as error:
        snapshot.without(place, _SNAPSHOT, error)
