"""The runner of JavaScript programs, and a snapshot of the process that has loaded it, made once."""

from __future__ import annotations

import functools
import hashlib
import subprocess
from pathlib import Path

from crosstune.languages._language import MIB, SandboxPath
from crosstune.languages._shared import prepared_state
from crosstune.languages._shared.node import runtime

_RUNNER = Path(__file__).with_name("runner.cjs")
# Hash tables of the snapshot are taken as they are: finding a new seed is a fifth of node's start, and
# guards servers against their clients.
FLAGS = ("--no-rehash-snapshot",)
_SNAPSHOT = "runner.blob"


def runner(place: SandboxPath, memory_bytes: int) -> tuple[str, ...]:
    """node's arguments: flags and what it runs. A snapshot holds only for the flags with which it was made,
    the memory limit among them, so there is one for the usual limit alone."""
    heap = _heap(memory_bytes)
    found = snapshot() if memory_bytes == runtime.LIMITS.memory_bytes else None
    if found is None:
        return heap, place(_RUNNER)
    return heap, *FLAGS, "--snapshot-blob", place(found), place(_RUNNER)


def mounts() -> tuple[Path, ...]:
    found = snapshot()
    return (_RUNNER, found.parent) if found else (_RUNNER,)


def _heap(memory_bytes: int) -> str:
    return f"--max-old-space-size={memory_bytes // MIB}"


@functools.cache
def snapshot() -> Path | None:
    """The snapshot; None where this version of node makes none.

    Raises:
        MissingTool: node is not installed.
        PrerequisiteError: there is no place for it.
    """
    told = f"{state()} {_command(Path())}"
    key = hashlib.sha256(told.encode() + _RUNNER.read_bytes()).hexdigest()[:16]
    made = prepared_state.folder("node", key, _make) / _SNAPSHOT
    return made if made.is_file() else None


def _make(place: Path) -> None:
    try:
        prepared_state.command((runtime.program(), *_command(place / _SNAPSHOT)), place)
    except subprocess.CalledProcessError as error:
        without(place, _SNAPSHOT, error)


def _command(snapshot: Path) -> tuple[str, ...]:
    heap = _heap(runtime.LIMITS.memory_bytes)
    return heap, *FLAGS, "--snapshot-blob", str(snapshot), "--build-snapshot", str(_RUNNER)


def state() -> str:
    """Which node this is: a snapshot holds for the very program that made it."""
    found = runtime.program().stat()
    return f"{runtime.version()} {runtime.program()} {found.st_size} {found.st_mtime_ns}"


def without(place: Path, snapshot: str, error: subprocess.CalledProcessError) -> None:
    """Leave a folder without its snapshot, which an older node cannot make, and tell why."""
    (place / snapshot).unlink(missing_ok=True)
    (place / "none.txt").write_text(error.stderr, "utf-8")
