"""Rows of answers for `crosstune judge --answers`: each is extracted, and becomes a program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from crosstune.cli._problems import BenchmarkProblems, UnknownProblem
from crosstune.execution import BadLine, Submission, extra_columns
from crosstune.languages import LANGUAGES
from crosstune.records import Program
from crosstune.scoring import extracted

_TYPES: Mapping[str, type] = {
    "problem": str,
    "language": str,
    "answer": str,
    "task": str,
    "id": str,
    "sample": int,
}
_REQUIRED = ("problem", "language", "answer")
_EXPECTED = "expected problem, language and answer; optional are task, id and sample"


class AnswerReader:
    """Makes programs of rows with an answer to a problem.

    A verdict gets the columns ``problem``, ``language``, ``task``, ``sample``, ``candidate`` and ``how`` (the
    candidate was found). An id is refused when a second row has it.
    """

    def __init__(self, problems: BenchmarkProblems, cpu_seconds: float | None = None) -> None:
        """``cpu_seconds`` is the limit of each program; None: the benchmark's or the language's."""
        self._problems, self._cpu_seconds = problems, cpu_seconds
        self._ids: set[str] = set()

    def id_of(self, row: Mapping[str, Any]) -> str:
        """The row's ``id``, by default PROBLEM/LANGUAGE/TASK/SAMPLE.

        Raises:
            BadLine: a field that it needs is missing, or has another type.
        """
        _check_types(row)
        named = f"{row['problem']}/{row['language']}/{self._task(row)}/{row.get('sample', 0)}"
        return str(row.get("id", named))

    def read(self, row: dict[str, Any]) -> Submission:
        """
        Raises:
            BadLine: it is not an answer to a problem of the benchmark, or its id is not unique.
            DataError: the benchmark's file for the language is missing or invalid.
        """
        extra = extra_columns(row, _TYPES, _EXPECTED)
        name, task = self.id_of(row), self._task(row)
        try:
            problem = self._problems.find(row["language"], task, row["problem"])
        except UnknownProblem as error:
            raise BadLine(str(error)) from None
        if name in self._ids:
            raise BadLine(f"an earlier line has the id {name!r} too; give each row its own sample or id")
        self._ids.add(name)
        benchmark = self._problems.benchmark
        extraction = extracted(benchmark, problem, row["answer"])
        program = replace(benchmark.program(problem, extraction.candidate), id=name)
        columns = {
            "problem": problem.id,
            "language": problem.language,
            "task": task,
            "sample": row.get("sample", 0),
            "candidate": program.candidate,
            "how": str(extraction.how),
            **extra,
        }
        return Submission(self._limited(program), columns)

    def _task(self, row: Mapping[str, Any]) -> str:
        return str(row.get("task", self._problems.benchmark.tasks[0]))

    def _limited(self, program: Program) -> Program:
        if self._cpu_seconds is None:
            return program
        judging = LANGUAGES.load(program.language).judging
        assert judging is not None  # a benchmark's languages can be judged
        limits = program.limits or judging.limits
        return replace(program, limits=replace(limits, cpu_seconds=self._cpu_seconds))


def _check_types(row: Mapping[str, Any]) -> None:
    if missing := [name for name in _REQUIRED if name not in row]:
        raise BadLine(f"missing field {missing[0]!r}; {_EXPECTED}")
    if row.get("finish_reason") == "error" or (row["answer"] is None and row.get("error")):
        raise BadLine(f"there is no answer to {row['problem']!r}: {row.get('error')}; generate it again")
    for name, kind in _TYPES.items():
        value = row.get(name, kind())
        if not isinstance(value, kind) or isinstance(value, bool):
            raise BadLine(f"field {name!r}: expected {kind.__name__}, found {type(value).__name__}")
