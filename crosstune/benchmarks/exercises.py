"""The built-in exercises with the held-out constants, which no corpus contains."""

from __future__ import annotations

from collections.abc import Sequence

from crosstune import exercises
from crosstune.benchmarks._benchmark import Benchmark, with_tests
from crosstune.languages import LANGUAGES
from crosstune.records import Problem, Requirement
from crosstune.settings import Settings


class ExercisesSettings(Settings):
    """No settings: the exercises need no data."""


def _problems(settings: ExercisesSettings, language: str, task: str) -> Sequence[Problem]:  # noqa: ARG001 (the protocol's)
    target = LANGUAGES.load(language)
    return [
        Problem(
            id=exercise.name,
            benchmark=BENCHMARK.name,
            task=task,
            language=language,
            instruction=exercises.instruction(target, exercise, task),
            declaration=exercises.declaration(target, exercise),
            entry_point=exercise.family.name,
            tests=exercises.tests(target, exercise),
            canonical=exercises.function(target, exercise),
            buggy=exercises.function(target, exercise, wrong=True),
        )
        for exercise in exercises.exercises(held_out=True)
    ]


def _requirements(settings: ExercisesSettings, language: str) -> Sequence[Requirement]:  # noqa: ARG001 (the protocol's)
    return []


BENCHMARK = Benchmark(
    name="exercises",
    title="Built-in exercises",
    version=1,
    languages=exercises.languages(),
    tasks=exercises.TASKS,
    settings=ExercisesSettings,
    problems=_problems,
    program=with_tests,
    requirements=_requirements,
)
