"""Judge programs that have cases: build once, run each case in its own sandbox, compare the output."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace

from crosstune import sandbox
from crosstune.execution._checkers import CheckerFailed, Checkers
from crosstune.execution._comparison import same_output
from crosstune.execution._compile_servers import CompileServers
from crosstune.execution._languages import judging_of, whole_programs_of
from crosstune.execution._outcomes import with_margin
from crosstune.execution._status import build_status, run_status
from crosstune.execution._verdicts import result_of, verdict_of
from crosstune.execution._whole_programs import BuiltProgram, build
from crosstune.execution._work import Work
from crosstune.languages import JudgeTask, Judging
from crosstune.records import Case, CaseResult, ComparisonKind, Program, Status, Verdict

_MORE_OUTPUT_BYTES = 64 << 10
"""A program may print at least this much more than the expected output."""

RunnerOf = Callable[[str], sandbox.SandboxRunner]
"""This thread's runner of a language's whole programs."""


@dataclass(frozen=True, slots=True)
class CaseJudge:
    """Judges programs on one thread. ``death_status`` gives the status after a sandbox has died twice."""

    runner_of: RunnerOf
    servers: CompileServers
    checkers: Checkers
    death_status: Callable[[sandbox.SandboxDied], Status]
    stopping: Work

    def judge(self, program: Program, margin: float, repeated: bool = False) -> Verdict:
        """Judge a program, which in each case may exceed its CPU time by the factor ``margin``.
        ``repeated``: the judge or a tool has failed on it once.

        Raises:
            DataError: the program's source text cannot be assembled.
            SandboxDied: the sandbox ended while the program was built.
            CancelledError: the judge is stopping.
        """
        judging = judging_of(program.language)
        runner = self.runner_of(program.language)
        limits = program.limits or judging.limits
        task = JudgeTask(program=program, limits=limits, nonce="", sandbox_path=runner.sandbox_path)
        built = build(task, whole_programs_of(program.language), runner, self.servers)
        if built.program is None:
            status = build_status(built.outcome, judging, repeated=repeated)
            return verdict_of(program, "build", result_of(built.outcome, status), "separate")
        command = with_margin(built.program.command, margin)
        try:
            results = tuple(self._results(program, replace(built.program, command=command), judging))
        finally:
            built.program.close()
        failed = (result for result in results if result.status is not Status.PASSED)
        shown = next(failed, results[-1])
        verdict = verdict_of(program, "run", shown, "separate", results)
        return replace(
            verdict,
            cpu_seconds=built.outcome.cpu_seconds + sum(each.cpu_seconds for each in results),
            wall_seconds=built.outcome.wall_seconds + sum(each.wall_seconds for each in results),
            peak_bytes=max(built.outcome.peak_bytes, *(each.peak_bytes for each in results)),
        )

    def _results(self, program: Program, built: BuiltProgram, judging: Judging) -> Iterator[CaseResult]:
        failed = False
        for case in program.cases:
            if self.stopping.is_set():
                raise CancelledError
            if failed and program.stop_at_first_failure:
                yield CaseResult(None)
                continue
            assert isinstance(case, Case)
            result = self._result(program, case, built, judging)
            failed = failed or result.status is not Status.PASSED
            yield result

    def _result(self, program: Program, case: Case, built: BuiltProgram, judging: Judging) -> CaseResult:
        try:
            outcome = _run_with_retry(_with_room(built, case), case.stdin.encode("utf-8", "surrogatepass"))
        except sandbox.SandboxDied as error:
            return CaseResult(self.death_status(error), exit_status=-1, stderr=f"the sandbox died: {error}")
        status = run_status(outcome, judging)
        try:
            if status is Status.PASSED and not self._accepts(program, case, outcome.whole_stdout):
                status = Status.WRONG_ANSWER
        except CheckerFailed as error:
            return replace(result_of(outcome, Status.HARNESS_ERROR), stderr=str(error))
        return result_of(outcome, status)

    def _accepts(self, program: Program, case: Case, output: bytes) -> bool:
        """
        Raises:
            CheckerFailed: the checker gave no decision.
        """
        if program.comparison.kind is ComparisonKind.CHECKER:
            return self.checkers.accepts(program.comparison, case, output)
        return case.stdout is None or same_output(case.stdout, output, program.comparison)


def _with_room(built: BuiltProgram, case: Case) -> BuiltProgram:
    """The program with an output limit that leaves room for the expected output."""
    if case.stdout is None:
        return built
    limits = built.command.limits
    least = len(case.stdout.encode("utf-8", "surrogatepass")) + _MORE_OUTPUT_BYTES
    limits = replace(limits, output_bytes=max(limits.output_bytes, least))
    return replace(built, command=replace(built.command, limits=limits))


def _run_with_retry(built: BuiltProgram, stdin: bytes) -> sandbox.Outcome:
    """Run the program; run it again if the sandbox died or failed, which the program did not cause.

    Raises:
        SandboxDied: it died again.
    """
    try:
        outcome = built.run(stdin)
        if not outcome.error:
            return outcome
    except sandbox.SandboxDied:
        pass
    return built.run(stdin)
