"""Make a corpus from one source: filter, de-duplicate, decontaminate, sample."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crosstune.corpus import Decontamination, NearDuplicates, Privacy, filter_requirements
from crosstune.records import Example, Requirement
from crosstune.settings import Settings
from crosstune.sources import SOURCES
from crosstune.study._kind import StepContext, StepKind, StepSpec, Subject
from crosstune.study._selection import ProblemSelection
from crosstune.study._spec import CorpusSpec, Study

EXAMPLES = "examples.parquet"
REPORT = "report.json"
"""A source may write this file with figures about its examples into its work folder."""
QUARANTINE = "quarantine.jsonl"
"""A source may write this file with its unusable rows and the reasons into its work folder."""
DROPPED = "dropped.jsonl"
"""A source may write this file with the rows that it has dropped and the reasons into its work folder."""


@dataclass(frozen=True)
class SourceCorpus:
    source: str
    source_version: int
    settings: Settings
    size: int | None
    seed: int
    guarded: tuple[ProblemSelection, ...]
    decontamination: Decontamination = field(metadata={"key": "gate"})
    near_duplicates: NearDuplicates | None = field(default=None, metadata={"key": "near"})
    privacy: Privacy | None = field(default=None, metadata={"key": "private"})


def plan(study: Study, _options: None) -> Iterator[StepSpec]:
    for name, (source, settings) in study.sources.items():
        spec = study.spec.corpora[name]
        made = SourceCorpus(
            source.name,
            source.version,
            settings,
            spec.size,
            spec.seed,
            study.evaluated() if spec.decontaminate else (),
            *_filters(spec),
        )
        yield StepSpec(name=step_name(name), settings=made, subject=Subject(corpus=name))


def _filters(spec: CorpusSpec) -> tuple[Decontamination, NearDuplicates | None, Privacy | None]:
    return (
        spec.decontaminate if isinstance(spec.decontaminate, Decontamination) else Decontamination(),
        NearDuplicates() if spec.near_duplicates is True else spec.near_duplicates or None,
        Privacy() if spec.private is True else spec.private or None,
    )


def step_name(corpus: str) -> str:
    """The name of the step that makes the corpus, from a source or as a mixture."""
    return f"corpus/{corpus}"


def requirements(settings: SourceCorpus) -> Iterator[Requirement]:
    yield from SOURCES.load(settings.source).requirements(settings.settings)
    for selection in settings.guarded:
        yield from selection.requirements()
    yield from filter_requirements(settings.near_duplicates, settings.privacy)


def run(settings: SourceCorpus, context: StepContext) -> Mapping[str, Any]:
    from crosstune import corpus

    source = SOURCES.load(settings.source)
    examples = source.examples(settings.settings, context.work, context.progress)
    made = corpus.assemble(
        [corpus.Part(name=settings.source, share=1, examples=examples)],
        size=settings.size,
        seed=settings.seed,
        problems=[problem for selection in settings.guarded for problem in selection.problems()],
        decontamination=settings.decontamination,
        near_duplicates=settings.near_duplicates,
        privacy=settings.privacy,
    )
    corpus.write(context.out / EXAMPLES, made.examples)
    for name in (QUARANTINE, DROPPED):
        if (context.work / name).exists():
            shutil.copyfile(context.work / name, context.out / name)
    return {"corpus": dataclasses.asdict(made.report), "source": _source_report(context.work / REPORT)}


def _source_report(path: Path) -> Any:
    return json.loads(path.read_bytes()) if path.exists() else None


def read_examples(folder: Path) -> Iterator[Example]:
    """The rows of a corpus step's result."""
    from crosstune import corpus

    return corpus.read(folder / EXAMPLES)


STEP_KIND = StepKind(name="corpus", version=3, plan=plan, requirements=requirements, run=run)
