"""Compile once for all C or C++ programs: the judge's object file, and headers with which many begin."""

from __future__ import annotations

import functools
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from crosstune.files import text_digest
from crosstune.languages._shared import prepared_state
from crosstune.languages._shared.native import driver

JUDGE, FAILED, PANICKED = "judge.o", "crosstune_failed", "crosstune_panicked"
_EXIT, _EXIT_NAME = "crosstune_exit", "exit.txt"
_SOURCE = Path(__file__).with_name("judge.c")
_HEADER, _LIST = "preamble.h", "headers.txt"
_INSTANCES, _INSTANCES_OBJECT, _INSTANCES_SOURCE = "instances.a", "instances.o", "instances.cpp"


@dataclass(frozen=True)
class CompilerSettings:
    """The settings on which a prepared folder depends: the compiler, ``kind`` (c or cpp), its flags, and the
    text of the header. ``instances`` are explicit instantiations of templates, each with ``EXTERN`` in front:
    declarations at the end of the header, definitions in an archive of their own."""

    compiler: str
    kind: str
    flags: tuple[str, ...]
    preamble: str = ""
    instances: str = ""

    def beginning_with(self, text: str) -> CompilerSettings:
        return replace(self, preamble=text)

    def with_flag(self, flag: str) -> CompilerSettings:
        return replace(self, flags=(flag, *self.flags))

    def without_instances(self) -> CompilerSettings:
        return replace(self, instances="")


def header(prepared: Path) -> Path:
    """The file to include; the compiler uses the precompiled one next to it if that fits."""
    return prepared / _HEADER


def instances(prepared: Path) -> tuple[Path, ...]:
    """The archive to link with a program that includes the header; none if there are no instances."""
    made = prepared / _INSTANCES
    return (made,) if made.is_file() else ()


_made: set[CompilerSettings] = set()


def is_made(settings: CompilerSettings) -> bool:
    """Whether this process has prepared the folder already."""
    return settings in _made


@functools.cache
def folder(settings: CompilerSettings) -> Path:
    """The folder with `JUDGE` and, if there is a preamble, `header`. It is made again when the compiler or
    one of the preamble's headers has changed.

    Raises:
        MissingTool: the compiler is not installed.
        PrerequisiteError: the folder cannot be made.
    """
    words = [driver.stamp(settings.compiler), *settings.flags, settings.preamble, settings.instances]
    base = _digest([*words, judge_digest()])
    listed = prepared_state.folder(
        settings.kind, f"headers-{base}", functools.partial(_list_headers, settings)
    )
    files = (listed / _LIST).read_text("utf-8").splitlines()
    complete = prepared_state.folder(
        settings.kind, _digest([base, *map(_state, files)]), functools.partial(_compile, settings)
    )
    _made.add(settings)
    return complete


def _digest(words: Iterable[str]) -> str:
    return text_digest("\0".join(words))[:16]


def _state(file: str) -> str:
    try:
        status = Path(file).stat()
    except FileNotFoundError:
        return f"{file} is gone"
    return f"{file} {status.st_size} {status.st_mtime_ns}"


def _list_headers(settings: CompilerSettings, target: Path) -> None:
    """Write the files that the preamble includes, one per line."""
    (target / _HEADER).write_text(settings.preamble, "utf-8")
    source = ("-x", "c" if settings.kind == "c" else "c++", _HEADER)
    tool = driver.path_of(settings.compiler)
    prepared_state.command([tool, *settings.flags, "-w", "-M", *source, "-MF", "made"], target)
    words = (target / "made").read_text("utf-8").replace("\\\n", " ").split()
    (target / _LIST).write_text("\n".join(word for word in words if word.startswith("/")), "utf-8")


def judge_digest() -> str:
    return _digest([_SOURCE.read_text("utf-8"), _EXIT_NAME])


def compile_judge(target: Path, tool: str) -> None:
    """Compile `JUDGE`. What ends the tests gets a random name: a candidate that knew it would pass."""
    judge = (tool, "-x", "c", "-O1", "-fPIE", "-fno-stack-protector", "-c", _SOURCE, "-o", JUDGE)
    prepared_state.command(judge, target)
    name = f"crosstune_{secrets.token_hex(8)}"
    prepared_state.command((driver.path_of("objcopy"), f"--redefine-sym={_EXIT}={name}", JUDGE), target)
    (target / _EXIT_NAME).write_text(name, "utf-8")


@functools.cache
def exit_name(prepared: Path) -> str:
    """The function that ends the tests with a status."""
    return (prepared / _EXIT_NAME).read_text("utf-8")


def _compile(settings: CompilerSettings, target: Path) -> None:
    tool = driver.path_of(settings.compiler)
    compile_judge(target, tool)
    if settings.instances:
        _compile_instances(settings, target)
    if settings.preamble:
        text = _with_instances(settings, "extern") if settings.instances else settings.preamble
        (target / _HEADER).write_text(text, "utf-8")
        language = "c-header" if settings.kind == "c" else "c++-header"
        made = ("-x", language, _HEADER, "-o", f"{_HEADER}.gch")
        prepared_state.command((tool, *settings.flags, "-w", *made), target)


def _compile_instances(settings: CompilerSettings, target: Path) -> None:
    (target / _INSTANCES_SOURCE).write_text(_with_instances(settings, ""), "utf-8")
    made = ("-w", "-c", _INSTANCES_SOURCE, "-o", _INSTANCES_OBJECT)
    # Of an optimised file, there is half as much to link.
    prepared_state.command((driver.path_of(settings.compiler), "-O1", *settings.flags, *made), target)
    prepared_state.command((driver.path_of("ar"), "rcs", _INSTANCES, _INSTANCES_OBJECT), target)
    (target / _INSTANCES_OBJECT).unlink()


def _with_instances(settings: CompilerSettings, prefix: str) -> str:
    return f"{settings.preamble}\n#define EXTERN {prefix}\n{settings.instances}\n#undef EXTERN\n"
