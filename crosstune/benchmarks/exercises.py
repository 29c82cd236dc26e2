"""The built-in exercises with the held-out constants, which no corpus contains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crosstune import exercises
from crosstune.benchmarks._benchmark import Benchmark, with_tests
from crosstune.languages import LANGUAGES, Language
from crosstune.records import Problem, Requirement
from crosstune.settings import Settings


class ExercisesSettings(Settings):
    """No settings: the exercises need no data."""


def _problems(settings: ExercisesSettings, language: str, task: str) -> Sequence[Problem]:  # noqa: ARG001 (the protocol's)
    BENCHMARK.check(language, task)
    target = LANGUAGES.load(language)
    return [_problem(target, exercise, task) for exercise in exercises.exercises(held_out=True)]


def _problem(language: Language, exercise: exercises.Exercise, task: str) -> Problem:
    declaration = exercises.declaration(language, exercise)
    instruction = exercises.instruction(language, exercise, task)
    name = exercises.function_name(language, exercise)
    return Problem(
        id=exercise.name,
        benchmark=BENCHMARK.name,
        task=task,
        language=language.name,
        instruction=instruction,
        declaration="" if task == "explain" else declaration,
        entry_point=name,
        tests=exercises.tests(language, exercise),
        setup=exercises.setup(language),
        canonical=exercises.function(language, exercise),
        buggy=exercises.function(language, exercise, wrong=True),
        given_code=declaration,
        extra={"continuation": declaration}
        if task == "explain"
        else {"completion": f"{instruction}\n\n{declaration}"},
    )


def _follow_up(problem: Problem, answer: str) -> Problem | None:
    """The second question of ``explain``: write the function from the description alone."""
    if problem.task != "explain" or problem.declaration:
        return None
    instruction = exercises.described(LANGUAGES.load(problem.language), problem.entry_point, answer)
    declaration = problem.extra["continuation"]
    return replace(
        problem,
        instruction=instruction,
        declaration=declaration,
        extra={**problem.extra, "completion": f"{instruction}\n\n{declaration}"},
    )


def _requirements(settings: ExercisesSettings, language: str) -> Sequence[Requirement]:  # noqa: ARG001 (the protocol's)
    return []


BENCHMARK = Benchmark(
    name="exercises",
    title="Built-in exercises",
    version=2,
    languages=exercises.languages(),
    tasks=exercises.TASKS,
    settings=ExercisesSettings,
    problems=_problems,
    program=with_tests,
    requirements=_requirements,
    follow_up=_follow_up,
)
