"""Train a model on a corpus, from scratch or from a base."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crosstune import tuning
from crosstune.records import Requirement
from crosstune.study._kind import Resources, StepContext, StepKind, StepSpec, Subject, Usage
from crosstune.study._spec import Study
from crosstune.study.steps.corpus import read_examples
from crosstune.study.steps.corpus import step_name as corpus_step
from crosstune.tuning import Recipe

MODEL = "model"
LOSSES = "losses.jsonl"


@dataclass(frozen=True)
class Tune:
    """``base`` is a folder or a name on the Hub; None: the result of the input ``base``, or a new model."""

    base: str | Path | None
    recipe: Recipe
    prompt: str
    seed: int


def plan(study: Study, _options: None) -> Iterator[StepSpec]:
    for seed in study.spec.seeds:
        for name in study.recipes:
            yield _step(study, name, seed)


def _step(study: Study, name: str, seed: int) -> StepSpec:
    spec = study.spec.models[name]
    assert spec.corpus is not None, "checked when the study was loaded"
    inputs = {"corpus": corpus_step(spec.corpus)}
    base = None
    if spec.base is not None:
        base = study.given_model(spec.base, local=True)
        if base is None:
            inputs["base"] = step_name(spec.base, seed)
    return StepSpec(
        name=step_name(name, seed),
        settings=Tune(base, study.recipes[name], study.prompt(name), seed),
        inputs=inputs,
        subject=Subject(corpus=spec.corpus, model=name, seed=seed),
    )


def step_name(model: str, seed: int) -> str:
    return f"tune/{model}/s{seed}"


def requirements(settings: Tune) -> Iterable[Requirement]:
    return tuning.requirements(settings.recipe, settings.base)


def resources(settings: Tune) -> Resources:
    """The recipe's threads and devices: other numbers would change the sums and therefore the model."""
    recipe = settings.recipe
    on_gpu = recipe.device == "cuda"
    return Resources(
        cores=recipe.threads * recipe.devices,
        memory_bytes=tuning.memory_bytes(recipe),
        gpus=recipe.devices if on_gpu else 0,
        gpu_gib=tuning.gpu_gib(recipe) if on_gpu else 0.0,
    )


def run(settings: Tune, context: StepContext) -> Mapping[str, Any]:
    from crosstune.prompts import PROMPTS

    return tuning.tune(
        base=context.inputs["base"] / MODEL if "base" in context.inputs else settings.base,
        examples=read_examples(context.inputs["corpus"]),
        recipe=settings.recipe,
        prompt=PROMPTS.load(settings.prompt),
        seed=settings.seed,
        out=context.out,
        work=context.work,
        progress=context.progress,
    )


def usage(metrics: Mapping[str, Any]) -> Usage:
    return Usage(metrics.get("tokens"))


def read_losses(folder: Path) -> Iterator[tuple[int, float]]:
    """(step, loss) pairs of a tune step's result."""
    with (folder / LOSSES).open(encoding="utf-8") as file:
        for row in map(json.loads, file):
            yield int(row["step"]), float(row["loss"])


STEP_KIND = StepKind(
    name="tune", version=2, plan=plan, requirements=requirements, resources=resources, run=run, usage=usage
)
