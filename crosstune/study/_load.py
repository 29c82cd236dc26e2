"""Read a study file and check everything in it before anything runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from crosstune.benchmarks import BENCHMARKS, Benchmark
from crosstune.errors import SettingsError, UnknownName, UsageError, suggestion
from crosstune.generation import BACK_ENDS, BackEnd
from crosstune.languages import LANGUAGES
from crosstune.plugins import Registry
from crosstune.prompts import PROMPTS
from crosstune.settings import Document, Settings
from crosstune.sources import SOURCES, Source
from crosstune.study._kind import STEP_KINDS, StepKind
from crosstune.study._spec import EvaluationSpec, Named, Study, StudySpec
from crosstune.tuning import Recipe, load_recipe


def load_study(path: Path) -> Study:
    """Read and check the study file ``path``.

    Raises:
        SettingsError: the message names the file, line and field, and suggests a name for an unknown one.
    """
    document = Document(path)
    spec = document.parse(StudySpec)
    check = _Check(document, spec)
    check.seeds()
    for index, evaluation in enumerate(spec.evaluate):
        check.evaluation(index, evaluation)
    check.known("model", ("baseline",), spec.baseline, spec.models)
    check.known("model", ("control",), spec.control, spec.models)
    check.plug_in(PROMPTS, ("prompt",), spec.prompt)
    return Study(
        document,
        spec,
        sources={name: source for name in spec.corpora if (source := check.corpus(name))},
        benchmarks=check.benchmarks(),
        recipes={name: recipe for name in spec.models if (recipe := check.model(name))},
        back_ends={name: check.back_end(name) for name in spec.models},
        options={name: check.step_kind(name) for name in spec.steps},
    )


class _Check:
    """Checks what types cannot express: every name is known, and no reference is circular."""

    def __init__(self, document: Document, spec: StudySpec) -> None:
        self.document, self.spec = document, spec

    def error(self, location: Sequence[str | int], message: str) -> SettingsError:
        return self.document.error(location, message)

    def plug_in(self, registry: Registry[Any], location: Sequence[str | int], name: str) -> Any:
        try:
            return registry.load(name)
        except UnknownName as error:
            raise self.error(location, str(error)) from None

    def known(
        self, what: str, location: Sequence[str | int], name: str | None, known: Mapping[str, Any]
    ) -> None:
        if name is not None and name not in known:
            raise self.error(location, f"no {what} {name!r} in this study; {suggestion(name, known)}")

    def seeds(self) -> None:
        if not self.spec.seeds or len(set(self.spec.seeds)) < len(self.spec.seeds):
            raise self.error(("seeds",), "expected one or more different whole numbers")

    def evaluation(self, index: int, entry: EvaluationSpec) -> None:
        location = ("evaluate", index)
        benchmark = self._named((*location, "benchmark"), entry.benchmark)
        for field, names, known in (
            ("languages", entry.languages, benchmark.languages),
            ("tasks", entry.tasks, benchmark.tasks),
            ("models", entry.models, self.spec.models),
        ):
            for index_of_name, name in enumerate(names):
                if name not in known:
                    raise self._unknown(benchmark, (*location, field, index_of_name), name, known)

    def _unknown(
        self, benchmark: Benchmark, location: tuple[str | int, ...], name: str, known: Iterable[str]
    ) -> SettingsError:
        field = str(location[-2])
        if field == "languages":
            self.plug_in(LANGUAGES, location, name)
        what = f"unknown {field[:-1]}" if field == "models" else f"{benchmark.name} has no {field[:-1]}"
        return self.error(location, f"{what} {name!r}; {suggestion(name, known)}")

    def benchmarks(self) -> dict[str, tuple[Benchmark, Settings]]:
        for name in self.spec.benchmarks:
            self._named(("benchmarks", name), name)
        used = {entry.benchmark: index for index, entry in enumerate(self.spec.evaluate)}
        found = {name: self._benchmark(name, index) for name, index in used.items()}
        by_name: dict[str, str] = {}
        for key, (benchmark, _) in found.items():
            if (other := by_name.setdefault(benchmark.name, key)) != key:
                message = f"{key} and {other} have the same name, {benchmark.name!r}"
                raise self.error(("evaluate", used[key], "benchmark"), message)
        return found

    def _benchmark(self, name: str, index: int) -> tuple[Benchmark, Settings]:
        benchmark = BENCHMARKS.relative_to(self.document.path.parent, name)
        location = ("benchmarks", name) if name in self.spec.benchmarks else ("evaluate", index, "benchmark")
        data = {**benchmark.defaults, **self.spec.benchmarks.get(name, {})}
        return benchmark, self.document.parse(benchmark.settings, data, location)

    def _named(self, location: Sequence[str | int], name: str) -> Benchmark:
        """The benchmark ``name``, or that of a form, a file relative to the study's."""
        try:
            return BENCHMARKS.relative_to(self.document.path.parent, name)
        except UnknownName as error:
            raise self.error(location, str(error)) from None

    def step_kind(self, name: str) -> Settings:
        """The settings of an optional step kind."""
        location = ("steps", name)
        kind: StepKind = self.plug_in(STEP_KINDS, location, name)
        if kind.options is None:
            raise self.error(
                location, f"{name!r} takes part in every study; 'steps' is for optional step kinds"
            )
        return self.document.parse(kind.options, self.spec.steps[name], location)

    def corpus(self, name: str) -> tuple[Source, Settings] | None:
        spec, location = self.spec.corpora[name], ("corpora", name)
        if (spec.source is None) == (spec.mix is None):
            raise self.error(location, "expected either 'source' or 'mix'")
        if spec.source is not None:
            source: tuple[Source, Settings] = self._only(SOURCES, (*location, "source"), spec.source)
            return source
        self._mix(location, name, spec.mix or {})
        if spec.size is None:
            raise self.error(location, "a mix needs its 'size' in rows")
        for field in ("near_duplicates", "private"):
            if getattr(spec, field):
                raise self.error((*location, field), "only for a corpus with a 'source'; set it on the parts")
        return None

    def _only(self, registry: Registry[Any], location: tuple[str, ...], named: Named) -> tuple[Any, Settings]:
        """The only plug-in in ``named``, and its settings."""
        if len(named) != 1:
            raise self.error(location, f"expected one {registry.what} with its settings, found {len(named)}")
        ((name, data),) = named.items()
        plug_in = self.plug_in(registry, (*location, name), name)
        return plug_in, self.document.parse(plug_in.settings, data, (*location, name))

    def back_end(self, model: str) -> tuple[BackEnd, Settings]:
        own = self.spec.models[model].back_end
        location = ("back_end",) if own is None else ("models", model, "back_end")
        named = self.spec.back_end if own is None else own
        back_end: tuple[BackEnd, Settings] = self._only(BACK_ENDS, location, named)
        return back_end

    def _mix(self, location: tuple[str, ...], name: str, mix: Mapping[str, float]) -> None:
        if not mix:
            raise self.error((*location, "mix"), "expected at least one corpus with its share")
        for part, share in mix.items():
            self.known("corpus", (*location, "mix", part), part, self.spec.corpora)
            if share <= 0:
                raise self.error((*location, "mix", part), "a share must be greater than 0")
        if name in self._parts(name):
            raise self.error((*location, "mix"), f"the corpus {name!r} is mixed from itself")

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
        spec, location = self.spec.models[name], ("models", name)
        if spec.prompt:
            self.plug_in(PROMPTS, (*location, "prompt"), spec.prompt)
        if spec.path is not None:
            if spec.base or spec.corpus or spec.recipe:
                raise self.error(location, "a model with a 'path' takes no base, corpus or recipe")
            return None
        if not (spec.corpus and spec.recipe):
            raise self.error(
                location, "expected 'path', or 'corpus' and 'recipe' (and 'base' to tune another)"
            )
        self.known("corpus", (*location, "corpus"), spec.corpus, self.spec.corpora)
        self.known("model", (*location, "base"), spec.base, self.spec.models)
        self._check_bases(location, name)
        try:
            recipe = load_recipe(spec.recipe, self.document.path.parent)
        except SettingsError:
            raise  # it names the recipe's file and line
        except UsageError as error:
            raise self.error((*location, "recipe"), str(error)) from None
        if spec.base is None and recipe.architecture is None:
            raise self.error(
                location, f"the recipe {spec.recipe!r} has no architecture; name the 'base' to tune"
            )
        return recipe

    def _check_bases(self, location: tuple[str, ...], name: str) -> None:
        seen = {name}
        base = self.spec.models[name].base
        while base is not None:
            if base in seen:
                raise self.error((*location, "base"), f"the model {name!r} is tuned from itself")
            seen.add(base)
            base = self.spec.models[base].base if base in self.spec.models else None
