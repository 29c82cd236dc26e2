"""The runner of JavaScript programs, and a snapshot of the process that has loaded it, made once."""

from __future__ import annotations

import functools
import hashlib
import subprocess
from pathlib import Path

from crosstune.languages import _node, _prepared
from crosstune.languages._language import MIB, Place

_RUNNER = Path(__file__).with_name("_javascript_runner.cjs")
# Hash tables of the snapshot are taken as they are: finding a new seed is a fifth of node's start, and
# guards servers against their clients.
_FLAGS = ("--no-rehash-snapshot",)
_SNAPSHOT = "runner.blob"


def runner(place: Place, memory_bytes: int) -> tuple[str, ...]:
    """node's arguments: flags and what it runs. A snapshot is made for the usual memory limit only, as it holds
    for the flags alone with which it was made."""
    heap = _heap(memory_bytes)
    found = snapshot() if memory_bytes == _node.LIMITS.memory_bytes else None
    if found is None:
        return heap, place(_RUNNER)
    return heap, *_FLAGS, "--snapshot-blob", place(found), place(_RUNNER)


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
        EnvironmentFault: there is no place for it.
    """
    program = _node.program()
    state = program.stat()
    told = f"{_node.version()} {program} {state.st_size} {state.st_mtime_ns} {_FLAGS} {_node.LIMITS.memory_bytes}"
    key = hashlib.sha256(told.encode() + _RUNNER.read_bytes()).hexdigest()[:16]
    made = _prepared.folder("node", key, _make) / _SNAPSHOT
    return made if made.is_file() else None


def _make(place: Path) -> None:
    command = (
        _node.program(),
        _heap(_node.LIMITS.memory_bytes),
        *_FLAGS,
        "--snapshot-blob",
        place / _SNAPSHOT,
    )
    try:
        _prepared.command((*command, "--build-snapshot", _RUNNER), place)
    except subprocess.CalledProcessError as fault:
        # An older node: its folder stays without a snapshot, and tells why.
        (place / _SNAPSHOT).unlink(missing_ok=True)
        (place / "none.txt").write_text(fault.stderr, "utf-8")
