"""Files of rows and of forms for the tests of benchmarks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from crosstune.benchmarks import Benchmark
from crosstune.execution import Judge
from crosstune.records import Problem, Status
from crosstune.scoring import extracted


def write_rows(file: Path, *rows: Mapping[str, Any] | str) -> Path:
    """``rows`` as JSON lines; a text is written as it is."""
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    file.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return file


def problems_of(
    benchmark: Benchmark, data: Path, language: str = "python", task: str | None = None, **settings: Any
) -> dict[str, Problem]:
    """The problems by id."""
    chosen = benchmark.settings.model_validate({**benchmark.defaults, "data": str(data), **settings})
    return {each.id: each for each in benchmark.problems(chosen, language, task or benchmark.tasks[0])}


def statuses(benchmark: Benchmark, problems: Sequence[Problem], answers: Sequence[str]) -> list[Status]:
    """The verdicts on answers, each to the problem at its position."""
    pairs = zip(problems, answers, strict=True)
    programs = [
        benchmark.program(problem, extracted(benchmark, problem, answer).candidate)
        for problem, answer in pairs
    ]
    with Judge() as judge:
        return [verdict.status for verdict in judge.run(programs)]


def failing_solutions(benchmark: Benchmark, problems: Sequence[Problem]) -> dict[str, str]:
    """The problems whose own solution does not pass, with the status."""
    solved = [problem for problem in problems if problem.canonical]
    with Judge() as judge:
        verdicts = judge.run([benchmark.program(problem, problem.canonical) for problem in solved])
        return {
            problem.id: str(verdict.status)
            for problem, verdict in zip(solved, verdicts, strict=True)
            if not verdict.passed
        }
