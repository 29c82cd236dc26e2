"""Compiled once for all C or C++ programs: the judge's own part, and the headers that many begin with."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from crosstune.languages._shared import prepared_state
from crosstune.languages._shared.native import driver

JUDGE, FAILED, PANICKED = "judge.o", "crosstune_failed", "crosstune_panicked"
_SOURCE = Path(__file__).with_name("judge.c")
_HEADER, _LIST = "preamble.h", "headers.txt"


@dataclass(frozen=True)
class Recipe:
    """What a folder depends on: the compiler, ``kind`` (c or cpp), its flags, and the text of the header."""

    compiler: str
    kind: str
    flags: tuple[str, ...]
    preamble: str = ""

    def beginning_with(self, text: str) -> Recipe:
        return replace(self, preamble=text)


def header(prepared: Path) -> Path:
    """The file to include; the compiler takes the precompiled one beside it where that fits."""
    return prepared / _HEADER


_made: set[Recipe] = set()


def is_made(recipe: Recipe) -> bool:
    """Whether this process knows the folder already."""
    return recipe in _made


@functools.cache
def folder(recipe: Recipe) -> Path:
    """The folder with `JUDGE` and, where there is a preamble, `header`; made anew when the compiler or
    one of the preamble's headers has changed.

    Raises:
        MissingTool: the compiler is not installed.
        PrerequisiteError: it cannot be made.
    """
    words = [driver.stamp(recipe.compiler), *recipe.flags, recipe.preamble]
    base = _digest([*words, _SOURCE.read_text("utf-8")])
    listed = prepared_state.folder(recipe.kind, f"headers-{base}", functools.partial(_list_headers, recipe))
    files = (listed / _LIST).read_text("utf-8").splitlines()
    found = prepared_state.folder(
        recipe.kind, _digest([base, *map(_state, files)]), functools.partial(_compile, recipe)
    )
    _made.add(recipe)
    return found


def _digest(words: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(words).encode()).hexdigest()[:16]


def _state(file: str) -> str:
    try:
        found = Path(file).stat()
    except FileNotFoundError:
        return f"{file} is gone"
    return f"{file} {found.st_size} {found.st_mtime_ns}"


def _list_headers(recipe: Recipe, place: Path) -> None:
    """The files that the preamble includes, one a line."""
    (place / _HEADER).write_text(recipe.preamble, "utf-8")
    source = ("-x", "c" if recipe.kind == "c" else "c++", _HEADER)
    tool = driver.found(recipe.compiler)
    prepared_state.command([tool, *recipe.flags, "-w", "-M", *source, "-MF", "made"], place)
    words = (place / "made").read_text("utf-8").replace("\\\n", " ").split()
    (place / _LIST).write_text("\n".join(word for word in words if word.startswith("/")), "utf-8")


def judge_digest() -> str:
    return _digest([_SOURCE.read_text("utf-8")])


def compile_judge(place: Path, tool: str) -> None:
    judge = (tool, "-x", "c", "-O1", "-fPIE", "-fno-stack-protector", "-c", _SOURCE, "-o", JUDGE)
    prepared_state.command(judge, place)


def _compile(recipe: Recipe, place: Path) -> None:
    tool = driver.found(recipe.compiler)
    compile_judge(place, tool)
    if recipe.preamble:
        (place / _HEADER).write_text(recipe.preamble, "utf-8")
        language = "c-header" if recipe.kind == "c" else "c++-header"
        made = ("-x", language, _HEADER, "-o", f"{_HEADER}.gch")
        prepared_state.command((tool, *recipe.flags, "-w", *made), place)
