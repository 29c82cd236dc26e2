"""From a study to its steps, each with a key that says what it is made of."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pydantic

from crosstune import execution, tuning
from crosstune.corpus import Decontamination, NearDuplicates, Privacy, filter_requirements
from crosstune.records import Requirement
from crosstune.settings import digest
from crosstune.study._spec import EvaluationSpec, Study
from crosstune.study._steps import Cells, Generate, Job, JudgeAnswers, MixCorpora, TakeCorpus, Tune
from crosstune.study._store import tree_digest


@dataclass(frozen=True)
class Step:
    """One step: what it does, from which steps, and what it needs that no step makes.

    ``key`` is the SHA-256 of the kind, its version, the settings (of paths: the contents) and the
    inputs' keys. Neither names nor worker counts are in it.
    """

    name: str
    job: Job
    inputs: Mapping[str, Step]
    requirements: tuple[Requirement, ...]
    settings: Mapping[str, Any] = field(repr=False)

    @property
    def kind(self) -> str:
        return self.job.kind

    @functools.cached_property
    def key(self) -> str:
        inputs = {role: step.key for role, step in self.inputs.items()}
        return digest(
            {"kind": self.kind, "version": self.job.version, "settings": self.settings, "inputs": inputs}
        )

    @property
    def missing(self) -> tuple[Requirement, ...]:
        return tuple(each for each in self.requirements if not each.met)


@dataclass(frozen=True)
class Evaluated:
    """The judged cells of one model and seed in one language: where its verdicts come from."""

    model: str
    seed: int
    step: Step


@dataclass(frozen=True)
class Plan:
    """All steps of a study, each after its inputs."""

    study: Study
    steps: tuple[Step, ...]
    corpora: Mapping[str, Step]
    trained: Mapping[tuple[str, int], Step]
    evaluated: tuple[Evaluated, ...]


def make_plan(study: Study) -> Plan:
    """The plan of ``study``; asks what is here (compilers, data, models), runs nothing."""
    return _Planner(study).plan()


class _Planner:
    def __init__(self, study: Study) -> None:
        self.study, self.spec = study, study.spec
        self.digest = functools.cache(_path_digest)
        self.steps: dict[str, Step] = {}
        self.corpora: dict[str, Step] = {}
        self.trained: dict[tuple[str, int], Step] = {}
        self.evaluated: list[Evaluated] = []

    def plan(self) -> Plan:
        for name in self.spec.corpora:
            self.corpus(name)
        for seed in self.spec.seeds:
            for model in self.spec.models:
                self.model(model, seed)
        for index, entry in enumerate(self.spec.evaluate):
            for seed in self.spec.seeds:
                for model in entry.models or self.spec.models:
                    self.evaluate(index, entry, model, seed)
        steps = tuple(self.steps.values())
        return Plan(self.study, steps, self.corpora, self.trained, tuple(self.evaluated))

    def add(
        self, name: str, job: Job, inputs: Mapping[str, Step], requirements: Sequence[Requirement]
    ) -> Step:
        settings = _keyed(job, self.digest)
        step = Step(name, job, inputs, tuple(dict.fromkeys(requirements)), settings)
        return self.steps.setdefault(name, step)

    def corpus(self, name: str) -> Step:
        if name in self.corpora:
            return self.corpora[name]
        spec = self.spec.corpora[name]
        if name in self.study.sources:
            source, settings = self.study.sources[name]
            guarded = self.guarded() if spec.decontaminate else ()
            gate = (
                spec.decontaminate if isinstance(spec.decontaminate, Decontamination) else Decontamination()
            )
            job = TakeCorpus(
                source.name,
                source.version,
                settings,
                spec.size,
                spec.seed,
                guarded,
                gate,
                NearDuplicates() if spec.near_duplicates is True else spec.near_duplicates or None,
                Privacy() if spec.private is True else spec.private or None,
            )
            requirements = [
                *source.requirements(settings),
                *(each for cells in guarded for each in _data_requirements(cells)),
            ]
            requirements += filter_requirements(job.near, job.private)
            step = self.add(f"corpus/{name}", job, {}, requirements)
        else:
            assert spec.mix is not None
            assert spec.size is not None
            parts = {f"part {number}": self.corpus(part) for number, part in enumerate(spec.mix, 1)}
            mixed = MixCorpora(tuple(spec.mix.values()), spec.size, spec.seed)
            step = self.add(f"corpus/{name}", mixed, parts, [])
        self.corpora[name] = step
        return step

    def guarded(self) -> tuple[Cells, ...]:
        """Every cell that is evaluated: no corpus may hold its solutions or tests."""
        return tuple(dict.fromkeys(self.cells(entry) for entry in self.spec.evaluate))

    def cells(self, entry: EvaluationSpec) -> Cells:
        benchmark, settings = self.study.benchmarks[entry.benchmark]
        return Cells(
            benchmark.name,
            benchmark.version,
            settings,
            entry.languages or benchmark.languages,
            entry.tasks or benchmark.tasks,
        )

    def model(self, name: str, seed: int) -> Step | None:
        """The step that makes the model; None where the model is given."""
        spec = self.spec.models[name]
        if spec.path is not None or (name, seed) in self.trained:
            return self.trained.get((name, seed))
        assert spec.corpus is not None
        recipe = self.study.recipes[name]
        inputs = {"corpus": self.corpus(spec.corpus)}
        base: str | Path | None = None
        if spec.base is not None:
            made = self.model(spec.base, seed)
            if made is None:
                base = self.given(spec.base)
            else:
                inputs["base"] = made
        job = Tune(base, recipe, self.study.prompt(name), seed)
        step = self.add(f"tune/{name}/s{seed}", job, inputs, tuning.requirements(recipe, base))
        self.trained[name, seed] = step
        return step

    def given(self, name: str) -> str | Path:
        path = self.spec.models[name].path
        assert path is not None
        return self.study.document.model_path(path)

    def evaluate(self, index: int, entry: EvaluationSpec, model: str, seed: int) -> None:
        back_end, options = self.study.back_ends[model]
        made = self.model(model, seed)
        given = None if made else self.given(model)
        if given is not None and seed != self.spec.seeds[0]:
            return  # nothing of a given model depends on a training seed
        cells = self.cells(entry)
        benchmark, _ = self.study.benchmarks[entry.benchmark]
        decoding = entry.decoding.model_copy(update={"seed": entry.decoding.seed + seed})
        job = Generate(
            given, self.study.prompt(model), back_end.name, back_end.version, options, cells, decoding
        )
        inputs = {"model": made} if made else {}
        requirements = [
            *back_end.requirements("" if made else str(given), options),
            *_data_requirements(cells),
        ]
        several = sum(other.benchmark == entry.benchmark for other in self.spec.evaluate) > 1
        name = f"{model}/s{seed}/{entry.benchmark}{f'-{index + 1}' if several else ''}"
        completions = self.add(f"generate/{name}", job, inputs, requirements)
        for language in cells.languages:
            judged = JudgeAnswers(dataclasses.replace(cells, languages=(language,)))
            requirements = [*_data_requirements(judged.cells), *execution_requirements(language)]
            requirements += benchmark.libraries(language) if benchmark.libraries else ()
            step = self.add(f"judge/{name}/{language}", judged, {"completions": completions}, requirements)
            self.evaluated.append(Evaluated(model, seed, step))


@functools.cache
def execution_requirements(language: str) -> tuple[Requirement, ...]:
    return tuple(execution.requirements(language))


def _data_requirements(cells: Cells) -> Iterator[Requirement]:
    from crosstune.benchmarks import BENCHMARKS

    benchmark = BENCHMARKS.load(cells.benchmark)
    for language in cells.languages:
        yield from benchmark.requirements(cells.settings, language)


def _keyed(value: Any, digest_of: Callable[[Path], str]) -> Any:
    """``value`` as it goes into a key: plain JSON values, and for a path the digest of its contents.

    Settings that a model excludes (where a server is, how many requests at a time) say how, not what.
    """
    if isinstance(value, Path):
        return digest_of(value)
    if isinstance(value, pydantic.BaseModel):
        fields = type(value).model_fields.items()
        value = {name: getattr(value, name) for name, field in fields if not field.exclude}
    elif dataclasses.is_dataclass(value):
        value = {item.name: getattr(value, item.name) for item in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _keyed(item, digest_of) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_keyed(item, digest_of) for item in value]
    return value


def _path_digest(path: Path) -> str:
    try:
        return "sha256:" + tree_digest(path)
    except FileNotFoundError:
        return "missing"
