"""A study as written in its file, and the checked study, in which every name is resolved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import Field

from crosstune.benchmarks import Benchmark
from crosstune.corpus import Decontamination, NearDuplicates, Privacy
from crosstune.generation import BackEnd, Decoding
from crosstune.records import Isolation
from crosstune.settings import Document, Settings
from crosstune.sources import Source
from crosstune.study._selection import ProblemSelection
from crosstune.tuning import Recipe

Named = dict[str, dict[str, Any]]
"""A plug-in's name, mapped to its settings."""


class CorpusSpec(Settings):
    """Training data: either from a source, or mixed from other corpora of this study."""

    source: Named | None = None
    """The source and its settings."""
    mix: dict[str, float] | None = None
    """Other corpora and their shares: positive numbers, which are divided by their sum."""
    size: int | None = Field(default=None, gt=0)
    """Number of rows. Required for a mix; without it, all rows of a source are used."""
    seed: int = 0
    """Determines which rows are drawn, and their order."""
    decontaminate: bool | Decontamination = True
    """Drop rows that contain a solution, tests or the instruction of a benchmark that this study evaluates;
    settings instead of true define how texts are compared."""
    near_duplicates: bool | NearDuplicates = False
    """Drop rows that are nearly equal to an earlier row; settings instead of true define the similarity."""
    private: bool | Privacy = False
    """Replace keys, e-mail and IP addresses by invented ones of the same format; settings instead of true
    define which kinds are replaced, dropped with their rows, or kept."""


class ModelSpec(Settings):
    """A model: existing (`path`), tuned from a model of this study (`base`), or trained from scratch."""

    path: str | None = None
    """A folder (starts with ``.``, ``/``, ``~`` or ``$``), or the model's name on the Hugging Face Hub."""
    base: str | None = None
    """The model of this study to tune; without it, a new model of the recipe's architecture is trained."""
    corpus: str | None = None
    """The corpus on which it is trained."""
    recipe: str | None = None
    """The name of the recipe, or a file with one."""
    prompt: str | None = None
    """The prompt template in training and evaluation; default: the study's."""
    back_end: Named | None = None
    """The back end that generates its answers, and its settings; default: the study's."""


class EvaluationSpec(Settings):
    """Problems of one benchmark, and models to solve them: one generation step per model and seed."""

    benchmark: str
    languages: tuple[str, ...] = ()
    """Empty: all of the benchmark's."""
    tasks: tuple[str, ...] = ()
    """Empty: all of the benchmark's."""
    models: tuple[str, ...] = ()
    """Empty: all models of the study."""
    decoding: Decoding = Decoding()


class StudySpec(Settings):
    """A study: corpora x models x languages x tasks."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    """The folder below runs/ for its results."""
    title: str = ""
    """One line for the report."""
    seeds: tuple[int, ...] = (0,)
    """Every trained model is trained once with each seed."""
    prompt: str = "plain"
    """The default prompt template of the models."""
    back_end: Named = {"transformers": {}}
    """The default back end of the models, and its settings."""
    benchmarks: Named = {}
    """Settings of benchmarks that have any, such as the path of their data."""
    corpora: dict[str, CorpusSpec] = {}
    models: dict[str, ModelSpec]
    evaluate: tuple[EvaluationSpec, ...]
    baseline: str | None = None
    """The model with which all others are compared; default: the first."""
    control: str | None = None
    """A model tuned only on replay: its gains are not an effect of instructions."""
    isolation: Isolation = "auto"
    """Whether tests and candidates are judged in separate processes: auto (where the tests need only values),
    separate (programs whose tests need more are not judged) or shared."""
    steps: Named = {}
    """Optional step kinds and their settings."""


@dataclass(frozen=True)
class Evaluation:
    """One entry of the study's ``evaluate`` for one model and one seed."""

    model: str
    seed: int
    entry: EvaluationSpec
    selection: ProblemSelection
    name: str
    """Unique in the study; part of the names of this evaluation's steps."""


@dataclass(frozen=True)
class Study:
    """A checked study: every name in it is resolved."""

    document: Document
    spec: StudySpec
    sources: Mapping[str, tuple[Source, Settings]]
    """By corpus; mixed corpora are not included."""
    benchmarks: Mapping[str, tuple[Benchmark, Settings]]
    recipes: Mapping[str, Recipe]
    """By model; models with a `path` are not included."""
    back_ends: Mapping[str, tuple[BackEnd, Settings]]
    options: Mapping[str, Settings] = field(default_factory=dict)
    """By optional step kind in the file's ``steps``."""

    @property
    def baseline(self) -> str:
        return self.spec.baseline or next(iter(self.spec.models))

    @property
    def evaluation(self) -> bool:
        """Whether models are only measured: none is tuned here, and none is named to compare with."""
        return not self.spec.baseline and not any(model.corpus for model in self.spec.models.values())

    def prompt(self, model: str) -> str:
        return self.spec.models[model].prompt or self.spec.prompt

    def given_model(self, model: str, *, local: bool) -> str | Path | None:
        """The folder or name of a model with a `path`; None if this study trains it. A model that is not
        ``local`` is on a server."""
        path = self.spec.models[model].path
        return None if path is None else self.document.model_path(path, local=local)

    def selection(self, entry: EvaluationSpec) -> ProblemSelection:
        benchmark, settings = self.benchmarks[entry.benchmark]
        return ProblemSelection(
            benchmark.name,
            benchmark.version,
            settings,
            entry.languages or benchmark.languages,
            entry.tasks or benchmark.tasks,
        )

    def evaluated(self) -> tuple[ProblemSelection, ...]:
        """All evaluated problems: no corpus may contain their solutions or tests."""
        return tuple(dict.fromkeys(map(self.selection, self.spec.evaluate)))

    def evaluations(self) -> Iterator[Evaluation]:
        """Yield the evaluations in the order of the file. A model with a `path` does not depend on the seed,
        so it is evaluated once."""
        for index, entry in enumerate(self.spec.evaluate):
            several = sum(other.benchmark == entry.benchmark for other in self.spec.evaluate) > 1
            name = self.benchmarks[entry.benchmark][0].name
            suffix = f"{name}-{index + 1}" if several else name
            for seed in self.spec.seeds:
                for model in entry.models or self.spec.models:
                    if self.spec.models[model].path is None or seed == self.spec.seeds[0]:
                        unique = f"{model}/s{seed}/{suffix}"
                        yield Evaluation(model, seed, entry, self.selection(entry), unique)
