"""What a benchmark is to the other rooms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from crosstune.records import Problem, Program, Requirement
from crosstune.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """A benchmark as a value.

    ``settings`` is the model of its part of a study file (where its data stands, for one).
    ``problems(settings, language, task)`` gives one cell's questions, always in the same order;
    ``program(problem, candidate)`` puts an extracted answer and the tests together;
    ``follow_up(problem, answer)`` is the second question of a task asked in two turns (explain, then
    write from the explanation), None where one turn is all. ``requirements(settings, language)`` is what the
    problems take (data), ``libraries(language)`` what judging them takes beyond the language itself:
    a machine that only tunes or generates needs none of it. ``version`` goes into the key of every
    step that uses it: raise it when problems or programs change. ``hub`` is its data set on the Hub
    (OWNER/NAME, as results that are published there name it), empty where it has none.
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


def with_tests(problem: Problem, candidate: str) -> Program:
    """The program of a benchmark that does nothing special: the candidate with the problem's tests."""
    return Program(
        id=problem.id,
        language=problem.language,
        candidate=candidate,
        tests=problem.tests,
        setup=problem.setup,
    )
