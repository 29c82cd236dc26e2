"""The runner of JavaScript programs, and a snapshot of a process that has loaded it."""

from __future__ import annotations

import functools
import hashlib
import subprocess
from pathlib import Path

from crosstune.languages._language import SandboxPath
from crosstune.languages._shared import prepared_state
from crosstune.languages._shared.node import runtime
from crosstune.records import Limits

_RUNNER = Path(__file__).with_name("runner.cjs")
# Keep the snapshot's hash tables: rebuilding them with a new seed takes a fifth of node's start-up time, and
# only protects servers against their clients.
FLAGS = ("--no-rehash-snapshot",)
_SNAPSHOT = "runner.blob"


def runner(sandbox_path: SandboxPath, limits: Limits) -> tuple[str, ...]:
    """node's arguments: flags and the script. A snapshot needs the flags with which it was made. Those of
    memory and stack are among them, so a snapshot exists only for the default limits."""
    flags = runtime.memory_flags(limits)
    blob = snapshot() if flags == runtime.memory_flags(runtime.with_stack(runtime.LIMITS)) else None
    if blob is None:
        return *flags, sandbox_path(_RUNNER)
    return *flags, *FLAGS, "--snapshot-blob", sandbox_path(blob), sandbox_path(_RUNNER)


def mounts() -> tuple[Path, ...]:
    blob = snapshot()
    return (_RUNNER, blob.parent) if blob else (_RUNNER,)


@functools.cache
def snapshot() -> Path | None:
    """The snapshot; None where this version of node cannot make one.

    Raises:
        MissingTool: node is not installed.
        PrerequisiteError: no folder for it is writable.
    """
    inputs = f"{state()} {_command(Path())}"
    key = hashlib.sha256(inputs.encode() + _RUNNER.read_bytes()).hexdigest()[:16]
    made = prepared_state.folder("node", key, _make) / _SNAPSHOT
    return made if made.is_file() else None


def _make(folder: Path) -> None:
    try:
        prepared_state.command((runtime.program(), *_command(folder / _SNAPSHOT)), folder)
    except subprocess.CalledProcessError as error:
        without(folder, _SNAPSHOT, error)


def _command(snapshot: Path) -> tuple[str, ...]:
    flags = runtime.memory_flags(runtime.with_stack(runtime.LIMITS))
    return *flags, *FLAGS, "--snapshot-blob", str(snapshot), "--build-snapshot", str(_RUNNER)


def state() -> str:
    """Identifies the installed node: a snapshot only works with the executable that made it."""
    status = runtime.program().stat()
    return f"{runtime.version()} {runtime.program()} {status.st_size} {status.st_mtime_ns}"


def without(folder: Path, snapshot: str, error: subprocess.CalledProcessError) -> None:
    """Remove an incomplete snapshot, which an older node cannot make, and record the error in its folder."""
    (folder / snapshot).unlink(missing_ok=True)
    (folder / "none.txt").write_text(error.stderr, "utf-8")
