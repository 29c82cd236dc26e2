"""The experiment as one file: what a study is, read and checked before anything runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from crosstune.benchmarks import BENCHMARKS, Benchmark
from crosstune.corpus import Decontamination, NearDuplicates, Privacy
from crosstune.errors import SettingsError, UnknownName, UsageError, suggestion
from crosstune.generation import BACK_ENDS, BackEnd, Decoding
from crosstune.languages import LANGUAGES
from crosstune.plugins import Registry
from crosstune.prompts import PROMPTS
from crosstune.settings import Document, Settings
from crosstune.sources import SOURCES, Source
from crosstune.tuning import Recipe, load_recipe

Given = dict[str, dict[str, Any]]


class CorpusSpec(Settings):
    """Training data: either taken from a source or mixed from other corpora of this study."""

    source: Given | None = None
    """The source's name and, below it, its own settings."""
    mix: dict[str, float] | None = None
    """Other corpora and their shares (any positive numbers; they are divided by their sum)."""
    size: int | None = Field(default=None, gt=0)
    """Rows wanted. A mix needs it; a source gives all it has without it."""
    seed: int = 0
    """Which rows are drawn, and in which order."""
    decontaminate: bool | Decontamination = True
    """Drop rows that hold a solution, tests or the wording of a benchmark that this study evaluates;
    in place of true, how texts are compared."""
    near_duplicates: bool | NearDuplicates = False
    """Drop rows that are nearly the same as an earlier one; in place of true, what counts as near."""
    private: bool | Privacy = False
    """Replace keys, e-mail and IP addresses by others of the same form; in place of true, which of them,
    and whether their rows are dropped."""


class ModelSpec(Settings):
    """A model: given (`path`), tuned from another of this study (`base`), or made from scratch."""

    path: str | None = None
    """A folder (begins with ``.``, ``/``, ``~`` or ``$``) or a model's name on the Hugging Face Hub."""
    base: str | None = None
    """The model of this study that tuning starts from; without it the recipe's architecture is new."""
    corpus: str | None = None
    """What it is trained on."""
    recipe: str | None = None
    """How it is trained: a recipe's name or file."""
    prompt: str | None = None
    """The prompt template in training and evaluation; the study's own where it is not given."""
    back_end: Given | None = None
    """What answers for it, with its settings; the study's own where it is not given."""


class EvaluationSpec(Settings):
    """One benchmark's cells, asked of models. Each entry is one generation step a model and seed."""

    benchmark: str
    languages: tuple[str, ...] = ()
    """Empty: all that the benchmark has."""
    tasks: tuple[str, ...] = ()
    """Empty: all that the benchmark has."""
    models: tuple[str, ...] = ()
    """Empty: all models of the study."""
    decoding: Decoding = Decoding()


class StudySpec(Settings):
    """A study: corpora x models x languages x tasks."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    """The folder under runs/ that its results go to."""
    title: str = ""
    """One line for the report."""
    seeds: tuple[int, ...] = (0,)
    """Every trained model is trained once with each."""
    prompt: str = "plain"
    """The prompt template of all models that name none."""
    back_end: Given = {"transformers": {}}
    """What answers for all models that name none, with its settings."""
    benchmarks: Given = {}
    """Settings of the benchmarks that have any (where their data stands)."""
    corpora: dict[str, CorpusSpec] = {}
    models: dict[str, ModelSpec]
    evaluate: tuple[EvaluationSpec, ...]
    baseline: str | None = None
    """The model that all others are compared with; the first one where it is not given."""
    control: str | None = None
    """A model tuned on nothing but replay: what it gains is not the instructions' doing."""


@dataclass(frozen=True)
class Study:
    """A checked study: every name in it resolved."""

    document: Document
    spec: StudySpec
    sources: Mapping[str, tuple[Source, Settings]]
    benchmarks: Mapping[str, tuple[Benchmark, Settings]]
    recipes: Mapping[str, Recipe]
    back_ends: Mapping[str, tuple[BackEnd, Settings]]

    @property
    def baseline(self) -> str:
        return self.spec.baseline or next(iter(self.spec.models))

    def prompt(self, model: str) -> str:
        return self.spec.models[model].prompt or self.spec.prompt


def load_study(path: Path) -> Study:
    """The study in ``path``.

    Raises:
        SettingsError: names the file, the line, the field, and for a wrong name the nearest known one.
    """
    document = Document(path)
    spec = document.parse(StudySpec)
    check = _Check(document, spec)
    check.seeds()
    for index, evaluation in enumerate(spec.evaluate):
        check.evaluation(index, evaluation)
    check.known("model", ("baseline",), spec.baseline, spec.models)
    check.known("model", ("control",), spec.control, spec.models)
    check.named(PROMPTS, ("prompt",), spec.prompt)
    return Study(
        document,
        spec,
        sources={name: source for name in spec.corpora if (source := check.corpus(name))},
        benchmarks=check.benchmarks(),
        recipes={name: recipe for name in spec.models if (recipe := check.model(name))},
        back_ends={name: check.back_end(name) for name in spec.models},
    )


class _Check:
    """Checks what the types can't: that names point to something, and that nothing goes in a ring."""

    def __init__(self, document: Document, spec: StudySpec) -> None:
        self.document, self.spec = document, spec

    def fail(self, where: Sequence[str | int], message: str) -> SettingsError:
        return self.document.error(where, message)

    def named(self, shelf: Registry[Any], where: Sequence[str | int], name: str) -> Any:
        try:
            return shelf.load(name)
        except UnknownName as error:
            raise self.fail(where, str(error)) from None

    def known(
        self, what: str, where: Sequence[str | int], name: str | None, known: Mapping[str, Any]
    ) -> None:
        if name is not None and name not in known:
            raise self.fail(where, f"no {what} {name!r} in this study; {suggestion(name, known)}")

    def seeds(self) -> None:
        if not self.spec.seeds or len(set(self.spec.seeds)) < len(self.spec.seeds):
            raise self.fail(("seeds",), "expected one or more different whole numbers")

    def evaluation(self, index: int, entry: EvaluationSpec) -> None:
        where = ("evaluate", index)
        benchmark: Benchmark = self.named(BENCHMARKS, (*where, "benchmark"), entry.benchmark)
        for field, names, known in (
            ("languages", entry.languages, benchmark.languages),
            ("tasks", entry.tasks, benchmark.tasks),
            ("models", entry.models, self.spec.models),
        ):
            for place, name in enumerate(names):
                if name in known:
                    continue
                if field == "languages":
                    self.named(LANGUAGES, (*where, field, place), name)
                what = (
                    f"unknown {field[:-1]}" if field == "models" else f"{benchmark.name} has no {field[:-1]}"
                )
                raise self.fail((*where, field, place), f"{what} {name!r}; {suggestion(name, known)}")

    def benchmarks(self) -> dict[str, tuple[Benchmark, Settings]]:
        used = {entry.benchmark: index for index, entry in enumerate(self.spec.evaluate)}
        for name in self.spec.benchmarks:
            self.named(BENCHMARKS, ("benchmarks", name), name)
        found: dict[str, tuple[Benchmark, Settings]] = {}
        for name, index in used.items():
            benchmark = BENCHMARKS.load(name)
            where = ("benchmarks", name) if name in self.spec.benchmarks else ("evaluate", index, "benchmark")
            data = self.spec.benchmarks.get(name, {})
            found[name] = (benchmark, self.document.parse(benchmark.settings, data, where))
        return found

    def corpus(self, name: str) -> tuple[Source, Settings] | None:
        spec, where = self.spec.corpora[name], ("corpora", name)
        if (spec.source is None) == (spec.mix is None):
            raise self.fail(where, "expected either 'source' or 'mix'")
        if spec.source is not None:
            source: tuple[Source, Settings] = self._given(SOURCES, (*where, "source"), spec.source)
            return source
        self._mix(where, name, spec.mix or {})
        if spec.size is None:
            raise self.fail(where, "a mix needs its 'size' in rows")
        for field in ("near_duplicates", "private"):
            if getattr(spec, field):
                raise self.fail((*where, field), "only for a corpus with a 'source': set it for the parts")
        return None

    def _given(self, shelf: Registry[Any], where: tuple[str, ...], given: Given) -> tuple[Any, Settings]:
        """The one thing named in ``given`` and its settings, checked."""
        if len(given) != 1:
            raise self.fail(where, f"expected one {shelf.what} with its settings, found {len(given)}")
        ((name, data),) = given.items()
        found = self.named(shelf, (*where, name), name)
        return found, self.document.parse(found.settings, data, (*where, name))

    def back_end(self, model: str) -> tuple[BackEnd, Settings]:
        own = self.spec.models[model].back_end
        where = ("back_end",) if own is None else ("models", model, "back_end")
        found: tuple[BackEnd, Settings] = self._given(
            BACK_ENDS, where, self.spec.back_end if own is None else own
        )
        return found

    def _mix(self, where: tuple[str, ...], name: str, mix: Mapping[str, float]) -> None:
        if not mix:
            raise self.fail((*where, "mix"), "expected at least one corpus with its share")
        for part, share in mix.items():
            self.known("corpus", (*where, "mix", part), part, self.spec.corpora)
            if share <= 0:
                raise self.fail((*where, "mix", part), "a share must be greater than 0")
        if name in self._parts(name):
            raise self.fail((*where, "mix"), f"the corpus {name!r} is mixed from itself")

    def _parts(self, name: str) -> set[str]:
        seen: set[str] = set()
        open_names = [name]
        while open_names:
            spec = self.spec.corpora.get(open_names.pop())
            for part in (spec.mix or {}) if spec else {}:
                if part not in seen:
                    seen.add(part)
                    open_names.append(part)
        return seen

    def model(self, name: str) -> Recipe | None:
        spec, where = self.spec.models[name], ("models", name)
        if spec.prompt:
            self.named(PROMPTS, (*where, "prompt"), spec.prompt)
        if spec.path is not None:
            if spec.base or spec.corpus or spec.recipe:
                raise self.fail(where, "a model with a 'path' is given; it takes no base, corpus or recipe")
            return None
        if not (spec.corpus and spec.recipe):
            raise self.fail(where, "expected 'path', or 'corpus' and 'recipe' (and 'base' to tune another)")
        self.known("corpus", (*where, "corpus"), spec.corpus, self.spec.corpora)
        self.known("model", (*where, "base"), spec.base, self.spec.models)
        self._no_ring(where, name)
        try:
            recipe = load_recipe(spec.recipe, self.document.path.parent)
        except SettingsError:
            raise  # the recipe's own file and line say more than this one's
        except UsageError as error:
            raise self.fail((*where, "recipe"), str(error)) from None
        if spec.base is None and recipe.architecture is None:
            raise self.fail(where, f"recipe {spec.recipe!r} has no architecture: name the 'base' to tune")
        return recipe

    def _no_ring(self, where: tuple[str, ...], name: str) -> None:
        seen = {name}
        base = self.spec.models[name].base
        while base is not None:
            if base in seen:
                raise self.fail((*where, "base"), f"the model {name!r} is tuned from itself")
            seen.add(base)
            base = self.spec.models[base].base if base in self.spec.models else None
