"""The input of the analysis: plain values, independent of files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from crosstune.records import EvaluatedSample, Example


class TaskKey(NamedTuple):
    """What one column of the transfer table measures: a language and task of a benchmark."""

    benchmark: str
    language: str
    task: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """``trained``: the (language, task) pairs of its instructions, without raw text.

    ``base`` and ``corpus`` are empty if it has none (a model without a corpus was not trained here);
    ``recipe`` are settings to show.
    """

    name: str
    base: str = ""
    corpus: str = ""
    recipe: Mapping[str, Any] = field(default_factory=dict)
    trained: tuple[tuple[str, str], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusPart:
    """The number of a corpus's rows of one language, task and source (prose: no language)."""

    language: str
    task: str
    source: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """``funnel``: (stage, rows left) in order; ``samples``: a few rows to read.

    ``flagged``: the problems, as (benchmark, language, problem), that some row of its sources contained;
    such rows were removed. None: not measured.
    """

    name: str
    composition: tuple[CorpusPart, ...]
    characters: int = 0
    funnel: tuple[tuple[str, int], ...] = ()
    samples: tuple[Example, ...] = ()
    note: str = ""
    flagged: tuple[tuple[str, str, str], ...] | None = None

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.composition)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSummary:
    """One step. ``seconds`` is None before it has run. ``tokens`` counts those of prompts and answers, or of
    the examples that a model was tuned on; ``cost`` is in the currency of the server's prices; None: not
    counted. ``model`` and ``seed`` are those of the model that it belongs to, if any; ``metrics`` depend on
    its kind."""

    name: str
    kind: str
    state: str
    seconds: float | None = None
    tokens: int | None = None
    cost: float | None = None
    key: str = ""
    model: str = ""
    seed: int | None = None
    metrics: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The results of a study.

    ``models`` and ``task_keys`` are in the order to show them (other tasks follow). ``baseline`` names the
    model that the others are compared with, ``control`` (may be empty) the one tuned without instructions.
    In an ``evaluation`` no model was tuned: each is compared with each, and none has gains.
    ``losses`` maps (model, seed) to (step, loss) pairs. ``manifest`` is shown unchanged.

    ``tests`` are those of the judged problems, by (benchmark, language, task, id), as far as they are known.
    ``notice`` (may be empty) is what a reader must know first.
    """

    name: str
    title: str
    baseline: str
    models: tuple[Model, ...]
    judged: Sequence[EvaluatedSample]
    control: str = ""
    evaluation: bool = False
    task_keys: tuple[TaskKey, ...] = ()
    corpora: tuple[Corpus, ...] = ()
    losses: Mapping[tuple[str, int], Sequence[tuple[int, float]]] = field(default_factory=dict)
    steps: tuple[StepSummary, ...] = ()
    manifest: Mapping[str, Any] = field(default_factory=dict)
    tests: Mapping[tuple[str, str, str, str], str] = field(default_factory=dict)
    notice: str = ""

    def model(self, name: str) -> Model:
        return next(model for model in self.models if model.name == name)
