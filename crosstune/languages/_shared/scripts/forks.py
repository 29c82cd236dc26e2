"""Warm forks of any interpreter: a program's process is a copy of one that has started and loaded what is
usual.

Each program still has a process of its own, with the same memory as one that has just started. A small
library (forks.c), compiled once by the system's C compiler and preloaded into the interpreter, answers the
sandbox's orders (`Command.template`) at the interpreter's fork point: where it calls ``fork``, or opens a
file of a given path. Where there is no C compiler, or the interpreter has more than one thread at that
point, every program's process is started anew."""

from __future__ import annotations

import functools
import hashlib
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from crosstune.languages._language import SandboxPath
from crosstune.languages._shared import prepared_state

_ENV = "/usr/bin/env"
_LIBRARY = "forks.so"
_SOURCE = Path(__file__).with_name("forks.c")
_INCLUDED = Path(__file__).parent.with_name("template.h")
_COMPILERS = ("cc", "gcc", "clang")
_COMPILED = ("-O2", "-shared", "-fPIC")


def template(sandbox_path: SandboxPath, argv: Sequence[str], *, opened: str = "") -> tuple[str, ...]:
    """The `Command.template` that starts ``argv``; empty if there is none.

    The process is forked where it calls ``fork`` of the C library, which returns 0 in the copies; or, with
    ``opened``, where it opens the file of this path."""
    library = _library()
    if library is None:
        return ()
    fork_point = (f"CROSSTUNE_FORK_AT={opened}",) if opened else ()
    return (_ENV, f"LD_PRELOAD={sandbox_path(library)}", *fork_point, *argv)


def mounts() -> tuple[Path, ...]:
    library = _library()
    return (library.parent,) if library else ()


@functools.cache
def _library() -> Path | None:
    """The library; None where it cannot be compiled.

    Raises:
        PrerequisiteError: no folder for it is writable.
    """
    compiler = next(filter(None, map(shutil.which, _COMPILERS)), None)
    if compiler is None or not Path(_ENV).exists():
        return None
    texts = _SOURCE.read_bytes() + _INCLUDED.read_bytes()
    key = hashlib.sha256(f"{compiler} {_COMPILED}".encode() + texts).hexdigest()[:16]
    made = prepared_state.folder("forks", key, functools.partial(_make, compiler)) / _LIBRARY
    return made if made.is_file() else None


def _make(compiler: str, folder: Path) -> None:
    try:
        prepared_state.command((compiler, *_COMPILED, "-o", folder / _LIBRARY, _SOURCE, "-ldl"), folder)
    except subprocess.CalledProcessError as error:
        (folder / "none.txt").write_text(error.stderr, "utf-8")
