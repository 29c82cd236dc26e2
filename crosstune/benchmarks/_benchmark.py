"""The interface of a benchmark."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crosstune.errors import DataError
from crosstune.records import Problem, Program, Requirement
from crosstune.settings import Settings

WRONG_SOLUTION = "wrong_solution"
"""The key in `Problem.extra` of the reason why the benchmark's own solution is known to fail."""


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """A benchmark, defined in its own module.

    ``settings`` is the model of its part of a study file, such as the path of its data.
    ``problems(settings, language, task)`` returns the problems, always in the same order;
    ``program(problem, candidate)`` combines an extracted candidate with the tests;
    ``follow_up(problem, answer)`` returns the second question of a task with two turns (explain a function,
    then write it from the explanation), None for a task with one turn. ``requirements(settings, language)``
    are the data that the problems need; ``libraries(language)`` are the libraries that judging them needs
    beyond the language itself, and that a machine which only tunes or generates does not need. ``version`` is
    part of the key of every step that uses the benchmark: increase it when problems or programs change.
    ``hub`` is its dataset on the Hub (OWNER/NAME, as published results name it), empty if it has none.
    ``defaults`` are settings that it has without being asked. ``left_out(settings, language)`` are the rows
    that make no problem, each with its file, line and reason. ``candidate(problem, answer)`` is the candidate
    of an answer that is not code, or not usual code; None: it is extracted (`crosstune.extraction`).
    """

    name: str
    title: str
    version: int
    languages: tuple[str, ...]
    tasks: tuple[str, ...]
    settings: type[Settings]
    problems: Callable[[Any, str, str], Sequence[Problem]]
    program: Callable[[Problem, str], Program]
    requirements: Callable[[Any, str], Sequence[Requirement]]
    libraries: Callable[[str], Sequence[Requirement]] | None = None
    follow_up: Callable[[Problem, str], Problem | None] | None = None
    hub: str = ""
    defaults: Mapping[str, str] = field(default_factory=dict)
    left_out: Callable[[Any, str], Sequence[str]] | None = None
    candidate: Callable[[Problem, str], str] | None = None

    def check(self, language: str, task: str) -> None:
        """
        Raises:
            DataError: the benchmark does not have the language or the task.
        """
        check_has(self.name, "language", language, self.languages)
        check_has(self.name, "task", task, self.tasks)

    def has_two_turns(self, problem: Problem) -> bool:
        return self.follow_up is not None and self.follow_up(problem, "") is not None

    def last_question(self, problem: Problem) -> Problem:
        """The problem as the model saw it when it wrote the code: the second question of a task with two
        turns, without a description in its instruction. An answer continues its ``declaration``."""
        question = self.follow_up(problem, "") if self.follow_up else None
        return question or problem


def check_has(benchmark: str, kind: str, name: str, known: Iterable[str]) -> None:
    """
    Raises:
        DataError: the benchmark does not have this language or task, as ``kind`` says.
    """
    if name not in (names := tuple(known)):
        raise DataError(f"{benchmark} has no {kind} {name!r}; its {kind}s: {', '.join(names)}")


def with_tests(problem: Problem, candidate: str) -> Program:
    """The usual program: the candidate with the problem's tests or cases."""
    return Program(
        id=problem.id,
        language=problem.language,
        candidate=candidate,
        tests=problem.tests,
        setup=problem.setup,
        limits=problem.limits,
        cases=problem.cases,
        comparison=problem.comparison,
        standard=problem.standard,
        declaration=problem.given_code or problem.declaration,
        entry_points=tuple(filter(None, (problem.tested or problem.entry_point,))),
        instruction="" if problem.cases else problem.instruction,
    )
