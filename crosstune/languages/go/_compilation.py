"""How Go's compiler and linker are called: directly, against precompiled packages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from crosstune.languages._language import MIB, SandboxPath
from crosstune.languages._shared.limits import RUN_LIMITS
from crosstune.languages.go import _packages
from crosstune.records import Command, Limits

# The published harness allows 20 s of wall time to compile and run; here it is CPU time.
# The run time starts threads as it needs them.
LIMITS = replace(RUN_LIMITS, cpu_seconds=20, processes=64)
_BUILD_LIMITS = replace(
    LIMITS,
    cpu_seconds=60,
    wall_seconds=180,
    memory_bytes=1024 * MIB,
    file_bytes=64 * MIB,
    disk_bytes=128 * MIB,
)
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": "/box", "LANG": "C.UTF-8", "TMPDIR": "/box"}
# Collect less garbage: these tools end before memory matters.
_BUILD_ENVIRONMENT = {**ENVIRONMENT, "GOMAXPROCS": "1", "GOGC": "400"}

_COMPILE = '"COMPILE" -p PACKAGE -complete -pack -c=1 -dwarf=false -importcfg importcfg -o PACKAGE.a SOURCES'
_LINK = '"LINK" -s -w -importcfg importcfg -o program main.a'
OUTPUT = "program"


def build(
    packages: Mapping[str, Sequence[str]], sandbox_path: SandboxPath, *, emptied: bool = False
) -> Command:
    """The command that compiles packages, each of these source files, and links the last one, main.

    ``emptied``: the files must not be in the working folder while the program runs.
    """
    script = _script(packages, sandbox_path, emptied)
    return Command(limits=_BUILD_LIMITS, argv=("/bin/sh", "-c", script), environment=_BUILD_ENVIRONMENT)


def _script(packages: Mapping[str, Sequence[str]], sandbox_path: SandboxPath, emptied: bool) -> str:
    steps = [
        _COMPILE.replace("PACKAGE", name).replace("SOURCES", " ".join(sources))
        for name, sources in packages.items()
    ]
    sources = [each for files in packages.values() for each in files]
    steps += [_emptied(sources)] if emptied else []
    steps.append(_LINK)
    steps += [_emptied([f"{name}.a" for name in packages])] if emptied else []
    script = " &&\n".join(steps)
    for word, tool in (("COMPILE", "compile"), ("LINK", "link")):
        script = script.replace(word, sandbox_path(_packages.tool(tool)))
    return script


def run(limits: Limits, payload: str = "") -> Command:
    return Command(limits=limits, argv=("/proc/self/cwd/program",), payload=payload, environment=ENVIRONMENT)


def table(files: Mapping[str, Path], sandbox_path: SandboxPath, own: str = "") -> str:
    """The file of every package, in the format of the compiler; ``own``: of one that is compiled here."""
    first = f"packagefile {own}={own}.a\n" if own else ""
    return first + "".join(f"packagefile {path}={sandbox_path(file)}\n" for path, file in files.items())


def _emptied(names: Sequence[str]) -> str:
    return " && ".join(f": > {name}" for name in names)
