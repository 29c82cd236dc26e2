"""A process of node that forks into candidates' processes: a fraction of what a new process costs.

Each candidate still has a process of its own, with the same memory as one that has just started. It is made
by ``fork`` instead of ``exec``, which node does not support by itself: a small library, preloaded into node,
makes it possible (template.c). The library is compiled once by the system's C compiler and tried (trial.cjs).
Where there is no compiler, or the trial fails with the installed version of node, every candidate's process
is started anew.
"""

from __future__ import annotations

import functools
import hashlib
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from crosstune.languages._language import SandboxPath
from crosstune.languages._shared import prepared_state
from crosstune.languages._shared.node import runtime, snapshot

_ENV = "/usr/bin/env"
_LIBRARY = "template.so"
_SOURCE, _TRIAL = (Path(__file__).with_name(name) for name in ("template.c", "trial.cjs"))
_INCLUDED = Path(__file__).parent.with_name("template.h")
_COMPILERS = ("cc", "gcc", "clang")
_COMPILED = ("-O2", "-shared", "-fPIC")
_TRIAL_SECONDS = 60


def command(sandbox_path: SandboxPath, words: Sequence[str]) -> tuple[str, ...]:
    """The command that starts a template, whose node has the arguments ``words``; empty if there is none."""
    library = _library()
    if library is None or snapshot.BLOB not in words:
        return ()
    path = sandbox_path(library)
    return (_ENV, f"LD_PRELOAD={path}", runtime.executable(sandbox_path), *words, path)


def mounts() -> tuple[Path, ...]:
    library = _library()
    return (library.parent,) if library else ()


@functools.cache
def _library() -> Path | None:
    """The library; None where it cannot be made or does not work.

    Raises:
        MissingTool: node is not installed.
        PrerequisiteError: no folder for it is writable.
    """
    compiler = next(filter(None, map(shutil.which, _COMPILERS)), None)
    if compiler is None or not Path(_ENV).exists():
        return None
    inputs = f"{snapshot.state()} {compiler} {_COMPILED} {snapshot.WITHOUT_THREADS}"
    texts = b"".join(path.read_bytes() for path in (_SOURCE, _INCLUDED, _TRIAL))
    key = hashlib.sha256(inputs.encode() + texts).hexdigest()[:16]
    made = prepared_state.folder("node", key, functools.partial(_make, compiler)) / _LIBRARY
    return made if made.is_file() else None


def _make(compiler: str, folder: Path) -> None:
    library = folder / _LIBRARY
    try:
        prepared_state.command((compiler, *_COMPILED, "-o", library, _SOURCE, "-ldl"), folder)
        node = (runtime.program(), *snapshot.WITHOUT_THREADS, _TRIAL, library)
        prepared_state.command(("timeout", str(_TRIAL_SECONDS), _ENV, f"LD_PRELOAD={library}", *node), folder)
    except subprocess.CalledProcessError as error:
        snapshot.without(folder, _LIBRARY, error)
