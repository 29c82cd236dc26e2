"""Control groups: the kernel's limits on a sandbox's memory and processes, where crosstune may use them."""

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
    """A mounted hierarchy: its version (1 or 2), its controllers, the group below which crosstune makes
    its own."""

    version: int
    controllers: frozenset[str]
    parent: Path


@functools.cache
def trees() -> tuple[Tree, ...]:
    """The hierarchies in which this process can make a group with a memory or process limit."""
    if GROUPS in disabled_features():
        return ()
    candidates = _candidates(
        Path("/proc/self/mountinfo").read_text("utf-8"), Path("/proc/self/cgroup").read_text("utf-8")
    )
    return tuple(tree for tree in candidates if _usable(tree))


def version() -> str:
    """The version of the control groups that limit memory here: ``v2``, ``v1`` or ``none``."""
    return next((f"v{tree.version}" for tree in trees() if "memory" in tree.controllers), "none")


def _candidates(mounts: str, own: str) -> list[Tree]:
    """The hierarchies named in the texts of ``mountinfo`` and ``cgroup``."""
    paths = {frozenset(line.split(":")[1].split(",")): line.split(":", 2)[2] for line in own.splitlines()}
    hierarchies: list[Tree] = []
    for line in mounts.splitlines():
        fields, _, kind = line.partition(" - ")
        point, options = Path(fields.split()[4]), set(kind.split()[-1].split(","))
        if kind.startswith("cgroup2 "):
            here = point / paths.get(frozenset([""]), "/").lstrip("/")
            # A group that contains processes cannot pass controllers on to groups below it; then crosstune's
            # groups are made next to it.
            for parent in (here, here.parent):
                passed_on = _words(parent / "cgroup.subtree_control")
                if wanted := passed_on & {"memory", "pids"}:
                    hierarchies.append(Tree(2, frozenset(wanted), parent))
                    break
        elif kind.startswith("cgroup ") and (wanted := options & {"memory", "pids"}):
            path = next((path for names, path in paths.items() if names & wanted), "/")
            hierarchies.append(Tree(1, frozenset(wanted), point / path.lstrip("/")))
    return hierarchies


def _words(file: Path) -> set[str]:
    try:
        return set(file.read_text("ascii").split())
    except OSError:
        return set()


def _usable(tree: Tree) -> bool:
    """Whether a group can be made there and entered by a process."""
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
    """Remove the groups that killed crosstune processes left behind."""
    for folder in parent.glob(f"{_PREFIX}*"):
        if (match := re.match(rf"{_PREFIX}(\d+)-", folder.name)) and not Path("/proc", match[1]).exists():
            with contextlib.suppress(OSError):
                folder.rmdir()


class Group:
    """A new group in each usable hierarchy; without a hierarchy, nothing is limited."""

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
        """Files to which a process writes ``0`` to enter the group."""
        return [str(folder / "cgroup.procs") for folder in self._folders]

    def limit(self, memory_bytes: int, tasks: int) -> None:
        if self._set == (memory_bytes, tasks):
            return
        if self._memory and self._version == 2:
            (self._memory / "memory.max").write_text(str(memory_bytes), "ascii")
            _write_if_exists(self._memory / "memory.swap.max", "0")
        elif self._memory:
            swap = self._memory / "memory.memsw.limit_in_bytes"
            _write_if_exists(swap, "-1")  # must never be below the limit without swap
            (self._memory / "memory.limit_in_bytes").write_text(str(memory_bytes), "ascii")
            _write_if_exists(swap, str(memory_bytes))
        if self._tasks:
            (self._tasks / "pids.max").write_text(str(tasks), "ascii")
        self._set = (memory_bytes, tasks)

    def denials(self) -> tuple[int, int]:
        """How many processes the kernel has killed for memory so far, and how many new ones it refused."""
        kills = refusals = 0
        if self._memory:
            file = "memory.events" if self._version == 2 else "memory.oom_control"
            kills = self._count(self._memory / file, b"oom_kill ")
        if self._tasks:
            refusals = self._count(self._tasks / "pids.events", b"max ")
        return kills, refusals

    def _count(self, file: Path, key: bytes) -> int:
        """The counter ``key`` of a file, which stays open because it is read before and after every
        program."""
        if file not in self._counters:
            self._counters[file] = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
        for line in os.pread(self._counters[file], 4096, 0).splitlines():
            if line.startswith(key):
                return int(line[len(key) :])
        return 0

    def close(self) -> None:
        """Remove the group; its processes have been killed, but may still be ending."""
        while self._counters:
            os.close(self._counters.popitem()[1])
        deadline = time.monotonic() + _PATIENCE_SECONDS
        for folder in self._folders:
            while folder.exists():
                with contextlib.suppress(OSError):
                    folder.rmdir()
                    break
                if time.monotonic() > deadline:
                    break  # the next start removes it
                time.sleep(0.002)


def _write_if_exists(file: Path, text: str) -> None:
    if file.exists():
        with contextlib.suppress(OSError):  # swap accounting may be compiled in but switched off
            file.write_text(text, "ascii")
