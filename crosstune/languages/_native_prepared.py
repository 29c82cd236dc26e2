"""Compiled once for all C or C++ programs: the judge's own part, and the header that most begin with."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable
from pathlib import Path

from crosstune.languages import _native_driver, _prepared

JUDGE, FAILED, PANICKED = "judge.o", "crosstune_failed", "crosstune_panicked"
_SOURCE = Path(__file__).with_name("_native_judge.c")
_HEADER, _LIST = "preamble.h", "headers.txt"


def header(prepared: Path) -> Path:
    """The file to include; the compiler takes the precompiled one beside it where that fits."""
    return prepared / _HEADER


@functools.cache
def folder(compiler: str, flags: tuple[str, ...], suffix: str, preamble: str) -> Path:
    """The folder with `JUDGE` and, where there is a preamble, `header`; made anew when the compiler or
    one of the preamble's headers has changed.

    Raises:
        MissingTool: the compiler is not installed.
        EnvironmentFault: it cannot be made.
    """
    base = _digest([_native_driver.stamp(compiler), *flags, preamble, _SOURCE.read_text("utf-8")])
    kind = "c" if suffix == ".c" else "cpp"

    def listed(place: Path) -> None:
        _list_headers(place, compiler, flags, kind, preamble)

    def compiled(place: Path) -> None:
        _compile(place, compiler, flags, kind, preamble)

    files = (_prepared.folder(kind, f"headers-{base}", listed) / _LIST).read_text("utf-8").splitlines()
    return _prepared.folder(kind, _digest([base, *map(_state, files)]), compiled)


def _digest(words: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(words).encode()).hexdigest()[:16]


def _state(file: str) -> str:
    try:
        found = Path(file).stat()
    except FileNotFoundError:
        return f"{file} is gone"
    return f"{file} {found.st_size} {found.st_mtime_ns}"


def _list_headers(place: Path, compiler: str, flags: Iterable[str], kind: str, preamble: str) -> None:
    """The files that the preamble includes, one a line."""
    (place / _HEADER).write_text(preamble, "utf-8")
    source = ("-x", "c++" if kind == "cpp" else "c", _HEADER)
    _prepared.command([_native_driver.found(compiler), *flags, "-w", "-M", *source, "-MF", "made"], place)
    words = (place / "made").read_text("utf-8").replace("\\\n", " ").split()
    (place / _LIST).write_text("\n".join(word for word in words if word.startswith("/")), "utf-8")


def judge_digest() -> str:
    return _digest([_SOURCE.read_text("utf-8")])


def compile_judge(place: Path, tool: str) -> None:
    judge = (tool, "-x", "c", "-O1", "-fPIE", "-fno-stack-protector", "-c", _SOURCE, "-o", JUDGE)
    _prepared.command(judge, place)


def _compile(place: Path, compiler: str, flags: Iterable[str], kind: str, preamble: str) -> None:
    tool = _native_driver.found(compiler)
    compile_judge(place, tool)
    if preamble:
        (place / _HEADER).write_text(preamble, "utf-8")
        language = "c++-header" if kind == "cpp" else "c-header"
        made = ("-x", language, _HEADER, "-o", f"{_HEADER}.gch")
        _prepared.command((tool, *flags, "-w", *made), place)
