"""The records that define a language and how its programs are judged."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from crosstune.languages._arguments import CallPlan
from crosstune.languages._layout import Layout
from crosstune.languages._syntax import Syntax
from crosstune.languages._tools import Preparation, Tool
from crosstune.languages._typed import TypedSyntax
from crosstune.records import Command, Limits, Program, Requirement

MIB = 1 << 20


@dataclass(frozen=True, kw_only=True)
class BuildPlan:
    """How to build and run a program: the ``files`` to put into an empty working folder, the command that
    builds them (None: nothing has to be built), and the one that runs the result.

    ``run`` passes if it ends with status 0 and reports ``passed`` and the nonce; it may report ``failed``
    and a status. Where a `CompileServer` has built the program, its files replace these, and ``build`` is
    left out. ``outputs`` are patterns of the files that ``build`` writes and ``run`` needs; only they are
    copied where the two run in separate sandboxes.
    """

    run: Command
    build: Command | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    outputs: tuple[str, ...] = ()

    @property
    def commands(self) -> tuple[Command, ...]:
        return (self.build, self.run) if self.build else (self.run,)


Part = Literal["whole", "tests", "candidate"]

SandboxPath = Callable[[Path], str]
"""The path at which the program sees a file or folder of one of the mounts."""


@dataclass(frozen=True, kw_only=True)
class JudgeTask:
    """A program to build and run within ``limits``; it reports ``nonce`` when its tests have passed.

    Where tests and candidate have processes of their own, ``part`` says which one is meant; the program then
    has no candidate, or no tests. A whole program that is a ``checker`` must not end with status 1 or 2 when
    it crashes, since these are its decisions; one that ``has_files`` has those of a client in its folder.
    """

    program: Program
    limits: Limits
    nonce: str
    sandbox_path: SandboxPath
    checker: bool = False
    part: Part = "whole"
    has_files: bool = False


@dataclass(frozen=True, kw_only=True)
class CompileResult:
    """The result of a compile server for a program: the files it wrote or, if it ``refused`` the program,
    its messages."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    refused: bool = False
    stdout: str = ""
    stderr: str = ""


@dataclass(frozen=True, kw_only=True)
class ResidentProcess:
    """A process that is kept running and answers requests; an answer must not depend on earlier ones.

    ``argv`` starts it, with ``environment`` and ``mounts``. It writes one frame when it is ready, then
    answers each frame on descriptor 0 with one on descriptor 1; a frame is its length in 4 bytes, big-endian,
    and that many bytes.

    ``cpu_seconds`` and ``wall_seconds`` limit one request, ``memory_bytes`` the resident memory; after
    ``requests`` the process is replaced by a new one.
    """

    argv: Callable[[SandboxPath], tuple[str, ...]]
    cpu_seconds: float
    wall_seconds: float
    memory_bytes: int
    requests: int
    mounts: Callable[[], tuple[Path, ...]] = tuple
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CompileServer(ResidentProcess):
    """A compiler that is kept running: it gives the result of the command ``build``, but faster. It never
    runs programs.

    ``request`` encodes a task, ``reply`` decodes the answer. If one of them returns None, or the server ends
    or reaches a limit, the program is built by its ``build`` command.
    """

    request: Callable[[JudgeTask], bytes | None]
    reply: Callable[[bytes], CompileResult | None]


@dataclass(frozen=True, kw_only=True)
class TestsReport:
    """What a resident process reports of tests: ``passed``, ``gone`` (the candidate ended) or ``failed`` and
    a status; and what they printed."""

    report: str
    stdout: str = ""
    stderr: str = ""


@dataclass(frozen=True, kw_only=True)
class TestsProcess(ResidentProcess):
    """A process that runs the tests of one program after another, and never any code of a candidate.

    ``request`` encodes a task, whose program has no candidate, and the files that its ``build`` made. Instead
    of an answer the process may send a frame that begins with ``?``: the rest is sent to the candidate's
    process as a frame, or nothing if there is no rest, and the candidate's next frame is returned, after
    ``+``; ``.`` alone means that the candidate's process has ended, ``>`` that its frame is too long. An
    answer begins with ``!``; ``reply`` decodes it, or returns None if it is broken.

    If it ``takes_pipes``, descriptor 0 is a socket, and with the first bytes of a request come the pipes from
    and to the candidate's process (SCM_RIGHTS): that costs less than frames which the judge passes on. The
    process closes both in the end; ``?`` alone then only says that the candidate has sent something.
    """

    request: Callable[[JudgeTask, Mapping[str, bytes]], bytes]
    reply: Callable[[bytes], TestsReport | None]
    takes_pipes: bool = False


@dataclass(frozen=True, kw_only=True)
class SeparateProcesses:
    """How tests and candidate run in processes of their own, which exchange values: see docs/values.md.

    ``why_shared`` returns why the tests of a program need the candidate's objects in their own process; empty
    if values are enough. It is called with a program that has no id and no candidate. ``tests`` returns the
    commands for such a program, which are built once for all candidates: if that fails, the tests share a
    process with the candidate, too. ``candidate`` returns those for a program that has no tests:
    what is ``shown`` of the whole one. It may name more entry points, which the tests use of the declaration.
    Both are joined by descriptors 5 and 6 (`Command`). The tests report ``passed`` and the nonce, ``gone``
    when the candidate's process has ended, or ``failed`` and a status. If there is a ``tests_process``, it
    runs the tests instead of the command ``run``. ``preload_settings`` replaces that of `Judging` for each
    part. ``version`` is raised when something of it changes. ``calls`` plans the calls of a program's
    `CallCase`s, given their names; it raises `DataError` where they cannot be made. None: the language has no
    such cases.
    """

    version: int
    why_shared: Callable[[Program], str]
    tests: Callable[[JudgeTask], BuildPlan]
    candidate: Callable[[JudgeTask], BuildPlan]
    shown: Callable[[Program], Program] = lambda program: replace(program, tests="")
    tests_process: TestsProcess | None = None
    preload_settings: Callable[[Part, SandboxPath], str] | None = None

    calls: Callable[[Program, tuple[str, ...]], CallPlan] | None = None


@dataclass(frozen=True, kw_only=True)
class WholePrograms:
    """How programs that have cases are built and run: they read stdin, print, and end with an exit status.

    The command ``run`` of ``plan`` accepts further arguments at its end.
    """

    plan: Callable[[JudgeTask], BuildPlan]
    compile_server: CompileServer | None = None


@dataclass(frozen=True, kw_only=True)
class UndefinedNames:
    """How a language's tools say that tests call a function which nobody was asked to define.

    ``message`` matches that, with the name as its group. It counts only if nothing that was asked or given
    has the name, and if the tests end in the same way without a candidate, before anything depends on one:
    ``stub`` defines a function that is asked for (``NAME``) as one that ends the process, in a way that no
    test can catch and that is no error. Empty: the tools resolve all names of the tests before they run any.

    ``arranged`` changes the program without a candidate such that a call of the undefined function is the
    first to fail: before its arguments, which may call the candidate, are evaluated. None: it is.
    """

    message: re.Pattern[str]
    stub: str = ""
    arranged: Callable[[Program, str], Program] | None = None


@dataclass(frozen=True, kw_only=True)
class BrokenTests:
    """How a language's tools say that no candidate could pass the tests.

    ``errors`` matches what they say of tests that do not parse, or need a package that is not installed; its
    groups hold what does not depend on the candidate. Where the message would be the same for a candidate
    that does not define what was asked for, ``missing`` matches it, with the name as its group: that is a
    package only if ``imports`` finds it in the tests, and the declaration does not have it.
    ``candidate`` is one that does nothing; empty: a comment. ``undefined`` finds calls of functions that no
    candidate can be expected to define.
    """

    errors: re.Pattern[str] | None = None
    missing: re.Pattern[str] | None = None
    imports: re.Pattern[str] | None = None
    undefined: UndefinedNames | None = None
    candidate: str = ""


@dataclass(frozen=True, kw_only=True)
class Judging:
    """How programs of a language are judged.

    ``version`` is raised when the same program would be built or run differently. ``smoke_test`` is a correct
    candidate and its tests, which show whether an installation works. ``limits`` apply to programs that have
    none of their own. ``plan`` returns the commands; ``mounts`` are the files and folders that they read, in
    addition to the system's. ``toolchain`` returns everything installed that verdicts depend on.

    ``preload`` is a Python file that a warm process runs beforehand, with ``preload_settings``. A failed
    command ran out of memory if its error output contains one of ``out_of_memory_messages``;
    ``crash_statuses`` are exit statuses of a run time that crashed. ``requirements`` are checked in addition
    to the language's tools. ``preamble`` is what HumanEval's harnesses put before every candidate,
    ``libraries`` are those that single problems of that family use. ``standards`` are those of the language
    that a program may ask for, the usual one first.

    ``check_tests`` returns why the tests of a program cannot judge any candidate (they do not parse, need a
    package that is not installed, or check nothing), and how to get what is missing; empty if they can. It is
    called with a program that has no id and no candidate, before any candidate runs, once for the same tests.
    ``broken_tests`` finds the same in what the tools say, where only they know it.
    ``separate`` is how tests and candidate run apart; None: they always share a process. ``inert``:
    candidates are data that the tests' process parses and never runs, so they are apart by nature.
    """

    version: int
    smoke_test: tuple[str, str]
    limits: Limits
    plan: Callable[[JudgeTask], BuildPlan]
    toolchain: Callable[[], str]
    mounts: Callable[[], tuple[Path, ...]] = tuple
    preload: Path | None = None
    preload_settings: Callable[[SandboxPath], str] | None = None
    out_of_memory_messages: tuple[str, ...] = ()
    crash_statuses: tuple[int, ...] = ()
    requirements: Callable[[], tuple[Requirement, ...]] = tuple
    compile_server: CompileServer | None = None
    preamble: str = ""
    libraries: Callable[[], tuple[Requirement, ...]] = tuple
    standards: tuple[str, ...] = ()
    check_tests: Callable[[Program], str] | None = None
    broken_tests: BrokenTests | None = None
    separate: SeparateProcesses | None = None
    inert: bool = False


LanguageSet = Literal["usual", "tests", "all"]
"""``usual`` languages are installed by `make setup`, those of ``tests`` for crosstune's own tests, too; the
others only when they are named. Each set contains the one before it."""


@dataclass(frozen=True, kw_only=True)
class Description:
    """What docs/languages.md says of a language, in Markdown.

    ``tested`` names the tools with which the tests pass, and their version. ``run`` is how programs are built
    and run, ``undefended`` what is not defended (one line each). ``notes`` is a section of its own, without a
    heading.
    """

    run: str
    tested: str = "-"
    undefended: str = "-"
    notes: str = ""


@dataclass(frozen=True, kw_only=True)
class Language:
    """A programming language.

    ``fences`` are the info strings that open its code blocks in Markdown, the usual one first;
    ``line_comment`` opens a line comment, ``comment_end`` closes it where the end of the line does not.
    ``stops`` end a base model's continuation. ``tools`` must be installed, ``preparations`` are made by
    `install`.

    ``idioms`` are the templates of operations in the exercises (a language without any has no exercises);
    ``format_literal`` writes a value (None, bool, int, float, str, list, dict) as source text. ``typed``
    writes types, values and declarations (None: no benchmark can be made for it). ``syntax`` is its grammar;
    without one extraction follows its ``layout``, or takes an answer's code block as it is. ``candidate`` is
    the language's own extraction instead: from a declaration, the function's name, an answer's blocks of code
    and its whole text. ``judging`` is None where code is never run, ``whole_programs`` where programs cannot
    have cases. ``test_runners`` run a file of tests as a whole program, by the names that other harnesses
    have for that.

    ``benchmarks`` maps the names of benchmarks that have rows for the language to what their form says of it
    (see the key ``languages`` in docs/benchmarks.md): its name in the files, or how its texts differ.
    ``language_set`` says when its tools are installed; ``description`` is its row in docs/languages.md.
    """

    name: str
    title: str
    extensions: tuple[str, ...]
    fences: tuple[str, ...]
    line_comment: str
    comment_end: str = ""
    stops: tuple[str, ...] = ()
    tools: tuple[Tool, ...] = ()
    preparations: tuple[Preparation, ...] = ()
    idioms: Mapping[str, str] = field(default_factory=dict)
    format_literal: Callable[[object], str] | None = None
    typed: TypedSyntax | None = None
    syntax: Syntax | None = None
    layout: Layout | None = None
    candidate: Callable[[str, str, Sequence[str], str], str] | None = None
    judging: Judging | None = None
    whole_programs: WholePrograms | None = None
    test_runners: Mapping[str, WholePrograms] = field(default_factory=dict)
    benchmarks: Mapping[str, str | Mapping[str, Any]] = field(default_factory=dict)
    language_set: LanguageSet = "all"
    description: Description | None = None

    def comment(self, text: str) -> str:
        """A line that is a comment."""
        return f"{self.line_comment} {text}{self.comment_end}\n"
