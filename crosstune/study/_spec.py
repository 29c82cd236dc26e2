"""A study as its file writes it, and as it is once every name in it is resolved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import Field

from crosstune.benchmarks import Benchmark
from crosstune.corpus import Decontamination, NearDuplicates, Privacy
from crosstune.generation import BackEnd, Decoding
from crosstune.settings import Document, Settings
from crosstune.sources import Source
from crosstune.study._selection import ProblemSelection
from crosstune.tuning import Recipe

Named = dict[str, dict[str, Any]]
"""A plug-in's name with its own settings below it."""


class CorpusSpec(Settings):
    """Training data: either from a source, or mixed from other corpora of this study."""

    source: Named | None = None
    """The source and its settings."""
    mix: dict[str, float] | None = None
    """Other corpora and their shares: positive numbers, which are divided by their sum."""
    size: int | None = Field(default=None, gt=0)
    """Number of rows. Required for a mix; without it a source gives all its rows."""
    seed: int = 0
    """Determines which rows are drawn, and their order."""
    decontaminate: bool | Decontamination = True
    """Drop rows that contain a solution, tests or the instruction of a benchmark this study evaluates;
    instead of true: how texts are compared."""
    near_duplicates: bool | NearDuplicates = False
    """Drop rows that are nearly equal to an earlier one; instead of true: what counts as nearly equal."""
    private: bool | Privacy = False
    """Replace keys, e-mail and IP addresses by made-up ones of the same format; instead of true: which of
    them, and whether their rows are dropped."""


class ModelSpec(Settings):
    """A model: given (`path`), tuned from another model of this study (`base`), or trained from scratch."""

    path: str | None = None
    """A folder (starts with ``.``, ``/``, ``~`` or ``$``), or the model's name on the Hugging Face Hub."""
    base: str | None = None
    """The model of this study that tuning starts from; without it, a new one of the recipe's architecture."""
    corpus: str | None = None
    """The corpus it is trained on."""
    recipe: str | None = None
    """How it is trained: the name of a recipe, or a file."""
    prompt: str | None = None
    """The prompt template in training and evaluation; default: the study's."""
    back_end: Named | None = None
    """The back end that answers for it, and its settings; default: the study's."""


class EvaluationSpec(Settings):
    """Problems of one benchmark, asked of models. Each entry is one generation step per model and seed."""

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
    """The prompt template of models that name none."""
    back_end: Named = {"transformers": {}}
    """The back end of models that name none, and its settings."""
    benchmarks: Named = {}
    """Settings of the benchmarks that have some (where their data is)."""
    corpora: dict[str, CorpusSpec] = {}
    models: dict[str, ModelSpec]
    evaluate: tuple[EvaluationSpec, ...]
    baseline: str | None = None
    """The model that all others are compared with; default: the first."""
    control: str | None = None
    """A model tuned on replay alone: what it gains is not an effect of the instructions."""
    steps: Named = {}
    """Optional step kinds and their settings."""


@dataclass(frozen=True)
class Evaluation:
    """One entry of the study's ``evaluate``, asked of one model with one seed."""

    model: str
    seed: int
    entry: EvaluationSpec
    selection: ProblemSelection
    name: str
    """Unique in the study; part of the names of the steps that belong to it."""


@dataclass(frozen=True)
class Study:
    """A checked study: every name in it is resolved."""

    document: Document
    spec: StudySpec
    sources: Mapping[str, tuple[Source, Settings]]
    """By corpus; a mixed corpus has none."""
    benchmarks: Mapping[str, tuple[Benchmark, Settings]]
    recipes: Mapping[str, Recipe]
    """By model; a given model has none."""
    back_ends: Mapping[str, tuple[BackEnd, Settings]]
    options: Mapping[str, Settings] = field(default_factory=dict)
    """By optional step kind of the file's ``steps``."""

    @property
    def baseline(self) -> str:
        return self.spec.baseline or next(iter(self.spec.models))

    def prompt(self, model: str) -> str:
        return self.spec.models[model].prompt or self.spec.prompt

    def given_model(self, model: str) -> str | Path | None:
        """The folder or Hub name of a given model; None where this study trains it."""
        path = self.spec.models[model].path
        return None if path is None else self.document.model_path(path)

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
        """In the order of the file. A given model does not depend on the seed: it is asked once."""
        for index, entry in enumerate(self.spec.evaluate):
            several = sum(other.benchmark == entry.benchmark for other in self.spec.evaluate) > 1
            suffix = f"{entry.benchmark}-{index + 1}" if several else entry.benchmark
            for seed in self.spec.seeds:
                for model in entry.models or self.spec.models:
                    if self.spec.models[model].path is None or seed == self.spec.seeds[0]:
                        name = f"{model}/s{seed}/{suffix}"
                        yield Evaluation(model, seed, entry, self.selection(entry), name)
