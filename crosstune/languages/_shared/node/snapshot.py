"""The scripts that run programs, and snapshots of processes that have loaded them."""

from __future__ import annotations

import functools
import hashlib
import subprocess
from pathlib import Path

from crosstune.languages._language import SandboxPath
from crosstune.languages._shared import prepared_state
from crosstune.languages._shared.node import runtime
from crosstune.records import Limits

DECODER, VALUES, IDENTITY, _OBJECTS = (
    Path(__file__).with_name(f"{name}.cjs") for name in ("decoder", "values", "identity", "objects")
)
_RUNNER, _CANDIDATE = (Path(__file__).with_name(name) for name in ("runner.cjs", "candidate.cjs"))
# Keep the snapshot's hash tables: rebuilding them with a new seed takes a fifth of node's start-up time, and
# only protects servers against their clients.
FLAGS = ("--no-rehash-snapshot",)
# Threads of the engine are missing in a fork (see `template`).
WITHOUT_THREADS = ("--single-threaded", "--v8-pool-size=1")
BLOB = "--snapshot-blob"
_SNAPSHOT = "runner.blob"


def runner(sandbox_path: SandboxPath, limits: Limits) -> tuple[str, ...]:
    """node's arguments that run tests and candidate in one process."""
    return _words(sandbox_path, limits, _RUNNER)


def candidate(sandbox_path: SandboxPath, limits: Limits) -> tuple[str, ...]:
    """node's arguments that serve a candidate."""
    return _words(sandbox_path, limits, _CANDIDATE, DECODER, VALUES, IDENTITY, _OBJECTS)


def _words(sandbox_path: SandboxPath, limits: Limits, script: Path, *read: Path) -> tuple[str, ...]:
    """node's arguments: flags, the script and the files that it reads. A snapshot needs the flags with which
    it was made. Those of memory and stack are among them, so a snapshot exists only for the default
    limits."""
    flags = _flags(limits, script)
    is_usual = flags == _flags(runtime.with_stack(runtime.LIMITS), script)
    blob = snapshot(script, *read) if is_usual else None
    files = map(sandbox_path, (script, *read))
    return *flags, *((*FLAGS, BLOB, sandbox_path(blob)) if blob else ()), *files


def _flags(limits: Limits, script: Path) -> tuple[str, ...]:
    return (*runtime.memory_flags(limits), *(WITHOUT_THREADS if script == _CANDIDATE else ()))


def mounts() -> tuple[Path, ...]:
    return _mounts(_RUNNER)


def candidate_mounts() -> tuple[Path, ...]:
    return _mounts(_CANDIDATE, DECODER, VALUES, IDENTITY, _OBJECTS)


def _mounts(*files: Path) -> tuple[Path, ...]:
    blob = snapshot(*files)
    return (*files, blob.parent) if blob else files


@functools.cache
def snapshot(script: Path = _RUNNER, *read: Path) -> Path | None:
    """The snapshot of a script; None where this version of node cannot make one.

    Raises:
        MissingTool: node is not installed.
        PrerequisiteError: no folder for it is writable.
    """
    inputs = f"{state()} {_command(Path(), script)}"
    texts = b"".join(file.read_bytes() for file in (script, *read))
    key = hashlib.sha256(inputs.encode() + texts).hexdigest()[:16]

    def make(folder: Path) -> None:
        try:
            prepared_state.command((runtime.program(), *_command(folder / _SNAPSHOT, script, *read)), folder)
        except subprocess.CalledProcessError as error:
            without(folder, _SNAPSHOT, error)

    made = prepared_state.folder("node", key, make) / _SNAPSHOT
    return made if made.is_file() else None


def _command(snapshot: Path, script: Path, *files: Path) -> tuple[str, ...]:
    flags = _flags(runtime.with_stack(runtime.LIMITS), script)
    return *flags, *FLAGS, BLOB, str(snapshot), "--build-snapshot", str(script), *map(str, files)


def state() -> str:
    """Identifies the installed node: a snapshot only works with the executable that made it."""
    status = runtime.program().stat()
    return f"{runtime.version()} {runtime.program()} {status.st_size} {status.st_mtime_ns}"


def without(folder: Path, snapshot: str, error: subprocess.CalledProcessError) -> None:
    """Remove an incomplete snapshot, which an older node cannot make, and record the error in its folder."""
    (folder / snapshot).unlink(missing_ok=True)
    (folder / "none.txt").write_text(error.stderr, "utf-8")
