"""The gate: before a benchmark's scores mean anything, its solutions must pass and its buggy ones fail."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from crosstune.benchmarks import Benchmark
from crosstune.errors import DataError, GateFailed
from crosstune.execution import Judge
from crosstune.records import Problem, Program, Progress, Status
from crosstune.sandbox import Kind
from crosstune.settings import Settings

Which = Literal["canonical", "buggy"]


@dataclass(frozen=True, slots=True)
class Tried:
    """One sort of solutions of one language.

    ``failed`` are the ids of those that did not do as they should (a canonical one that did not pass, a
    buggy one that did); ``excused`` those of them whose row is known to be defective. ``statuses`` counts
    the verdicts; ``seconds`` is how long judging took.
    """

    passed: int
    total: int
    failed: tuple[str, ...]
    excused: tuple[str, ...]
    statuses: dict[str, int]
    seconds: float


@dataclass(frozen=True, slots=True)
class Gate:
    """What the gate found: by language, by ``canonical`` and ``buggy``."""

    benchmark: str
    languages: dict[str, dict[str, Tried]]

    @property
    def failures(self) -> list[str]:
        """One line for every solution that did not do as it should, without the known defects."""
        return [
            f"{language}: {which} solution of {name} {'failed' if which == 'canonical' else 'passed'}"
            for language, tried in self.languages.items()
            for which, found in tried.items()
            for name in found.failed
            if name not in found.excused
        ]

    def check(self) -> None:
        """
        Raises:
            GateFailed: a solution did not do as it should.
        """
        if lines := self.failures:
            more = f" (and {len(lines) - 10} more)" if len(lines) > 10 else ""
            raise GateFailed(f"the gate of {self.benchmark} does not hold:\n" + "\n".join(lines[:10]) + more)

    def rows(self) -> dict[str, Any]:
        """As plain values for JSON: ``{language: {canonical: {passed, total, failed, …}, buggy:
        {…}, seconds}}``."""
        return {
            language: {
                **{which: asdict(found) for which, found in tried.items()},
                "seconds": sum(found.seconds for found in tried.values()),
            }
            for language, tried in self.languages.items()
        }


def gate(
    benchmark: Benchmark,
    settings: Settings,
    languages: Sequence[str] | None = None,
    *,
    workers: int = 1,
    progress: Progress | None = None,
    sandbox: Kind = "bubblewrap",
) -> Gate:
    """Run the canonical and the buggy solutions of every problem; ``languages`` None: all there are.

    It only reports; `Gate.check` raises.

    Raises:
        DataError: a language that the benchmark does not have, or its data is missing or broken.
        SandboxUnavailable: programs cannot be isolated here.
        MissingTool: a language cannot be built or run here.
    """
    names = list(dict.fromkeys(languages or benchmark.languages))
    if strange := [name for name in names if name not in benchmark.languages]:
        known = ", ".join(benchmark.languages)
        raise DataError(f"{benchmark.name} has no problems in {strange[0]!r}; its languages: {known}")
    cells = {name: benchmark.problems(settings, name, benchmark.tasks[0]) for name in names}
    sorts: tuple[Which, ...] = ("canonical", "buggy")
    total = sum(len([p for p in cell if _solution(p, which)]) for cell in cells.values() for which in sorts)
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if progress:
            progress(done, total)

    found: dict[str, dict[str, Tried]] = {}
    with Judge(workers=workers, sandbox=sandbox) as judge:
        for name, cell in cells.items():
            found[name] = {which: _try(judge, benchmark, cell, which, step) for which in sorts}
    return Gate(benchmark=benchmark.name, languages=found)


def _solution(problem: Problem, which: Which) -> str:
    return problem.canonical if which == "canonical" else problem.buggy


def _try(judge: Judge, benchmark: Benchmark, cell: Sequence[Problem], which: Which, step: Any) -> Tried:
    problems = [problem for problem in cell if _solution(problem, which)]
    programs: list[Program] = [benchmark.program(p, _solution(p, which)) for p in problems]
    began, statuses, failed = time.monotonic(), dict[str, int](), list[Problem]()
    passed = 0
    for problem, verdict in zip(problems, judge.run(programs), strict=True):
        statuses[verdict.status.value] = statuses.get(verdict.status.value, 0) + 1
        passed += verdict.passed
        # A fault of the harness is never what a buggy solution should end with.
        if verdict.passed != (which == "canonical") or verdict.status is Status.HARNESS_ERROR:
            failed.append(problem)
        step()
    return Tried(
        passed=passed,
        total=len(problems),
        failed=tuple(problem.id for problem in failed),
        excused=tuple(problem.id for problem in failed if problem.defect),
        statuses=dict(sorted(statuses.items())),
        seconds=time.monotonic() - began,
    )
