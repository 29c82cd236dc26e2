"""Compile C and C++ without the driver, in the standard that a program asks for.

Where a standard has several options (``gnu++17 or gnu++23``), a program is compiled with the first of them
with which it can be; the messages are those of the last one.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crosstune.languages._language import JudgeTask
from crosstune.languages._shared.native import driver, headers, precompiled
from crosstune.languages._shared.native.precompiled import CompilerSettings
from crosstune.languages._shared.native.standards import Standards


@dataclass(frozen=True, kw_only=True)
class Native:
    """A GCC compiler and how it is called: the ``suffix`` of its files; its ``settings`` with the usual
    preamble, without a standard; its ``standards``; which other ``headers`` may be precompiled.
    ``rarely_needed`` are libraries that the compiler links by default, although few programs need them.
    ``fair`` is a header that finds out which side decides a comparison; only languages with operators have
    one."""

    suffix: str
    settings: CompilerSettings
    standards: Standards
    headers: frozenset[str]
    rarely_needed: tuple[str, ...]
    fair: Path | None = None

    @property
    def grammar(self) -> str:
        return self.settings.kind

    def attempts(self, standard: str = "") -> tuple[CompilerSettings, ...]:
        """The settings for a standard, to be tried one after the other."""
        options = self.standards[standard or next(iter(self.standards))]
        first, *others = (self.settings.with_flag(f"-std={option}") for option in options)
        return (first, *(other.without_instances() for other in others))

    def prepared(self) -> Path:
        """The prepared folder of the usual standard."""
        return precompiled.folder(self.attempts()[0])

    def commands(self, settings: CompilerSettings, libraries: Sequence[str] = ()) -> driver.DriverCommands:
        return driver.commands(settings.compiler, settings.flags, libraries, f"program{self.suffix}")


@dataclass(frozen=True)
class Compilation:
    """How to build one program: the compiler's command lines, to be tried one after the other, and the
    ``objects`` and ``archives`` that it is linked with; the archives belong to its precompiled header."""

    native: Native
    settings: CompilerSettings
    attempts: tuple[tuple[str, ...], ...]
    archives: tuple[str, ...]
    objects: tuple[str, ...] = ()

    def steps(
        self,
        libraries: Sequence[str],
        options: Sequence[str] = (),
        before: Sequence[str] = (),
        between: Sequence[str] = (),
    ) -> str:
        """The shell command that builds the program: with ``options`` for the compiler, linked with
        ``before`` and, if it needs them, ``libraries``. Commands ``between`` are run when it is compiled and
        not yet assembled."""
        *first, last = (shlex.join((*each, *options)) for each in self.attempts)
        tried = "".join(f"{each} 2>/dev/null || " for each in first)
        commands = self.native.commands(self.settings)
        before = (*before, *self.objects)
        # Reading libraries takes longer than all other steps, and most programs need none.
        few = shlex.join(commands.linked(before, self.native.rarely_needed, self.archives))
        all_ = shlex.join(self.native.commands(self.settings, libraries).linked(before, (), self.archives))
        assembled = shlex.join(commands.assemble)
        middle = "".join(f"{each} && " for each in between)
        return f"{{ {tried}{last}; }} && {middle}{assembled} && {{ {few} 2>/dev/null || {all_}; }}"


def compilation(task: JudgeTask, native: Native, text: str) -> tuple[Compilation, str]:
    """How to compile ``text``, and what is left of it, because a precompiled header has its beginning."""
    attempts = native.attempts(task.program.standard)
    head, code = headers.split(attempts[0], native.headers, text)
    commands, archives = [], tuple[str, ...]()
    for settings in attempts:
        included = tuple[str, ...]()
        if head:
            beginning = settings.beginning_with(head.preamble)
            prepared = precompiled.folder(beginning)
            included = ("-include", task.sandbox_path(precompiled.header(prepared)))
            archives += tuple(map(task.sandbox_path, precompiled.instances(prepared)))
        commands.append((*native.commands(settings).compile, *included))
    return Compilation(native, attempts[0], tuple(commands), archives), code
