"""Judge one model's answers in one language."""

from __future__ import annotations

import dataclasses
import functools
import gzip
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crosstune import execution
from crosstune.errors import PrerequisiteError
from crosstune.hardware import GIB
from crosstune.records import (
    EvaluatedSample,
    Isolation,
    Problem,
    Requirement,
    Status,
    to_json,
)
from crosstune.scoring import evaluated, program_of
from crosstune.study import _legacy
from crosstune.study._kind import Resources, StepContext, StepKind, StepSpec, Subject
from crosstune.study._selection import ProblemSelection
from crosstune.study._spec import Study
from crosstune.study.steps.generate import read_completions
from crosstune.study.steps.generate import step_name as generate_step

INSTALLABLE = "Get it: "
"""In the text of a harness error: this machine lacks something, and what follows installs it."""
JUDGED = "judged.jsonl.gz"
_ProblemKey = tuple[str, str, str]
"""Language, task and id."""


@dataclass(frozen=True)
class JudgeAnswers:
    """``selection`` has one language."""

    selection: ProblemSelection = field(metadata={"key": "cells"})
    isolation: Isolation = "auto"


def plan(study: Study, _options: None) -> Iterator[StepSpec]:
    for evaluation in study.evaluations():
        for language in evaluation.selection.languages:
            selection = dataclasses.replace(evaluation.selection, languages=(language,))
            yield StepSpec(
                name=f"judge/{evaluation.name}/{language}",
                settings=JudgeAnswers(selection, study.spec.isolation),
                inputs={"completions": generate_step(evaluation)},
                subject=Subject(
                    model=evaluation.model,
                    seed=evaluation.seed,
                    benchmark=selection.benchmark,
                    languages=selection.languages,
                    tasks=selection.tasks,
                ),
            )


def requirements(settings: JudgeAnswers) -> Iterator[Requirement]:
    yield from settings.selection.requirements()
    libraries = settings.selection.plug_in.libraries
    for language in settings.selection.languages:
        yield from _execution_requirements(language)
        yield from libraries(language) if libraries else ()


@functools.cache
def _execution_requirements(language: str) -> tuple[Requirement, ...]:
    return tuple(execution.requirements(language))


def resources(_settings: JudgeAnswers) -> Resources:
    """All free cores: programs are judged separately, so verdicts do not depend on the number of workers."""
    return Resources(scales=True, memory_bytes=GIB)


def tools(settings: JudgeAnswers) -> Iterable[str]:
    return settings.selection.languages


def run(settings: JudgeAnswers, context: StepContext) -> Mapping[str, Any]:
    """
    Raises:
        PrerequisiteError: tests need something that can be installed. Once it is, the step is repeated; a
            result without these verdicts would stay in the store.
    """
    problems = {_key(problem): problem for problem in settings.selection.problems()}
    answers = [
        answer
        for answer in read_completions(context.inputs["completions"])
        if (answer.language, answer.task, answer.problem) in problems
    ]
    asked_problems = [problems[answer.language, answer.task, answer.problem] for answer in answers]
    benchmark = settings.selection.plug_in
    programs = [
        program_of(benchmark, problem, answer)
        for problem, answer in zip(asked_problems, answers, strict=True)
    ]
    runnable = [program for program in programs if program is not None]
    with (
        gzip.open(context.out / JUDGED, "wt", encoding="utf-8") as file,
        execution.Judge(workers=context.cores, cache=context.verdicts, isolation=settings.isolation) as judge,
    ):
        lacking = Counter[str]()
        verdicts = judge.run(runnable)
        for done, (problem, answer, program) in enumerate(
            zip(asked_problems, answers, programs, strict=True), 1
        ):
            verdict = next(verdicts) if program else None
            if verdict and verdict.status is Status.HARNESS_ERROR and INSTALLABLE in verdict.stderr:
                lacking[verdict.stderr] += 1
            file.write(to_json(evaluated(problem, answer, program, verdict)) + "\n")
            context.progress(done, len(answers))
    if lacking:
        (language,) = settings.selection.languages
        raise PrerequisiteError(
            f"{lacking.total()} of {len(answers)} answers could not be judged; other verdicts are kept:\n"
            f"{execution.reasons_text({language: lacking})}"
        )
    return {"answers": len(answers), "unanswered": len(answers) - len(runnable)}


def _key(problem: Problem) -> _ProblemKey:
    return problem.language, problem.task, problem.id


def read_samples(folder: Path) -> Iterator[EvaluatedSample]:
    """The rows of a judge step's result, without model and seed."""
    with gzip.open(folder / JUDGED, "rt", encoding="utf-8") as file:
        for line in file:
            yield _legacy.read(EvaluatedSample, line)


def tests_of(settings: Iterable[JudgeAnswers]) -> dict[tuple[str, str, str, str], str]:
    """The judged problems' tests, by benchmark, language, task and id."""
    return {
        (problem.benchmark, problem.language, problem.task, problem.id): problem.tests
        for each in dict.fromkeys(settings)
        for problem in each.selection.problems()
    }


STEP_KIND = StepKind(
    name="judge",
    version=4,
    plan=plan,
    requirements=requirements,
    resources=resources,
    tools=tools,
    run=run,
)
