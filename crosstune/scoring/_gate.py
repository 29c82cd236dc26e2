"""The gate: a benchmark's canonical solutions must pass and its buggy ones must fail."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from crosstune.benchmarks import WRONG_SOLUTION, Benchmark
from crosstune.errors import DataError, GateFailed, PrerequisiteError
from crosstune.execution import Judge, reasons_text
from crosstune.records import Isolation, Problem, Program, Progress, Status, Verdict
from crosstune.sandbox import Kind
from crosstune.settings import Settings

Which = Literal["canonical", "buggy"]

_REPETITIONS = 3
"""How often a solution with a wrong outcome is run again, to find out whether its verdict varies."""


@dataclass(frozen=True, slots=True)
class SolutionCounts:
    """The canonical or the buggy solutions of one language.

    ``failed``: the ids of wrong outcomes (a canonical solution that did not pass, a buggy one that did);
    ``excused``: those of them whose row or solution is known to be defective. ``unstable``: those whose
    verdicts differ from run to run, or whose CPU time is near the limit. ``unjudged``: those that could not
    be judged, which is not their fault; ``reasons`` counts why, without rows that are known to be defective.
    ``statuses`` counts the verdicts; ``seconds`` is the time of judging.
    """

    passed: int
    total: int
    failed: tuple[str, ...]
    excused: tuple[str, ...]
    unstable: tuple[str, ...]
    statuses: dict[str, int]
    seconds: float
    unjudged: tuple[str, ...] = ()
    reasons: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gate:
    """The result: ``languages[language][which]``, with ``canonical`` and ``buggy``.

    ``shared[language]`` are the problems with a canonical solution whose tests share a process with the
    candidate, by id, with the reason.
    """

    benchmark: str
    languages: dict[str, dict[str, SolutionCounts]]
    shared: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def failures(self) -> list[str]:
        """One line for every wrong outcome that is neither a known defect nor a failure of the harness."""
        return [
            f"{language}: {which} solution of {name} {'failed' if which == 'canonical' else 'passed'}"
            for language, sides in self.languages.items()
            for which, counts in sides.items()
            for name in counts.failed
            if name not in (*counts.excused, *counts.unjudged)
        ]

    @property
    def reasons(self) -> dict[str, Counter[str]]:
        """Why solutions could not be judged, with their number, by language."""
        return {
            language: reasons
            for language, sides in self.languages.items()
            if (reasons := sum((Counter(counts.reasons) for counts in sides.values()), Counter[str]()))
        }

    def check(self) -> None:
        """
        Raises:
            GateFailed: a canonical solution failed or a buggy one passed.
            PrerequisiteError: some solutions could not be judged here, and no other is wrong.
        """
        unjudged = self._unjudged()
        if lines := self.failures:
            more = f" (and {len(lines) - 10} more)" if len(lines) > 10 else ""
            text = f"the gate of {self.benchmark} failed:\n" + "\n".join(lines[:10]) + more
            raise GateFailed(f"{text}\n{unjudged}" if unjudged else text)
        if unjudged:
            raise PrerequisiteError(unjudged)

    def _unjudged(self) -> str:
        count = sum(reasons.total() for reasons in self.reasons.values())
        text = reasons_text(self.reasons)
        return f"{count} solutions could not be judged (harness_error):\n{text}" if count else ""

    def rows(self) -> dict[str, Any]:
        """The counts as plain values for JSON: ``{language: {canonical: {passed, total, failed, …}, buggy:
        {…}, seconds, shared: {id: reason}}}``."""
        return {
            language: {
                **{which: asdict(counts) for which, counts in sides.items()},
                "seconds": sum(counts.seconds for counts in sides.values()),
                "shared": self.shared.get(language, {}),
            }
            for language, sides in self.languages.items()
        }


def gate(
    benchmark: Benchmark,
    settings: Settings,
    languages: Sequence[str] | None = None,
    *,
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
    names = list(dict.fromkeys(languages or benchmark.languages))
    if unknown := [name for name in names if name not in benchmark.languages]:
        known = ", ".join(benchmark.languages)
        raise DataError(f"{benchmark.name} has no problems in {unknown[0]!r}; its languages: {known}")
    problems = {name: benchmark.problems(settings, name, benchmark.tasks[0]) for name in names}
    sides: tuple[Which, ...] = ("canonical", "buggy")
    total = sum(bool(_solution(p, which)) for own in problems.values() for p in own for which in sides)
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if progress:
            progress(done, total)

    counts: dict[str, dict[str, SolutionCounts]] = {}
    shared: dict[str, dict[str, str]] = {}
    with Judge(workers=workers, sandbox=sandbox, cache=cache, isolation=isolation) as judge:
        for name, own in problems.items():
            shared[name] = _shared(judge, benchmark, [each for each in own if each.canonical])
            counts[name] = {which: _judge_solutions(judge, benchmark, own, which, step) for which in sides}
    return Gate(benchmark=benchmark.name, languages=counts, shared=shared)


def _shared(judge: Judge, benchmark: Benchmark, problems: Sequence[Problem]) -> dict[str, str]:
    """The problems whose tests need the candidate in their own process, with the reason."""
    if judge.isolation == "shared":
        return {problem.id: "isolation is shared" for problem in problems}
    reasons = {problem.id: judge.why_shared(benchmark.program(problem, "")) for problem in problems}
    return {name: reason for name, reason in reasons.items() if reason}


def _solution(problem: Problem, which: Which) -> str:
    return problem.canonical if which == "canonical" else problem.buggy


def _judge_solutions(
    judge: Judge, benchmark: Benchmark, rows: Sequence[Problem], which: Which, step: Any
) -> SolutionCounts:
    problems = [problem for problem in rows if _solution(problem, which)]
    programs: list[Program] = [benchmark.program(p, _solution(p, which)) for p in problems]
    began, statuses, failed = time.monotonic(), dict[str, int](), list[Problem]()
    unstable: list[Problem] = []
    unjudged, reasons = list[Problem](), Counter[str]()
    passed = 0
    for problem, verdict in zip(problems, judge.run(programs), strict=True):
        statuses[verdict.status.value] = statuses.get(verdict.status.value, 0) + 1
        passed += verdict.passed
        # A harness error does not show that a buggy solution fails.
        wrong = verdict.passed != (which == "canonical") or verdict.status is Status.HARNESS_ERROR
        if wrong:
            failed.append(problem)
        if verdict.status is Status.HARNESS_ERROR:
            unjudged.append(problem)
            if not problem.defect:
                reasons[verdict.stderr] += 1
        if verdict.unstable or (
            wrong and _varies(judge, benchmark.program(problem, _solution(problem, which)), verdict)
        ):
            unstable.append(problem)
        step()
    return SolutionCounts(
        passed=passed,
        total=len(problems),
        failed=tuple(problem.id for problem in failed),
        excused=tuple(problem.id for problem in failed if problem.defect or WRONG_SOLUTION in problem.extra),
        unstable=tuple(problem.id for problem in unstable),
        statuses=dict(sorted(statuses.items())),
        seconds=time.monotonic() - began,
        unjudged=tuple(problem.id for problem in unjudged),
        reasons=dict(reasons),
    )


def _varies(judge: Judge, program: Program, verdict: Verdict) -> bool:
    """Whether one of a few further runs ends otherwise."""
    if verdict.status is Status.HARNESS_ERROR:
        return False
    return any(judge.again(program).status is not verdict.status for _ in range(_REPETITIONS))
