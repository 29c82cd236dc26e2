"""Ask a model to solve the problems of one entry of the study's ``evaluate``."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crosstune.generation import BACK_ENDS, Decoding
from crosstune.hardware import GIB, cache_bytes
from crosstune.records import Completion, Progress, Requirement
from crosstune.settings import Settings
from crosstune.study import _legacy
from crosstune.study._kind import Resources, StepContext, StepKind, StepSpec, Subject, Usage
from crosstune.study._selection import ProblemSelection
from crosstune.study._spec import Evaluation, Study
from crosstune.study.steps.tune import MODEL
from crosstune.study.steps.tune import step_name as tune_step

COMPLETIONS = "completions.jsonl"
_WEIGHTS = {".safetensors", ".bin", ".gguf"}


@dataclass(frozen=True)
class Generate:
    """``model`` is a folder or a name; None: the result of the input ``model``."""

    model: str | Path | None
    prompt: str
    back_end: str
    back_end_version: int
    options: Settings
    selection: ProblemSelection = field(metadata={"key": "cells"})
    decoding: Decoding


def plan(study: Study, _options: None) -> Iterator[StepSpec]:
    for evaluation in study.evaluations():
        yield _step(study, evaluation)


def _step(study: Study, evaluation: Evaluation) -> StepSpec:
    back_end, options = study.back_ends[evaluation.model]
    given = study.given_model(evaluation.model, local=back_end.local)
    decoding = evaluation.entry.decoding
    settings = Generate(
        given,
        study.prompt(evaluation.model),
        back_end.name,
        back_end.version,
        options,
        evaluation.selection,
        decoding.model_copy(update={"seed": decoding.seed + evaluation.seed}),
    )
    return StepSpec(
        name=step_name(evaluation),
        settings=settings,
        inputs={} if given is not None else {"model": tune_step(evaluation.model, evaluation.seed)},
        subject=Subject(
            model=evaluation.model,
            seed=evaluation.seed,
            benchmark=evaluation.selection.benchmark,
            languages=evaluation.selection.languages,
            tasks=evaluation.selection.tasks,
        ),
    )


def step_name(evaluation: Evaluation) -> str:
    return f"generate/{evaluation.name}"


def requirements(settings: Generate) -> Iterator[Requirement]:
    model = "" if settings.model is None else str(settings.model)
    yield from BACK_ENDS.load(settings.back_end).requirements(model, settings.options)
    yield from settings.selection.requirements()


def resources(settings: Generate) -> Resources:
    """One core where a local model's answers must stay the same: with more threads its sums could differ."""
    back_end = BACK_ENDS.load(settings.back_end)
    gpus, gpu_gib = back_end.gpus(settings.options)
    return Resources(
        memory_bytes=GIB + cache_bytes() + _weights_bytes(settings.model),
        gpus=gpus,
        gpu_gib=gpu_gib,
        scales=back_end.scales(settings.options),
        elastic=back_end.scales(settings.options),
    )


def _weights_bytes(model: str | Path | None) -> int:
    """The memory for a given model's weights, which may be stored in half as many bytes as they take."""
    if not isinstance(model, Path):
        return 0
    files = [model] if model.is_file() else [each for each in model.glob("*") if each.suffix in _WEIGHTS]
    return 2 * sum(file.stat().st_size for file in files)


def run(settings: Generate, context: StepContext) -> Mapping[str, Any]:
    """
    Raises:
        Incomplete: some answers are missing that another run may get.
    """
    from crosstune import generation
    from crosstune.prompts import PROMPTS

    model = context.inputs["model"] / MODEL if "model" in context.inputs else settings.model
    back_end = BACK_ENDS.load(settings.back_end)
    elastic = back_end.scales(settings.options)
    with _threads(context) if elastic else contextlib.nullcontext(context.progress) as progress:
        metrics = generation.generate(
            list(settings.selection.problems()),
            model=str(model),
            benchmark=settings.selection.plug_in,
            prompt=PROMPTS.load(settings.prompt),
            back_end=back_end,
            options=settings.options,
            decoding=settings.decoding,
            out=context.out / COMPLETIONS,
            work=context.work,
            progress=progress,
        )
    generation.check_complete(metrics)
    return metrics


@contextlib.contextmanager
def _threads(context: StepContext) -> Iterator[Progress]:
    """Let a local model use the step's cores and, after each answer, as many as it is lent by then. The
    process runs other steps later, which set their own number."""
    import torch

    def use_cores() -> None:
        if (count := context.cores + context.lent()) != torch.get_num_threads():
            torch.set_num_threads(count)

    def progress(done: int, total: int) -> None:
        use_cores()
        context.progress(done, total)

    before = torch.get_num_threads()
    use_cores()
    try:
        yield progress
    finally:
        torch.set_num_threads(before)


def usage(metrics: Mapping[str, Any]) -> Usage:
    counts = metrics["generation"]
    return Usage(counts["prompt_tokens"] + counts["completion_tokens"], counts.get("cost"))


def note(metrics: Mapping[str, Any]) -> str:
    """What the answers were computed with."""
    from crosstune.generation import computed_with_text

    return "; ".join(map(computed_with_text, metrics["generation"].get("computed_with", ())))


def read_completions(folder: Path) -> Iterator[Completion]:
    """The answers in a generate step's result."""
    with (folder / COMPLETIONS).open("rb") as file:
        for line in file:
            yield _legacy.read(Completion, line)


STEP_KIND = StepKind(
    name="generate",
    version=1,
    plan=plan,
    requirements=requirements,
    resources=resources,
    run=run,
    usage=usage,
    note=note,
)
