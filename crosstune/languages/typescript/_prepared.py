"""The TypeScript compiler as a server, and a snapshot of a process that has loaded it."""

from __future__ import annotations

import functools
import hashlib
import json
import subprocess
from pathlib import Path

from crosstune.files import text_digest
from crosstune.languages._language import MIB, CompileResult, JudgeTask, SandboxPath
from crosstune.languages._shared import prepared_state
from crosstune.languages._shared.node import runtime, snapshot

# Declarations of what Node.js provides; its type packages need not be installed.
GLOBALS = """\
declare var require: any;
declare var module: any;
declare var exports: any;
declare var process: any;
declare var global: any;
"""
# The declarations of the language and the browser are not checked again with every program.
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
    """The statement that separates candidate and tests, also after compilation. No candidate knows it."""
    return f'void "{text_digest(task.nonce)[:32]}";'


def source(task: JudgeTask) -> str:
    program = task.program
    # The semicolon ends an open statement of the candidate, which must not extend into the tests.
    parts = (program.setup, program.candidate, f";{boundary(task)}", program.tests)
    return "\n\n".join(part for part in parts if part)


def server(
    sandbox_path: SandboxPath, declarations: str = GLOBALS, options: tuple[str, ...] = OPTIONS
) -> tuple[str, ...]:
    """The command that starts the server."""
    blob = _snapshot(declarations, options)
    fast = (*snapshot.FLAGS, "--snapshot-blob", sandbox_path(blob)) if blob else ()
    loaded = (sandbox_path(compiler()),) if blob else (sandbox_path(compiler()), declarations, *options)
    return (runtime.executable(sandbox_path), *_FLAGS, *fast, sandbox_path(_SERVER), *loaded)


def mounts(declarations: str = GLOBALS, options: tuple[str, ...] = OPTIONS) -> tuple[Path, ...]:
    blob = _snapshot(declarations, options)
    return (_SERVER, blob.parent) if blob else (_SERVER,)


def request(task: JudgeTask) -> bytes | None:
    """The source; None if it is not valid Unicode, which tsc itself must report."""
    try:
        return source(task).encode()
    except UnicodeEncodeError:
        return None


def reply(data: bytes) -> CompileResult | None:
    """Decode the server's reply; None if it could not decide."""
    answer = json.loads(data)
    if "errors" in answer:
        return CompileResult(refused=True, stdout=answer["errors"])
    if "output" not in answer:
        return None
    try:
        return CompileResult(files={"program.js": answer["output"].encode()})
    except UnicodeEncodeError:
        return None


@functools.cache
def _snapshot(declarations: str, options: tuple[str, ...]) -> Path | None:
    """The snapshot; None if this version of node cannot make one."""
    manifest = (compiler() / "package.json").read_bytes()
    inputs = [snapshot.state(), str(compiler()), _FLAGS, snapshot.FLAGS, declarations, options]
    make = functools.partial(_make, declarations, options)
    key = hashlib.sha256(json.dumps(inputs).encode() + manifest + _SERVER.read_bytes()).hexdigest()[:16]
    made = prepared_state.folder("typescript", key, make) / _SNAPSHOT
    return made if made.is_file() else None


def _make(declarations: str, options: tuple[str, ...], folder: Path) -> None:
    command: tuple[str | Path, ...] = (runtime.program(), *_FLAGS, *snapshot.FLAGS)
    command += ("--snapshot-blob", folder / _SNAPSHOT)
    try:
        command = (*command, "--build-snapshot", _SERVER, compiler(), declarations, *options)
        prepared_state.command(command, folder)
    except subprocess.CalledProcessError as error:
        snapshot.without(folder, _SNAPSHOT, error)
