"""Control groups: the kernel's own count of a sandbox's memory and processes, where we may use it."""

from __future__ import annotations

import contextlib
import functools
import itertools
import os
import re
import time
from dataclasses import dataclass
from pathlib import Path

from crosstune.sandbox._disabled_features import GROUPS, disabled_features

_PREFIX = "crosstune-"
_PATIENCE_SECONDS = 1.0
_numbers = itertools.count()


@dataclass(frozen=True)
class Tree:
    """A mounted hierarchy of groups: version 1 or 2, what it controls, where ours may be made."""

    version: int
    controllers: frozenset[str]
    parent: Path


@functools.cache
def trees() -> tuple[Tree, ...]:
    """The hierarchies in which this process can make a group with a memory or process limit."""
    if GROUPS in disabled_features():
        return ()
    found = _find(
        Path("/proc/self/mountinfo").read_text("utf-8"), Path("/proc/self/cgroup").read_text("utf-8")
    )
    return tuple(tree for tree in found if _usable(tree))


def version() -> str:
    """``v2``, ``v1`` or ``none``: what limits memory here."""
    return next((f"v{tree.version}" for tree in trees() if "memory" in tree.controllers), "none")


def _find(mounts: str, own: str) -> list[Tree]:
    """Candidates, from the text of ``mountinfo`` and of ``cgroup``."""
    places = {frozenset(line.split(":")[1].split(",")): line.split(":", 2)[2] for line in own.splitlines()}
    found: list[Tree] = []
    for line in mounts.splitlines():
        fields, _, kind = line.partition(" - ")
        point, options = Path(fields.split()[4]), set(kind.split()[-1].split(","))
        if kind.startswith("cgroup2 "):
            here = point / places.get(frozenset([""]), "/").lstrip("/")
            # A group with processes of its own cannot hand controllers down, so ours may have to
            # stand beside it.
            for parent in (here, here.parent):
                handed = _words(parent / "cgroup.subtree_control")
                if wanted := handed & {"memory", "pids"}:
                    found.append(Tree(2, frozenset(wanted), parent))
                    break
        elif kind.startswith("cgroup ") and (wanted := options & {"memory", "pids"}):
            place = next((path for names, path in places.items() if names & wanted), "/")
            found.append(Tree(1, frozenset(wanted), point / place.lstrip("/")))
    return found


def _words(file: Path) -> set[str]:
    try:
        return set(file.read_text("ascii").split())
    except OSError:
        return set()


def _usable(tree: Tree) -> bool:
    """Whether a group can really be made there and joined by a process of ours."""
    folder = tree.parent / f"{_PREFIX}{os.getpid()}-probe"
    try:
        folder.mkdir()
    except OSError:
        return False
    try:
        return os.access(folder / "cgroup.procs", os.W_OK) and (tree.version == 1 or _may_move(tree))
    finally:
        folder.rmdir()


def _may_move(tree: Tree) -> bool:
    return os.access(tree.parent / "cgroup.procs", os.W_OK)


def _sweep(parent: Path) -> None:
    """Remove groups of processes of ours that were killed before they could."""
    for folder in parent.glob(f"{_PREFIX}*"):
        if (found := re.match(rf"{_PREFIX}(\d+)-", folder.name)) and not Path("/proc", found[1]).exists():
            with contextlib.suppress(OSError):
                folder.rmdir()


class Group:
    """A group of this process's own in each hierarchy there is; none is a group without limits."""

    def __init__(self) -> None:
        self._memory: Path | None = None
        self._tasks: Path | None = None
        self._folders: list[Path] = []
        self._set: tuple[int, int] | None = None
        self._counters: dict[Path, int] = {}
        for tree in trees():
            _sweep(tree.parent)
            folder = tree.parent / f"{_PREFIX}{os.getpid()}-{next(_numbers)}"
            folder.mkdir()
            self._folders.append(folder)
            if "memory" in tree.controllers:
                self._memory, self._version = folder, tree.version
            if "pids" in tree.controllers:
                self._tasks = folder

    def entry_files(self) -> list[str]:
        """Files to which a process writes ``0`` to enter."""
        return [str(folder / "cgroup.procs") for folder in self._folders]

    def limit(self, memory_bytes: int, tasks: int) -> None:
        if self._set == (memory_bytes, tasks):
            return
        if self._memory and self._version == 2:
            (self._memory / "memory.max").write_text(str(memory_bytes), "ascii")
            _write_if_there(self._memory / "memory.swap.max", "0")
        elif self._memory:
            swap = self._memory / "memory.memsw.limit_in_bytes"
            _write_if_there(swap, "-1")  # may never stand below the limit without swap
            (self._memory / "memory.limit_in_bytes").write_text(str(memory_bytes), "ascii")
            _write_if_there(swap, str(memory_bytes))
        if self._tasks:
            (self._tasks / "pids.max").write_text(str(tasks), "ascii")
        self._set = (memory_bytes, tasks)

    def denials(self) -> tuple[int, int]:
        """How often so far the kernel ended a process for memory, and refused a new one."""
        kills = refusals = 0
        if self._memory:
            file = "memory.events" if self._version == 2 else "memory.oom_control"
            kills = self._count(self._memory / file, b"oom_kill ")
        if self._tasks:
            refusals = self._count(self._tasks / "pids.events", b"max ")
        return kills, refusals

    def _count(self, file: Path, key: bytes) -> int:
        """A number from a file of counters, kept open because it is read around every program."""
        if file not in self._counters:
            self._counters[file] = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
        for line in os.pread(self._counters[file], 4096, 0).splitlines():
            if line.startswith(key):
                return int(line[len(key) :])
        return 0

    def close(self) -> None:
        """Remove the group; its processes have been killed, but may need a moment to be gone."""
        while self._counters:
            os.close(self._counters.popitem()[1])
        deadline = time.monotonic() + _PATIENCE_SECONDS
        for folder in self._folders:
            while folder.exists():
                with contextlib.suppress(OSError):
                    folder.rmdir()
                    break
                if time.monotonic() > deadline:
                    break  # the next start sweeps
                time.sleep(0.002)


def _write_if_there(file: Path, text: str) -> None:
    if file.exists():
        with contextlib.suppress(OSError):  # swap accounting may be compiled in but switched off
            file.write_text(text, "ascii")
