"""Checkers: programs that decide whether an output is right. Each thread of a judge builds its own."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from crosstune import sandbox
from crosstune.errors import DataError
from crosstune.execution._compile_servers import CompileServers
from crosstune.execution._languages import judging_of, whole_programs_of
from crosstune.execution._whole_programs import BuiltProgram, build
from crosstune.languages import JudgeTask, WholePrograms
from crosstune.records import Case, Comparison, Program

FILES = ("input.txt", "output.txt", "answer.txt")
"""A checker's arguments, as for contest checkers: the case's input, the output to check, the expected
output."""

_REJECTED = (1, 2)
"""Exit statuses for a wrong answer and for an output of the wrong format, as contest checkers use them."""

_MAX_KEPT = 16


class CheckerFailed(Exception):
    """A checker gave no decision; the message says why."""


class Checkers:
    """The checkers that one thread built most recently. ``runner_of`` returns its runner for a language."""

    def __init__(self, runner_of: Callable[[str], sandbox.SandboxRunner], servers: CompileServers) -> None:
        self._runner_of, self._servers = runner_of, servers
        self._built: OrderedDict[tuple[str, str], BuiltProgram] = OrderedDict()

    def accepts(self, comparison: Comparison, case: Case, output: bytes) -> bool:
        """Run the checker on an output.

        Raises:
            CheckerFailed: it could not be built, crashed, or reached a limit.
        """
        whole = whole_programs_of(comparison.language)
        try:
            program = self._take(comparison, whole)
            contents: tuple[str | bytes, ...] = (case.stdin, output, case.stdout or "")
            files = dict(zip(FILES, contents, strict=True))
            outcome = program.run(b"", *FILES, files=files)
        except (sandbox.SandboxDied, DataError) as error:
            raise CheckerFailed(f"the checker could not be run: {error}") from None
        if outcome.exit_status == 0 and not outcome.limit and not outcome.error:
            return True
        if outcome.signal or outcome.limit or outcome.error or outcome.exit_status not in _REJECTED:
            raise CheckerFailed(_failure("the checker failed", outcome))
        return False

    def _take(self, comparison: Comparison, whole: WholePrograms) -> BuiltProgram:
        """
        Raises:
            CheckerFailed: it could not be built.
        """
        key = (comparison.language, comparison.source)
        if key in self._built:
            self._built.move_to_end(key)
            return self._built[key]
        runner = self._runner_of(comparison.language)
        program = Program("checker", comparison.language, comparison.source)
        limits = judging_of(comparison.language).limits
        task = JudgeTask(
            program=program, limits=limits, nonce="", sandbox_path=runner.sandbox_path, checker=True
        )
        done = build(task, whole, runner, self._servers)
        if done.program is None:
            raise CheckerFailed(_failure("the checker could not be built", done.outcome))
        self._built[key] = done.program
        if len(self._built) > _MAX_KEPT:
            self._built.popitem(last=False)[1].close()
        return done.program

    def close(self) -> None:
        for program in self._built.values():
            program.close()
        self._built.clear()


def _failure(what: str, outcome: sandbox.Outcome) -> str:
    how = f"exit status {outcome.exit_status}"
    if outcome.limit:
        how = f"limit: {outcome.limit}"
    elif outcome.signal:
        how = f"signal {outcome.signal}"
    text = outcome.error or outcome.stderr or outcome.stdout
    if len(text) > 1000:
        text = f"{text[:500]} … {text[-500:]}"
    return f"{what} ({how}): {text}"
