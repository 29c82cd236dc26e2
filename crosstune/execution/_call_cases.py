"""Judge programs whose cases are calls: the judge asks the candidate's process itself, and compares.

There is no process of tests, and nothing that is expected is ever in the candidate's process. One process
answers the calls of all cases. After one in which it ended, the remaining cases have a new process, unless
that has become too frequent.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from crosstune import sandbox
from crosstune.errors import DataError
from crosstune.execution._answers import Answer, AnswerReader, Malformed, TooLarge, handle_of
from crosstune.execution._call_results import failed, passed, same_answer, wrong
from crosstune.execution._compile_servers import Compiled, CompileServers
from crosstune.execution._conversation import Conversation, Gone, OutOfTime, Spent, TooLong, Unasked
from crosstune.execution._languages import call_plan, judging_of
from crosstune.execution._outcomes import refused
from crosstune.execution._pipes import Pipes
from crosstune.execution._same_values import Comparer, parts_of
from crosstune.execution._separate import RunnerOf
from crosstune.execution._status import build_status, status_of
from crosstune.execution._verdicts import result_of, verdict_of
from crosstune.execution._work import Work
from crosstune.languages import (
    BuildPlan,
    CallPlan,
    DoesNotFit,
    JudgeTask,
    Judging,
    dropping,
    making,
    question,
)
from crosstune.records import CallCase, CaseResult, Command, Limits, Program, Status, Verdict

_VERSION = 1
_MOST_PROCESSES = 4
_MOST_TIMEOUTS = 2
"""A program that has hung twice mostly hangs in all cases, and each may take minutes where it only waits."""
_GRACE_SECONDS = 2.0
_MOST_OUTPUT_BYTES = 1 << 30
_MOST_SECONDS = 86_400.0
_SPARE_PARTS = 64


@dataclass(slots=True)
class _Built:
    """How a program's process is started. The first one is built in its own sandbox; if there are more, the
    program is built once more for all of them, into ``archive`` (where the plan names its outputs)."""

    plan: BuildPlan
    compiled: Compiled | None
    archive: sandbox.FileArchive | None = None

    @property
    def commands(self) -> tuple[Command, ...]:
        return (self.plan.run,) if self.compiled or self.archive else self.plan.commands

    @property
    def files(self) -> Mapping[str, str | bytes]:
        if self.archive:
            return {}
        return self.compiled.result.files if self.compiled else self.plan.files

    def keep(self, runner: sandbox.SandboxRunner) -> None:
        """Build it for more than one process.

        Raises:
            SandboxDied: it could be built before, and now it cannot.
        """
        if self.compiled or self.archive or self.plan.build is None or not self.plan.outputs:
            return
        outcome, archive = runner.build(self.plan.build, self.plan.files, self.plan.outputs)
        if outcome.error or outcome.limit or outcome.exit_status:
            archive.close()
            raise sandbox.SandboxDied(
                f"a program could not be built again: {outcome.error or outcome.stderr}"
            )
        self.archive = archive

    def close(self) -> None:
        if self.archive:
            self.archive.close()


@dataclass(slots=True)
class _Run:
    """The results so far, and what the processes have used."""

    results: list[CaseResult] = field(default_factory=list)
    outcomes: list[sandbox.Outcome] = field(default_factory=list)
    build_failure: CaseResult | None = None


@dataclass(frozen=True, slots=True)
class CallJudge:
    """Judges programs on one thread."""

    runner_of: RunnerOf
    servers: CompileServers
    stopping: Work

    def judge(self, program: Program, limits: Limits, margin: float, *, repeated: bool = False) -> Verdict:
        """Judge a program, which in each case may exceed its CPU time by the factor ``margin``.
        ``repeated``: see `build_status`.

        Raises:
            DataError: the calls cannot be made, or the program's source text cannot be assembled.
            SandboxDied: a sandbox ended without an outcome.
            CancelledError: the judge is stopping.
        """
        limits = replace(limits, cpu_seconds=margin * limits.cpu_seconds)
        plan = call_plan(program)
        judging = judging_of(program.language)
        built = self._build(program, plan, limits, len(program.cases))
        if built.compiled and built.compiled.result.refused:
            result = result_of(refused(built.compiled), Status.COMPILE_ERROR)
            return verdict_of(program, "build", result, "separate")
        try:
            run = self._runs(program, plan, built, limits)
        finally:
            built.close()
        if failure := run.build_failure:
            status = build_status(run.outcomes[-1], judging, repeated=repeated)
            stage = "build" if status is Status.COMPILE_ERROR else "run"
            return verdict_of(program, stage, replace(failure, status=status), "separate")
        return _verdict(program, run)

    def _runs(self, program: Program, plan: CallPlan, built: _Built, limits: Limits) -> _Run:
        run = _Run()
        for number in range(_MOST_PROCESSES):
            if number:
                built.keep(self.runner_of(program.language, "candidate"))
            self._run(program, plan, built, limits, run)
            if run.build_failure or _is_done(program, run):
                break
        return run

    def _build(self, program: Program, plan: CallPlan, limits: Limits, cases: int) -> _Built:
        judging = judging_of(program.language)
        assert judging.separate is not None
        program = replace(
            program,
            tests="",
            cases=(),
            candidate=plan.candidate,
            declaration=plan.declaration,
            entry_points=plan.entry_points,
        )
        path = self.runner_of(program.language, "candidate").sandbox_path
        task = JudgeTask(program=program, limits=limits, nonce="", sandbox_path=path, part="candidate")
        built = judging.separate.candidate(task)
        built = replace(built, run=_for_all(built.run, cases))
        compiled = self.servers.build(task, judging.compile_server) if built.build else None
        return _Built(built, compiled)

    def _run(self, program: Program, plan: CallPlan, built: _Built, limits: Limits, run: _Run) -> None:
        """Start a process, and let it answer until it ends or all cases are done."""
        runner = self.runner_of(program.language, "candidate")
        before = len(run.results)
        with Pipes() as pipes:
            running = runner.start(built.commands, built.files, built.archive, pipes.of_candidate)
            pipes.close(pipes.of_candidate)
            try:
                asker = _Asker(Conversation(*pipes.of_tests, running.cpu_seconds, self.stopping), limits)
                ended = asker.cases(program, plan, _starting(built.commands, limits), run.results)
                pipes.close(pipes.of_tests)
                outcomes = running.outcomes_within(0.0 if ended in _STOPPED else _GRACE_SECONDS)
            except BaseException:
                runner.close()
                raise
        run.outcomes += outcomes
        if outcomes[-1].error:
            raise sandbox.SandboxDied(outcomes[-1].error)
        if len(outcomes) < len(built.commands):
            run.build_failure = result_of(outcomes[-1], Status.COMPILE_ERROR)
            return
        _close(run.results, before, ended, outcomes[-1], judging_of(program.language))


def _for_all(command: Command, cases: int) -> Command:
    """The command, with limits for its start and all cases; the limits of one are held by the judge."""
    limits = command.limits
    limits = replace(
        limits,
        cpu_seconds=min(limits.cpu_seconds * (cases + 1), _MOST_SECONDS),
        wall_seconds=min(limits.wall_seconds * (cases + 1), _MOST_SECONDS),
        output_bytes=min(limits.output_bytes * (cases + 1), _MOST_OUTPUT_BYTES),
    )
    return replace(command, limits=limits)


def _starting(commands: tuple[Command, ...], limits: Limits) -> Limits:
    """What may be used until the candidate is loaded: as much as one case, and what its build may use."""
    builds = [command.limits for command in commands[:-1]]
    return replace(
        limits,
        cpu_seconds=limits.cpu_seconds + sum(each.cpu_seconds for each in builds),
        wall_seconds=limits.wall_seconds + sum(each.wall_seconds for each in builds),
    )


@dataclass(frozen=True, slots=True)
class _Asker:
    """Asks the questions of cases within ``limits`` for each."""

    conversation: Conversation
    limits: Limits

    def cases(
        self, program: Program, plan: CallPlan, starting: Limits, results: list[CaseResult]
    ) -> type[Exception] | None:
        """Ask those cases that have no results yet. Returns how the process has ended, if it has."""
        try:
            self.conversation.begin(starting.cpu_seconds, starting.wall_seconds)
            if self.conversation.answer() != b"H" + bytes([_VERSION]):
                raise Malformed("it is no greeting")
            self.conversation.spent()
            for case in program.cases[len(results) :]:
                assert isinstance(case, CallCase)
                results.append(self._case(program, plan, case))
                if program.stop_at_first_failure and results[-1].status is not Status.PASSED:
                    return None
        except (Gone, OutOfTime) as ended:
            spent = self.conversation.spent()
            results.append(failed(Status.TIMEOUT, "", spent))
            return type(ended)
        except TooLong:
            results.append(failed(Status.OUTPUT_LIMIT, "it answered with more than 16 MiB", self._spent()))
            return TooLong
        except Unasked:
            results.append(failed(Status.POLICY, "it answered before it was asked", self._spent()))
            return Unasked
        except Malformed as error:
            results.append(failed(Status.POLICY, f"it answered with no value: {error}", self._spent()))
            return Malformed
        return None

    def _spent(self) -> Spent:
        return self.conversation.spent()

    def _case(self, program: Program, plan: CallPlan, case: CallCase) -> CaseResult:
        """
        Raises:
            Gone, OutOfTime, TooLong, Unasked, Malformed: there is no answer.
        """
        self.conversation.begin(self.limits.cpu_seconds, self.limits.wall_seconds)
        target = plan.targets[case.call]
        parts = 4 * max(parts_of(case.expected), *map(parts_of, case.changed or [None])) + _SPARE_PARTS
        reader = AnswerReader(plan.likeness, parts, compared=case.changed is not None)
        handle = None
        if target.maker:
            frame = self.conversation.ask(making(target.maker))
            handle = handle_of(frame)
            if handle is None:
                return self._judged(program, plan, case, reader, frame, made=True)
        try:
            asked = question(plan, target, case.arguments, handle)
        except DoesNotFit as error:
            raise DataError(f"{case.call}: {error}") from None
        frame = self.conversation.ask(asked)
        result = self._judged(program, plan, case, reader, frame)
        if handle is not None:
            self.conversation.tell(dropping(handle))
        return result

    def _judged(
        self,
        program: Program,
        plan: CallPlan,
        case: CallCase,
        reader: AnswerReader,
        frame: bytes,
        *,
        made: bool = False,
    ) -> CaseResult:
        spent = self.conversation.spent()
        comparer = Comparer.of(case, program.comparison, plan.likeness)
        try:
            answer, rest = reader.begin(frame)
            reader.finish(answer, rest)
            if made and not answer.raised:
                why = f"{plan.targets[case.call].maker} is no object of that class"
                return failed(Status.RUNTIME_ERROR, why, spent)
        except TooLarge:
            return wrong(case, Answer(at=1, complete=False), frame, plan.likeness, spent)
        if same_answer(comparer, case, answer, failing=plan.targets[case.call].failing):
            return passed(answer, spent)
        return wrong(case, answer, frame, plan.likeness, spent)


_STOPPED = frozenset({OutOfTime, TooLong, Unasked, Malformed})
"""After these, the process is stopped."""


def _close(
    results: list[CaseResult],
    before: int,
    ended: type[Exception] | None,
    outcome: sandbox.Outcome,
    judging: Judging,
) -> None:
    """Enter how the process has ended into the result of its last case."""
    if ended in _STOPPED and outcome.limit in (sandbox.Limit.NONE, sandbox.Limit.STOPPED):
        return
    limited = outcome.limit not in (sandbox.Limit.NONE, sandbox.Limit.STOPPED)
    if ended is None and not (limited and results[-1].status is Status.PASSED):
        return
    # Nothing that it reports can pass it: nobody has a nonce.
    status = status_of(outcome, "run", nonce=os.urandom(8).hex(), judging=judging)
    last = results[-1]
    result = result_of(outcome, status)
    alone = len(results) == before + 1
    results[-1] = replace(
        result,
        cpu_seconds=result.cpu_seconds if alone else last.cpu_seconds,
        wall_seconds=result.wall_seconds if alone else last.wall_seconds,
    )


def _is_done(program: Program, run: _Run) -> bool:
    """Whether no more cases are run."""
    failed = [each.status for each in run.results if each.status is not Status.PASSED]
    too_slow = failed.count(Status.TIMEOUT) >= _MOST_TIMEOUTS
    return (
        len(run.results) == len(program.cases) or too_slow or (program.stop_at_first_failure and bool(failed))
    )


def _verdict(program: Program, run: _Run) -> Verdict:
    missing = len(program.cases) - len(run.results)
    results: tuple[CaseResult, ...] = (*run.results, *[CaseResult(None)] * missing)
    shown = next((each for each in results if each.status is not Status.PASSED), results[-1])
    verdict = verdict_of(program, "run", shown, "separate", results)
    return replace(
        verdict,
        cpu_seconds=sum(each.cpu_seconds for each in run.outcomes),
        wall_seconds=sum(each.wall_seconds for each in run.outcomes),
        peak_bytes=max(each.peak_bytes for each in run.outcomes),
    )
