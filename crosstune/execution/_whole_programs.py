"""Whole programs: built once, then run any number of times, each time in a fresh sandbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from crosstune import sandbox
from crosstune.execution._compile_servers import CompileServers
from crosstune.execution._outcomes import refused
from crosstune.languages import JudgeTask, WholePrograms
from crosstune.records import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltProgram:
    """A program that can be run; ``close`` it after the last run."""

    runner: sandbox.SandboxRunner
    command: Command
    files: Mapping[str, str | bytes] = field(default_factory=dict)
    archive: sandbox.FileArchive | None = None

    def run(
        self,
        stdin: bytes = b"",
        *arguments: str,
        files: Mapping[str, str | bytes] | None = None,
    ) -> sandbox.Outcome:
        """Run it with ``files`` in its working folder, and keep its output.

        Raises:
            SandboxDied: the sandbox ended without an outcome.
        """
        present = {**self.files, **(files or {})}
        (outcome,) = self.runner.run([self._command(stdin, *arguments)], present, self.archive)
        return outcome

    def fetch(
        self, stdin: bytes, *arguments: str, files: Mapping[str, str | bytes], names: Sequence[str]
    ) -> tuple[sandbox.Outcome, dict[str, bytes]]:
        """As `run`, with the files of these names that it left in its working folder.

        Raises: see `run`, and `SandboxRunner.fetch`.
        """
        command = self._command(stdin, *arguments)
        return self.runner.fetch(command, {**self.files, **files}, self.archive, names)

    def _command(self, stdin: bytes, *arguments: str) -> Command:
        argv = (*self.command.argv, *arguments)
        return replace(self.command, argv=argv, stdin=stdin, keep_stdout=True)

    def close(self) -> None:
        if self.archive:
            self.archive.close()


@dataclass(frozen=True, slots=True)
class BuildResult:
    """The result of a build: the ``program``, or None if it failed, and the ``outcome`` of the command."""

    program: BuiltProgram | None
    outcome: sandbox.Outcome


def build(
    task: JudgeTask,
    whole: WholePrograms,
    runner: sandbox.SandboxRunner,
    servers: CompileServers,
    files: Mapping[str, bytes] | None = None,
) -> BuildResult:
    """Build the program of ``task``, with a compile server if one answers, or with ``files`` in the folder.

    Raises:
        DataError: the program's source text cannot be assembled.
        SandboxDied: the sandbox ended without an outcome.
    """
    plan = whole.plan(task)
    assert plan.build is not None
    compiled = None if files else servers.build(task, whole.compile_server)
    if compiled:
        outcome = refused(compiled)
        if compiled.result.refused:
            return BuildResult(None, outcome)
        program = BuiltProgram(runner=runner, command=plan.run, files=compiled.result.files)
        return BuildResult(program, replace(outcome, exit_status=0))
    outcome, archive = runner.build(plan.build, {**(files or {}), **plan.files}, plan.outputs)
    if outcome.error or outcome.limit or outcome.exit_status:
        archive.close()
        return BuildResult(None, outcome)
    return BuildResult(BuiltProgram(runner=runner, command=plan.run, archive=archive), outcome)
