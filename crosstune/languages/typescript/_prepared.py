"""The TypeScript compiler as a server, and a snapshot of a process that has loaded it."""

from __future__ import annotations

import functools
import hashlib
import json
import subprocess
from pathlib import Path

from crosstune.languages._language import MIB, CompileResult, JudgeTask, SandboxPath
from crosstune.languages._shared import prepared_state
from crosstune.languages._shared.node import modules, runtime, snapshot, waits
from crosstune.languages._shared.node.edits import Edits
from crosstune.languages.typescript import _stubs
from crosstune.parsing import CodeParser
from crosstune.records import Program

STANDARDS = (
    "es2023",
    "es2022",
    "es2021",
    "es2020",
    "es2019",
    "es2018",
    "es2017",
    "es2016",
    "es2015",
    "esnext",
)
"""The values of ``--target`` and ``--lib``."""
REQUEST = "request.json"
MEMORY_BYTES = 600 * MIB
_COMPILER = Path(__file__).with_name("compiler.cjs")
_FLAGS = ("--max-old-space-size=450", "--single-threaded-gc")
_SNAPSHOT = "compiler.blob"
_KEPT = 1024


def prepared_candidate(program: Program) -> modules.Script:
    text = "\n\n".join(modules.plain(part) for part in (program.setup, program.candidate) if part)
    root = CodeParser("typescript").parse(text) if "await" in text else None
    return modules.Script(text, root is not None and modules.awaits(root))


@functools.lru_cache(maxsize=_KEPT)
def prepared_tests(tests: str) -> modules.Script:
    """The tests, which count what they wait for."""
    text = modules.plain(tests)
    root = CodeParser("typescript").parse(text) if "await" in text or waits.may_wait(text) else None
    if root is None or root.has_error:
        return modules.Script(text)
    edits = Edits(text)
    waits.watch(edits, root)
    return modules.Script(edits.result(), modules.awaits(root))


def request(task: JudgeTask) -> bytes:
    """The request for a candidate and its tests, or for that of the two which the task is about."""
    program = task.program
    if task.part == "tests":
        return _encoded(program, _stubs.module(program), tests=prepared_tests(program.tests).text)
    tests = "" if task.part == "candidate" else prepared_tests(program.tests).text
    return _encoded(program, prepared_candidate(program).text, tests=tests)


def whole_request(task: JudgeTask) -> bytes:
    """The request for a whole program."""
    return _encoded(task.program, prepared_candidate(task.program).text)


def _encoded(program: Program, candidate: str, **tests: str) -> bytes:
    standard = program.standard or STANDARDS[0]
    return json.dumps({"candidate": candidate, **tests, "standard": standard}).encode()


def server(sandbox_path: SandboxPath) -> tuple[str, ...]:
    """The command that starts the server."""
    return _command(sandbox_path)


def compile_one(sandbox_path: SandboxPath) -> tuple[str, ...]:
    """The command that compiles the request in the working folder; it takes as long as tsc."""
    return (*_command(sandbox_path), REQUEST)


def _command(sandbox_path: SandboxPath) -> tuple[str, ...]:
    blob = _snapshot()
    fast = (*snapshot.FLAGS, "--snapshot-blob", sandbox_path(blob)) if blob else ()
    node = runtime.executable(sandbox_path)
    return (node, *_FLAGS, *fast, sandbox_path(_COMPILER), sandbox_path(runtime.modules()))


def mounts() -> tuple[Path, ...]:
    blob = _snapshot()
    return (_COMPILER, blob.parent) if blob else (_COMPILER,)


def reply(data: bytes) -> CompileResult | None:
    """Decode the server's reply; None if it could not decide, or wrote what is not Unicode."""
    answer = json.loads(data)
    if "errors" in answer:
        return CompileResult(refused=True, stdout=answer["errors"])
    if "files" not in answer:
        return None
    try:
        return CompileResult(files={name: text.encode() for name, text in answer["files"].items()})
    except UnicodeEncodeError:
        return None


@functools.cache
def _snapshot() -> Path | None:
    """The snapshot; None if this version of node cannot make one."""
    inputs = [snapshot.state(), str(runtime.modules()), runtime.toolchain(), _FLAGS, snapshot.FLAGS]
    key = hashlib.sha256(json.dumps(inputs).encode() + _COMPILER.read_bytes()).hexdigest()[:16]
    made = prepared_state.folder("typescript", key, _make) / _SNAPSHOT
    return made if made.is_file() else None


def _make(folder: Path) -> None:
    command: tuple[str | Path, ...] = (runtime.program(), *_FLAGS, *snapshot.FLAGS)
    command += ("--snapshot-blob", folder / _SNAPSHOT, "--build-snapshot", _COMPILER, runtime.modules())
    try:
        prepared_state.command(command, folder)
    except subprocess.CalledProcessError as error:
        snapshot.without(folder, _SNAPSHOT, error)
