"""A part of a benchmark: the problems of some of its languages and tasks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from crosstune.benchmarks import BENCHMARKS, Benchmark
from crosstune.records import Problem, Requirement
from crosstune.settings import Settings


@dataclass(frozen=True)
class ProblemSelection:
    """Languages x tasks of one benchmark. All fields are part of the keys of the steps that use it."""

    benchmark: str
    version: int
    settings: Settings
    languages: tuple[str, ...]
    tasks: tuple[str, ...]

    @property
    def plug_in(self) -> Benchmark:
        return BENCHMARKS.of(self.benchmark, self.settings)

    def problems(self) -> Iterator[Problem]:
        benchmark = self.plug_in
        for language in self.languages:
            for task in self.tasks:
                yield from benchmark.problems(self.settings, language, task)

    def requirements(self) -> Iterator[Requirement]:
        """The benchmark's data, which reading the problems needs."""
        benchmark = self.plug_in
        for language in self.languages:
            yield from benchmark.requirements(self.settings, language)
