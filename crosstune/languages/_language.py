"""What a language is to the other rooms, and what judging a program in it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from crosstune.languages._tools import Preparation, Tool
from crosstune.records import Command, Limits, Program, Requirement

MIB = 1 << 20


@dataclass(frozen=True, kw_only=True)
class BuildPlan:
    """How to build and run a program: its ``files``, put into an empty working folder, the command that
    builds them (None: nothing has to be built), and the one that runs it.

    ``run`` passes when it ends with status 0 and reports ``passed`` and the nonce; it may report ``failed``
    and a status. Where a `CompileServer` has built the program, its files take the place of these, and
    ``build`` is left out.
    """

    run: Command
    build: Command | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    outputs: tuple[str, ...] = ()
    """Patterns of the files that ``build`` leaves and ``run`` needs, where these run in sandboxes apart."""

    @property
    def commands(self) -> tuple[Command, ...]:
        return (self.build, self.run) if self.build else (self.run,)


SandboxPath = Callable[[Path], str]
"""Where the program sees a file or folder of one of the mounts."""


@dataclass(frozen=True, kw_only=True)
class JudgeTask:
    """What is to be assembled: ``limits`` are those that hold, ``nonce`` what its tests shall report."""

    program: Program
    limits: Limits
    nonce: str
    sandbox_path: SandboxPath


@dataclass(frozen=True, kw_only=True)
class CompileResult:
    """What a kept-alive compiler made of a program: the files it wrote or, where it ``refused`` the program,
    what it said."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    refused: bool = False
    stdout: str = ""
    stderr: str = ""


@dataclass(frozen=True, kw_only=True)
class CompileServer:
    """A compiler that stays alive and does what the step ``build`` does, only faster. It runs no program.

    ``argv`` starts it, with ``environment``; it sees ``mounts``. It writes a first frame when it is ready,
    then answers each frame in descriptor 0 with one in descriptor 1: a length of 4 bytes, big-endian, and so
    many bytes. ``request`` puts a job into words, ``reply`` reads the answer; None of either, and a
    server that ends or reaches a limit, leave the program to the step. An answer may not depend on what
    was asked before.

    ``cpu_seconds`` and ``wall_seconds`` hold for one request; ``memory_bytes`` is what may be resident; a new
    server is started after ``requests``.
    """

    argv: Callable[[SandboxPath], tuple[str, ...]]
    request: Callable[[JudgeTask], bytes | None]
    reply: Callable[[bytes], CompileResult | None]
    cpu_seconds: float
    wall_seconds: float
    memory_bytes: int
    requests: int
    mounts: Callable[[], tuple[Path, ...]] = tuple
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class WholePrograms:
    """How programs that have cases are built and run: they read stdin, print, and end with an exit status.

    The command ``run`` of ``plan`` takes more arguments at its end. If one of ``crash_signs`` is in the error
    output of a program that ended with a status other than 0, it crashed.
    """

    plan: Callable[[JudgeTask], BuildPlan]
    compile_server: CompileServer | None = None
    crash_signs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Judging:
    """How programs of a language are judged.

    ``version`` is raised when the same program would be put together differently; ``toolchain`` tells
    the installed versions; ``limits`` hold where a program has none of its own;
    ``plan`` gives the commands; ``mounts`` are the files and folders that
    these read, beyond the system's own; ``preload`` is a Python file that a warm process has run
    beforehand with ``preload_settings``; where one of ``memory_signs`` stands in the error output
    of a failed step, it was short of memory; ``crash_statuses`` are exit statuses of a run time that gave up;
    ``requirements`` are checked beyond ``tools``; ``smoke_test`` is a right candidate and its tests,
    to try an installation with.

    ``preamble`` is what HumanEval's harnesses put before every candidate, ``libraries`` are those that
    single problems of that family use.
    """

    version: int
    smoke_test: tuple[str, str]
    limits: Limits
    plan: Callable[[JudgeTask], BuildPlan]
    toolchain: Callable[[], str]
    mounts: Callable[[], tuple[Path, ...]] = tuple
    preload: Path | None = None
    preload_settings: Callable[[SandboxPath], str] | None = None
    memory_signs: tuple[str, ...] = ()
    crash_statuses: tuple[int, ...] = ()
    requirements: Callable[[], tuple[Requirement, ...]] = tuple
    compile_server: CompileServer | None = None
    preamble: str = ""
    libraries: Callable[[], tuple[Requirement, ...]] = tuple


@dataclass(frozen=True, kw_only=True)
class Language:
    """A programming language as a value.

    ``fences`` are the info strings that open its code blocks in Markdown, the usual one first; ``comment``
    opens a line comment. ``block`` is how a definition ends, where a base model's text is cut;
    ``block_keywords`` are the words that continue or end a block of ``keywords`` (``else``, ``end``);
    ``stops`` end a base model's continuation. ``tools`` must be installed, ``preparations`` are made by
    `install`. ``judging`` is None where code is never run.
    """

    name: str
    title: str
    extensions: tuple[str, ...]
    fences: tuple[str, ...]
    comment: str
    block: Literal["indent", "braces", "keywords", "tags"]
    block_keywords: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    tools: tuple[Tool, ...] = ()
    preparations: tuple[Preparation, ...] = ()
    idioms: Mapping[str, str] = field(default_factory=dict)
    """How the exercises' operations are written; a language without any takes no exercises."""
    literal: Callable[[object], str] | None = None
    """A value (None, bool, int, float, str, list, dict) as source text."""
    judging: Judging | None = None
    whole_programs: WholePrograms | None = None
    """None: programs in this language cannot have cases."""
