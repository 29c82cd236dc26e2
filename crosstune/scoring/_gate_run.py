"""Run the gate: judge the solutions of one benchmark or of several."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from crosstune.benchmarks import WRONG_SOLUTION, Benchmark
from crosstune.errors import DataError
from crosstune.execution import Judge
from crosstune.records import Isolation, Problem, Program, Progress, Status, Verdict
from crosstune.sandbox import Kind
from crosstune.scoring._gate import Gate, SolutionCounts
from crosstune.settings import Settings

Which = Literal["canonical", "buggy"]

_SIDES: tuple[Which, ...] = ("canonical", "buggy")
_REPETITIONS = 3
"""How often a solution with a wrong outcome is run again, to find out whether its verdict varies."""


@dataclass(frozen=True, kw_only=True)
class GateTask:
    """The problems whose solutions a gate judges: those of a task (default: the benchmark's first), in some
    of its languages (default: all)."""

    benchmark: Benchmark
    settings: Settings
    languages: Sequence[str] = ()
    task: str = ""

    def problems(self) -> dict[str, Sequence[Problem]]:
        """By language.

        Raises:
            DataError: a language that the benchmark does not have, or its data is missing or broken.
        """
        chosen = self.benchmark
        names = list(dict.fromkeys(self.languages or chosen.languages))
        if unknown := [name for name in names if name not in chosen.languages]:
            known = ", ".join(chosen.languages)
            raise DataError(f"{chosen.name} has no problems in {unknown[0]!r}; its languages: {known}")
        task = self.task or chosen.tasks[0]
        return {name: chosen.problems(self.settings, name, task) for name in names}

    def distinct(self) -> list[GateTask]:
        """The same for each task of the benchmark, without those that have no solutions, or an earlier one's.

        Raises: see `problems`.
        """
        tasks, known = list[GateTask](), list[Any]()
        for name in self.benchmark.tasks:
            task = replace(self, task=name)
            every = [each for own in task.problems().values() for each in own]
            solutions = [(each.canonical, each.buggy, each.tests, each.cases) for each in every]
            if any(each.canonical or each.buggy for each in every) and solutions not in known:
                tasks.append(task)
                known.append(solutions)
        return tasks


@dataclass(frozen=True, slots=True)
class _Solution:
    task: int
    """The number of its `GateTask`."""
    which: Which
    problem: Problem
    program: Program


@dataclass(slots=True)
class _Outcomes:
    """The solutions of one side that have been judged."""

    passed: int = 0
    total: int = 0
    seconds: float = 0.0
    failed: list[Problem] = field(default_factory=list)
    unjudged: list[Problem] = field(default_factory=list)
    unstable: list[Problem] = field(default_factory=list)
    again: list[tuple[_Solution, Verdict]] = field(default_factory=list)
    """Those to run again, in case their verdicts vary."""
    statuses: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, solution: _Solution, verdict: Verdict, seconds: float) -> None:
        """Count one verdict."""
        problem = solution.problem
        self.total += 1
        self.passed += verdict.passed
        self.seconds += seconds
        self.statuses[verdict.status.value] += 1
        if verdict.unstable:
            self.unstable.append(problem)
        if verdict.status is Status.HARNESS_ERROR:  # which does not show that a buggy solution fails
            self.failed.append(problem)
            self.unjudged.append(problem)
            self.reasons.update([] if problem.defect else [verdict.stderr])
        elif verdict.passed != (solution.which == "canonical"):
            self.failed.append(problem)
            if not verdict.unstable and _may_vary(problem, verdict):
                self.again.append((solution, verdict))

    def counts(self) -> SolutionCounts:
        """The result."""
        return SolutionCounts(
            passed=self.passed,
            total=self.total,
            failed=tuple(problem.id for problem in self.failed),
            excused=tuple(p.id for p in self.failed if p.defect or WRONG_SOLUTION in p.extra),
            unstable=tuple(problem.id for problem in self.unstable),
            statuses=dict(sorted(self.statuses.items())),
            seconds=self.seconds,
            unjudged=tuple(problem.id for problem in self.unjudged),
            reasons=dict(self.reasons),
        )


def _may_vary(problem: Problem, verdict: Verdict) -> bool:
    """Whether other runs of a wrong outcome tell more: not of a compiler, nor of what is known to fail."""
    return verdict.stage != "build" and WRONG_SOLUTION not in problem.extra


def gate(
    benchmark: Benchmark,
    settings: Settings,
    languages: Sequence[str] | None = None,
    *,
    task: str = "",
    workers: int = 1,
    progress: Progress | None = None,
    sandbox: Kind = "bubblewrap",
    cache: Path | None = None,
    isolation: Isolation = "auto",
) -> Gate:
    """Run the canonical and the buggy solutions of every problem, in all languages by default.

    It only reports; `Gate.check` raises. ``cache`` is a file that stores verdicts.

    Raises:
        DataError: a language that the benchmark does not have, or its data is missing or broken.
        SandboxUnavailable: programs cannot be isolated here.
        MissingTool: a language cannot be built or run here.
    """
    own = GateTask(benchmark=benchmark, settings=settings, languages=languages or (), task=task)
    (result,) = gates(
        [own], workers=workers, progress=progress, sandbox=sandbox, cache=cache, isolation=isolation
    )
    return result


def gates(
    tasks: Sequence[GateTask],
    *,
    workers: int = 1,
    progress: Progress | None = None,
    sandbox: Kind = "bubblewrap",
    cache: Path | None = None,
    isolation: Isolation = "auto",
) -> list[Gate]:
    """The gates of several benchmarks or tasks: all solutions of a language are judged in one go.

    Raises: see `gate`.
    """
    problems = [task.problems() for task in tasks]
    names = list(dict.fromkeys(name for own in problems for name in own))
    total = sum(
        bool(_text(p, which)) for own in problems for ps in own.values() for p in ps for which in _SIDES
    )
    results = [Gate(benchmark=task.benchmark.name, languages={}) for task in tasks]
    done = 0
    for name in names:
        rows = [own.get(name, ()) for own in problems]
        solutions = list(_solutions(tasks, rows))
        with Judge(workers=workers, sandbox=sandbox, cache=cache, isolation=isolation) as judge:
            run = _Run(judge, [{which: _Outcomes() for which in _SIDES} for _ in tasks])
            for _ in run.judged(solutions):
                done += 1
                if progress:
                    progress(done, total)
            run.run_again()
        for number, result in enumerate(results):
            if name in problems[number]:
                result.languages[name] = {w: each.counts() for w, each in run.outcomes[number].items()}
                result.shared[name] = run.shared.get(number, {})
    return results


def _solutions(tasks: Sequence[GateTask], rows: Sequence[Sequence[Problem]]) -> Iterator[_Solution]:
    for number, (task, own) in enumerate(zip(tasks, rows, strict=True)):
        for which in _SIDES:
            for problem in own:
                if text := _text(problem, which):
                    yield _Solution(number, which, problem, task.benchmark.program(problem, text))


def _text(problem: Problem, which: Which) -> str:
    return problem.canonical if which == "canonical" else problem.buggy


class _Run:
    """The solutions of one language."""

    def __init__(self, judge: Judge, outcomes: list[dict[Which, _Outcomes]]) -> None:
        self._judge, self.outcomes = judge, outcomes
        self.shared: dict[int, dict[str, str]] = {}
        """By task and problem: why the tests share a process with the candidate."""

    def judged(self, solutions: Sequence[_Solution]) -> Iterator[None]:
        """Judge them; yields after each."""
        before = time.monotonic()
        verdicts = self._judge.run(solution.program for solution in solutions)
        for solution, verdict in zip(solutions, verdicts, strict=True):
            now = time.monotonic()
            self.outcomes[solution.task][solution.which].add(solution, verdict, now - before)
            before = now
            if solution.which == "canonical" and verdict.isolation != "separate":
                self._note_shared(solution)
            yield

    def _note_shared(self, solution: _Solution) -> None:
        whole = self._judge.isolation == "shared"
        if reason := "isolation is shared" if whole else self._judge.why_shared(solution.program):
            self.shared.setdefault(solution.task, {})[solution.problem.id] = reason

    def run_again(self) -> None:
        """Run those with a wrong outcome again, each alone."""
        for outcomes in (each for own in self.outcomes for each in own.values()):
            for solution, verdict in outcomes.again:
                again = (self._judge.again(solution.program).status for _ in range(_REPETITIONS))
                if any(status is not verdict.status for status in again):
                    outcomes.unstable.append(solution.problem)
