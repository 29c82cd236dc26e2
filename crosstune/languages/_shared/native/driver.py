"""Find out the commands that the drivers gcc and g++ would run, to run them directly.

The driver spends some milliseconds on locating the compiler, the assembler and the linker, and uses a slow
linker. It prints their command lines once (``-###``); then they are called directly, with the same options.
"""

from __future__ import annotations

import functools
import os
import shlex
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from crosstune.errors import MissingTool, PrerequisiteError
from crosstune.languages._tools import Tool

MOLD = Tool(name="mold", package="mold", purpose="linking four times as fast", required=False)

OUTPUT = "program"
BETWEEN = _ASSEMBLY, _OBJECT = "program.s", "program.o"


@dataclass(frozen=True)
class DriverCommands:
    """The command lines that turn a source file into ``program.s``, ``program.o`` and `OUTPUT`."""

    compile: tuple[str, ...]
    assemble: tuple[str, ...]
    link: tuple[str, ...]

    def linked(
        self, before: Iterable[str], without: Iterable[str] = (), after: Iterable[str] = ()
    ) -> tuple[str, ...]:
        """``link`` with more arguments ``before`` and ``after`` the program's object file, and ``without``
        some."""
        at = self.link.index(_OBJECT)
        omitted = frozenset(without)
        rest = (word for word in self.link[at + 1 :] if word not in omitted)
        return (*self.link[:at], *before, _OBJECT, *after, *rest)


def path_of(name: str) -> str:
    """The compiler's absolute path; a path that does not exist if it is not installed."""
    return shutil.which(name) or f"/usr/bin/{name}"


@functools.cache
def commands(compiler: str, flags: Sequence[str], libraries: Sequence[str], source: str) -> DriverCommands:
    """The commands that the driver ``compiler`` would run.

    Raises:
        MissingTool: the compiler is not installed.
        PrerequisiteError: it is not GCC, so its steps are unknown.
    """
    argv = [path_of(compiler), "-###", *flags, "-w", source, "-o", OUTPUT, *libraries]
    try:
        done = subprocess.run(argv, env={"LC_ALL": "C"}, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise MissingTool(compiler, f"compiling {source}", f"sudo apt-get install {compiler}") from None
    lines = [shlex.split(line) for line in done.stderr.splitlines() if line.startswith(" ")]
    if len(lines) != 3:
        raise PrerequisiteError(
            f"{path_of(compiler)} is not a GCC compiler: expected commands that compile, assemble "
            f"and link, got: {done.stderr}"
        )
    compile_, assemble, link = lines
    made, kept = compile_[compile_.index("-o") + 1], assemble[assemble.index("-o") + 1]
    names = {made: _ASSEMBLY, kept: _OBJECT}
    return DriverCommands(
        tuple(names.get(word, word) for word in compile_),
        tuple(names.get(word, word) for word in (_tool(compiler, assemble[0]), *assemble[1:])),
        (*linker(compiler), *(names.get(word, word) for word in _plain(link[1:]))),
    )


def _plain(words: Sequence[str]) -> Iterable[str]:
    """A linker's options without those for link-time optimisation, which is not used."""
    kept = iter(words)
    for word in kept:
        if word == "-plugin":
            next(kept)
        elif not word.startswith("-plugin-opt="):
            yield word


def _tool(compiler: str, name: str) -> str:
    done = subprocess.run(
        [path_of(compiler), f"-print-prog-name={name}"], capture_output=True, text=True, check=True
    )
    return shutil.which(done.stdout.strip()) or name


def linker(compiler: str) -> tuple[str, ...]:
    """The fastest linker that is installed and that programs can see, else the compiler's own."""
    # gold is part of GNU binutils, mold a Debian package. The order was measured with a typical small
    # program of each language.
    for name in ("gold", "mold") if compiler == "gcc" else ("mold", "gold"):
        if path := shutil.which(name, path="/usr/bin:/usr/local/bin"):
            # One thread, because the program is small and others are judged at the same time.
            return (path, "--no-fork", "--thread-count=1") if name == "mold" else (path,)
    return (_tool(compiler, "ld"),)


@functools.cache
def include_folders(compiler: str, kind: str) -> tuple[str, ...]:
    """The folders in which ``#include <…>`` looks for headers, of a ``kind`` of source (c or cpp); none if
    the compiler does not list them."""
    source = "c" if kind == "c" else "c++"
    argv = [path_of(compiler), "-E", "-v", "-x", source, os.devnull]
    done = subprocess.run(argv, env={"LC_ALL": "C"}, capture_output=True, text=True, check=False)
    _, _, after = done.stderr.partition("#include <...> search starts here:\n")
    listed, ended, _ = after.partition("End of search list.")
    return tuple(line.strip() for line in listed.splitlines()) if ended else ()


@functools.cache
def version(compiler: str) -> str:
    """The versions of the compiler and the linker."""
    versions = []
    for name in (path_of(compiler), linker(compiler)[0]):
        done = subprocess.run([name, "--version"], capture_output=True, text=True, check=True)
        versions.append(done.stdout.splitlines()[0])
    return "; ".join(versions)


@functools.cache
def stamp(compiler: str) -> str:
    """A text that changes when the compiler does."""
    (proper, *_) = commands(compiler, (), (), "program.c").compile
    files = [Path(path_of(compiler)).resolve(), Path(proper)]
    return " ".join(f"{file} {file.stat().st_size} {file.stat().st_mtime_ns}" for file in files)
