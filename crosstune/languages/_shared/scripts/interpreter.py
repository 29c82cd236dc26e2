"""How scripts are judged: by a runner, a script of the language, in a fork of a warm interpreter.

The runner's payload (descriptor 3) is a series of texts, each preceded by its size in bytes as a decimal
number and a newline: the nonce, candidate, and tests. It

1. reads the payload, closes descriptor 3, and keeps the nonce where the candidate cannot find it: in a
   closure, and masked;
2. loads the candidate (``failed compile_error`` if that cannot be parsed, else ``failed runtime_error``),
   as if it were a file, then the tests, as if they followed in the same file;
3. writes ``passed`` and the nonce to descriptor 4 after the last statement of the tests, and ends with
   status 0. It may write ``failed wrong_answer`` where an assertion fails or the tests raise an error
   themselves, or another status, and ends with status 1. Whatever ends the process earlier is no pass.

A server's payload is the candidate and the names of the functions, separated by newlines; it speaks the
protocol of docs/values.md on the descriptors 5 and 6.

Runner and server are copies of a warm process: see `forks`. With the word ``warm`` as its argument, a
script calls the language's own ``fork`` once it has loaded what programs usually need, and continues in the
copy. Where a language has no ``fork``, ``opened`` is a second script, whose path the first one gets as its
argument; it opens that file (once) after it has loaded the rest.

A payload that is too long for a pipe can be read again as long as descriptor 3 is open. Where a language has
no means to close it (``closes_payload`` is False), a long candidate is put into a file instead: its text is
then a zero character and the file's name."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from crosstune.errors import MissingTool
from crosstune.languages._language import BuildPlan, JudgeTask, SandboxPath
from crosstune.languages._shared.limits import ENVIRONMENT
from crosstune.languages._shared.scripts import forks
from crosstune.languages._tools import Tool
from crosstune.records import Command, Limits, Program


def payload(*texts: str) -> str:
    """Texts that a script reads one by one."""
    return "".join(f"{len(text.encode('utf-8', 'surrogatepass'))}\n{text}" for text in texts)


_PIPE_BYTES = 30_000
"""Longer pipes have to be granted by the kernel; else a payload is a file (`crosstune.sandbox`)."""
_LONG = "candidate.txt"


def joined(*parts: str) -> str:
    """Parts of a program, each of which begins on a line of its own."""
    return "\n".join(part for part in parts if part)


@dataclass(frozen=True, kw_only=True)
class Interpreter:
    """An interpreter, and the scripts in its language that judge programs.

    ``tool`` is the program, ``words`` precede each script, and ``separator`` its
    arguments. ``runner`` runs tests, ``server`` serves calls,
    ``opened`` is the second script of each, by its first (see above), and ``data`` are further files or
    folders that they read, beside them. ``extension`` is that of a whole program's file; ``check`` are the
    words that let the interpreter only parse a file (empty: it cannot), ``version`` those that print its
    version. ``checker_words`` are put before a whole program that must not end with status 1 when it
    crashes. ``closes_payload``: see above. ``program_of`` returns candidate and tests as the runner gets
    them, ``preload`` what a program's process loads before the fork: further arguments of the scripts."""

    tool: Tool
    runner: Path
    extension: str
    version: tuple[str, ...] = ("--version",)
    words: tuple[str, ...] = ()
    separator: tuple[str, ...] = ()
    check: tuple[str, ...] = ()
    server: Path | None = None
    opened: Mapping[Path, Path] = field(default_factory=dict)
    data: tuple[Path, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    warm: bool = True
    closes_payload: bool = True
    checker_words: Callable[[SandboxPath], tuple[str, ...]] = lambda _: ()
    limits: Callable[[Limits], Limits] = lambda limits: limits
    preload: Callable[[Program], tuple[str, ...]] = lambda _: ()
    program_of: Callable[[Program], tuple[str, str]] = lambda program: (
        joined(program.setup, program.candidate),
        program.tests,
    )

    def executable(self) -> str:
        """
        Raises:
            MissingTool: it is not installed.
        """
        found = shutil.which(self.tool.name)
        if not found:
            raise MissingTool(self.tool.name, self.tool.purpose, self.tool.install)
        return found

    def toolchain(self) -> str:
        """
        Raises:
            MissingTool: it is not installed.
        """
        done = subprocess.run((self.executable(), *self.version), capture_output=True, text=True, check=True)
        first = next((line for line in (done.stdout + done.stderr).splitlines() if line.strip()), "")
        return first.strip() or self.tool.name

    def mounts(self) -> tuple[Path, ...]:
        scripts = (self.runner, *((self.server,) if self.server else ()), *self.opened.values(), *self.data)
        return (*scripts, *(forks.mounts() if self.warm else ()))

    def plan(self, task: JudgeTask) -> BuildPlan:
        """Run the tests of a program in the candidate's process."""
        candidate, tests = self.program_of(task.program)
        files, text = dict[str, str](), payload(task.nonce, candidate, tests)
        if not self.closes_payload and len(text.encode("utf-8", "surrogatepass")) > _PIPE_BYTES:
            files, text = {_LONG: candidate}, payload(task.nonce, f"\0{_LONG}", tests)
        return BuildPlan(files=files, run=self.script(task, self.runner, text))

    def plan_server(self, task: JudgeTask) -> BuildPlan:
        """Serve the functions of a candidate (see `calls_only`)."""
        assert self.server is not None
        candidate, _ = self.program_of(task.program)
        names = "\n".join(task.program.entry_points)
        return BuildPlan(run=self.script(task, self.server, payload(candidate, names)))

    def plan_whole_program(self, task: JudgeTask) -> BuildPlan:
        """Run a program as a file."""
        name = f"program{self.extension}"
        before = self.checker_words(task.sandbox_path) if task.checker else ()
        program = joined(task.program.setup, task.program.candidate)
        return BuildPlan(
            files={name: program},
            build=self.command(task, *self.check, name) if self.check else None,
            run=self.command(task, *before, name),
            outputs=(name,),
        )

    def script(self, task: JudgeTask, script: Path, text: str) -> Command:
        """Run a script with this payload, in a fork where that is possible."""
        path = task.sandbox_path
        opened = path(self.opened[script]) if script in self.opened else ""
        before = (*((opened,) if opened else ()), *self.preload(task.program))
        argv = (self.executable(), *self.words, path(script), *self.separator, *before)
        warm = argv if opened else (*argv, "warm")
        return Command(
            limits=self.limits(task.limits),
            argv=argv,
            payload=text,
            environment={**ENVIRONMENT, **self.environment},
            template=forks.template(path, warm, opened=opened) if self.warm else (),
        )

    def command(self, task: JudgeTask, *words: str) -> Command:
        """Run the interpreter with these words in the working folder."""
        return Command(
            limits=self.limits(task.limits),
            argv=(self.executable(), *self.words, *words),
            environment={**ENVIRONMENT, **self.environment},
        )
