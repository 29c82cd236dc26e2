"""What gcc and g++ would run, so that it can be run without them.

The driver spends some milliseconds on finding its parts, and its linker is the slow one. It is
asked once (``-###``) for the command lines; then the compiler proper, the assembler and the linker are
called directly, with the very same options.
"""

from __future__ import annotations

import functools
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
class Driven:
    """The command lines for one source file: to ``program.s``, to ``program.o``, to `OUTPUT`."""

    compile: tuple[str, ...]
    assemble: tuple[str, ...]
    link: tuple[str, ...]

    def linked(self, before: Iterable[str], without: Iterable[str] = ()) -> tuple[str, ...]:
        """``link`` with more words before the program's own object file, and ``without`` some."""
        at = self.link.index(_OBJECT)
        spared = frozenset(without)
        return (*self.link[:at], *before, *(word for word in self.link[at:] if word not in spared))


def found(name: str) -> str:
    """The compiler's absolute path; the bare name where it is not installed."""
    return shutil.which(name) or f"/usr/bin/{name}"


@functools.cache
def driven(compiler: str, flags: Sequence[str], libraries: Sequence[str], source: str) -> Driven:
    """
    Raises:
        MissingTool: the compiler is not installed.
        PrerequisiteError: it is none of GCC's, so its steps are not known.
    """
    argv = [found(compiler), "-###", *flags, "-w", source, "-o", OUTPUT, *libraries]
    try:
        done = subprocess.run(argv, env={"LC_ALL": "C"}, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise MissingTool(compiler, f"compiling {source}", f"sudo apt-get install {compiler}") from None
    lines = [shlex.split(line) for line in done.stderr.splitlines() if line.startswith(" ")]
    if len(lines) != 3:
        raise PrerequisiteError(
            f"{found(compiler)} is no compiler of GCC's: expected commands that compile, assemble and link, "
            f"found: {done.stderr}"
        )
    compile_, assemble, link = lines
    made, kept = compile_[compile_.index("-o") + 1], assemble[assemble.index("-o") + 1]
    names = {made: _ASSEMBLY, kept: _OBJECT}
    return Driven(
        tuple(names.get(word, word) for word in compile_),
        tuple(names.get(word, word) for word in (_tool(compiler, assemble[0]), *assemble[1:])),
        (*linker(compiler), *(names.get(word, word) for word in _plain(link[1:]))),
    )


def _plain(words: Sequence[str]) -> Iterable[str]:
    """A linker's options without those of link time optimisation, which nobody asked for."""
    kept = iter(words)
    for word in kept:
        if word == "-plugin":
            next(kept)
        elif not word.startswith("-plugin-opt="):
            yield word


def _tool(compiler: str, name: str) -> str:
    asked = subprocess.run(
        [found(compiler), f"-print-prog-name={name}"], capture_output=True, text=True, check=True
    )
    return shutil.which(asked.stdout.strip()) or name


def linker(compiler: str) -> tuple[str, ...]:
    """The fastest one that is here and that programs can see, else the compiler's own."""
    # Of those that come with GNU's assembler and with Debian; measured with the usual small program of each.
    for name in ("gold", "mold") if compiler == "gcc" else ("mold", "gold"):
        if path := shutil.which(name, path="/usr/bin:/usr/local/bin"):
            # One thread: the program is small, and other programs are judged at the same time.
            return (path, "--no-fork", "--thread-count=1") if name == "mold" else (path,)
    return (_tool(compiler, "ld"),)


@functools.cache
def version(compiler: str) -> str:
    """Of the compiler, and of what links."""
    told = []
    for name in (found(compiler), linker(compiler)[0]):
        done = subprocess.run([name, "--version"], capture_output=True, text=True, check=True)
        told.append(done.stdout.splitlines()[0])
    return "; ".join(told)


@functools.cache
def stamp(compiler: str) -> str:
    """What changes when the compiler itself is another one."""
    (proper, *_) = driven(compiler, (), (), "program.c").compile
    files = [Path(found(compiler)).resolve(), Path(proper)]
    return " ".join(f"{file} {file.stat().st_size} {file.stat().st_mtime_ns}" for file in files)
