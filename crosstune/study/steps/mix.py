"""Mix corpora of the study into one of a given size."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crosstune.study._kind import StepContext, StepKind, StepSpec, Subject
from crosstune.study._spec import Study
from crosstune.study.steps.corpus import EXAMPLES, read_examples, step_name


@dataclass(frozen=True)
class Mix:
    """``shares`` are the shares of the inputs ``part 1``, ``part 2`` …"""

    shares: tuple[float, ...]
    size: int
    seed: int


def plan(study: Study, _options: None) -> Iterator[StepSpec]:
    for name, spec in study.spec.corpora.items():
        if spec.mix is None:
            continue
        assert spec.size is not None, "checked when the study was loaded"
        yield StepSpec(
            name=step_name(name),
            settings=Mix(tuple(spec.mix.values()), spec.size, spec.seed),
            inputs={f"part {number}": step_name(part) for number, part in enumerate(spec.mix, 1)},
            subject=Subject(corpus=name),
        )


def run(settings: Mix, context: StepContext) -> Mapping[str, Any]:
    from crosstune import corpus

    parts = [
        corpus.Part(
            name=(role := f"part {number}"), share=share, examples=read_examples(context.inputs[role])
        )
        for number, share in enumerate(settings.shares, 1)
    ]
    mixed = corpus.mix(parts, size=settings.size, seed=settings.seed)
    corpus.write(context.out / EXAMPLES, mixed.examples)
    return {
        "corpus": {
            "seed": settings.seed,
            "parts": [dataclasses.asdict(part) for part in mixed.parts],
            "statistics": dataclasses.asdict(corpus.statistics(mixed.examples)),
        }
    }


STEP_KIND = StepKind(name="mix", version=2, makes="corpus", plan=plan, run=run)
