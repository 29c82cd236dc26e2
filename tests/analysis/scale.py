"""How long a large study takes to analyse: ``python -m tests.analysis.scale``.

7 cells x 10 models x 164 problems x 20 samples, all of them verdicts with texts of their own.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np

from crosstune.analysis import (
    Corpus,
    CorpusPart,
    Findings,
    Model,
    Run,
    TaskKey,
    analyse,
    published_comparisons,
)
from crosstune.records import EvaluatedSample, Status

LANGUAGES = ("python", "javascript", "typescript", "c", "cpp", "java", "go")
PROBLEMS, SAMPLES = 164, 20


def run(problems: int = PROBLEMS, samples: int = SAMPLES, seed: int = 0) -> Run:
    """A base, a model of each language, a mixed one and one of HTML; better on their own languages."""
    rng = np.random.default_rng(seed)
    models = (
        Model(name="base"),
        *(Model(name=name, base="base", corpus=name, trained=((name, "synthesize"),)) for name in LANGUAGES),
        Model(name="html", base="base", corpus="html", trained=(("html", "synthesize"),)),
        Model(
            name="mixed",
            base="base",
            corpus="mixed",
            trained=tuple((name, "synthesize") for name in LANGUAGES),
        ),
    )
    corpora = tuple(
        Corpus(
            name=model.corpus,
            composition=tuple(
                CorpusPart(language=name, task=task, source="made up", rows=9000 // len(model.trained))
                for name, task in model.trained
            ),
        )
        for model in models[1:]
    )
    hardness = rng.normal(0, 1.5, problems)
    judged = [
        row
        for model in models
        for language in LANGUAGES
        for row in _rows(rng, model, language, hardness, samples)
    ]
    task_keys = tuple(TaskKey("humaneval-x", language, "synthesize") for language in LANGUAGES)
    return Run(
        name="scale",
        title="Scale",
        baseline="base",
        models=models,
        task_keys=task_keys,
        judged=judged,
        corpora=corpora,
    )


def _rows(
    rng: np.random.Generator, model: Model, language: str, hardness: np.ndarray, samples: int
) -> list[EvaluatedSample]:
    logit = -1 + 0.8 * ((language, "synthesize") in model.trained) + 0.3 * bool(model.trained)
    chance = 1 / (1 + np.exp(-(logit + hardness + rng.normal(0, 0.5, len(hardness)))))
    passes = rng.random((len(hardness), samples)) < chance[:, None]
    return [
        EvaluatedSample(
            model=model.name,
            seed=0,
            benchmark="humaneval-x",
            language=language,
            task="synthesize",
            problem=f"HumanEval/{problem}",
            sample=sample,
            prompt="",
            text=f"{model.name} {language} {problem} {sample}",
            candidate="",
            status=Status.PASSED if passed else Status.WRONG_ANSWER,
            stage="run",
            stdout="",
            stderr="",
            cpu_seconds=0.1,
        )
        for problem, row in enumerate(passes.tolist())
        for sample, passed in enumerate(row)
    ]


def measure() -> tuple[Findings, float]:
    """The findings, and the CPU seconds that they took."""
    made = run()
    began = time.process_time()
    result = analyse(made)
    published_comparisons(result)
    return result, time.process_time() - began


if __name__ == "__main__":
    findings, seconds = measure()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(
        f"{len(findings.run.judged):,} verdicts, {len(findings.models)} models, "
        f"{len(findings.task_keys)} tasks: {seconds:.2f} s of CPU, "
        f"{peak:.0f} MiB at most (with the verdicts themselves)\n"
    )
