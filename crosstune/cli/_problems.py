"""The problems of a benchmark that a command names, by language, task and id."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from crosstune.cli._benchmark_settings import settings_of

if TYPE_CHECKING:
    from crosstune.benchmarks import Benchmark
    from crosstune.records import Problem


def print_left_out(benchmark: Benchmark, settings: Any, languages: Sequence[str]) -> None:
    """Print the rows that are left out, on stderr."""
    if benchmark.left_out and getattr(settings, "allow_partial", True):
        for language in filter(benchmark.languages.__contains__, languages):
            for bad in benchmark.left_out(settings, language):
                typer.echo(f"left out: {bad}", err=True)


class UnknownProblem(Exception):
    """The benchmark does not have the language, the task or the problem; the message says what it has."""


class BenchmarkProblems:
    """The problems of one benchmark by language, task and id; a language's file is read on first use."""

    def __init__(
        self, name: str, data: Path | None, *, allow_partial: bool = False, changes: Sequence[str] = ()
    ) -> None:
        """
        Raises:
            UnknownName: no plug-in has this name.
            UsageError: see `settings_of`.
        """
        from crosstune.benchmarks import BENCHMARKS

        self.benchmark = BENCHMARKS.load(name)
        self._settings = settings_of(self.benchmark, data, allow_partial=allow_partial, changes=changes)
        self._problems: dict[tuple[str, str], dict[str, Problem]] = {}

    def find(self, language: str, task: str, name: str) -> Problem:
        """
        Raises:
            UnknownProblem: the benchmark does not have it.
            DataError: the file of the language is missing or invalid.
        """
        problems = self.all(language, task)
        if name not in problems:
            raise UnknownProblem(
                f"{self.benchmark.name} has no problem {name!r} in {language}: {_nearest(name, [*problems])}"
            )
        return problems[name]

    def all(self, language: str, task: str) -> dict[str, Problem]:
        """The problems by id.

        Raises:
            UnknownProblem: the benchmark does not have the language or the task.
            DataError: the file of the language is missing or invalid.
        """
        self._check("problems in", language, "languages", self.benchmark.languages)
        self._check("task", task, "tasks", self.benchmark.tasks)
        if (language, task) not in self._problems:
            rows = self.benchmark.problems(self._settings, language, task)
            self._problems[language, task] = {problem.id: problem for problem in rows}
        return self._problems[language, task]

    def _check(self, what: str, name: str, kind: str, known: Sequence[str]) -> None:
        if name not in known:
            raise UnknownProblem(
                f"{self.benchmark.name} has no {what} {name!r}; its {kind}: {', '.join(known)}"
            )


def _nearest(name: str, known: Sequence[str]) -> str:
    """Which ids there are, and the nearest: ``it has 9, from 'a/1' to 'a/9'; did you mean 'a/3'?``"""
    if not known:
        return "it has none"
    number = name.rpartition("/")[2]
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6) or [
        each for each in known if each.rpartition("/")[2] == number
    ]
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"it has {len(known)}, from {known[0]!r} to {known[-1]!r}{hint}"
