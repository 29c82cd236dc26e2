"""From a completion and its verdict to an evaluated sample, the same for studies and single evaluations."""

from __future__ import annotations

from crosstune.benchmarks import Benchmark
from crosstune.records import Completion, EvaluatedSample, Problem, Program, Status, Verdict
from crosstune.scoring._extracted import extracted
from crosstune.scoring._repeated import repeats


def program_of(benchmark: Benchmark, problem: Problem, completion: Completion) -> Program | None:
    """The program to judge; None if there is no answer, which is not the model's error."""
    if completion.finish_reason == "error":
        return None
    return benchmark.program(problem, extracted(benchmark, problem, completion.text).candidate)


def evaluated(
    problem: Problem,
    completion: Completion,
    program: Program | None,
    verdict: Verdict | None,
    *,
    model: str = "",
) -> EvaluatedSample:
    """The evaluated sample; a study adds model and seed later, because equal answers of two models share one
    artifact."""
    passed = verdict is not None and verdict.status is Status.PASSED
    return EvaluatedSample(
        model=model,
        seed=0,
        benchmark=problem.benchmark,
        language=problem.language,
        task=problem.task,
        problem=problem.id,
        sample=completion.sample,
        prompt=completion.prompt,
        text=completion.text,
        candidate=program.candidate if program else "",
        status=verdict.status if verdict else Status.HARNESS_ERROR,
        stage=verdict.stage if verdict else "",
        stdout=verdict.stdout if verdict else "",
        stderr=verdict.stderr if verdict else completion.error,
        cpu_seconds=verdict.cpu_seconds if verdict else 0.0,
        defect=problem.defect,
        isolation=verdict.isolation if verdict else "",
        finish_reason=completion.finish_reason,
        repeats=program is not None and not passed and repeats(problem, program.candidate),
    )
