"""A run as analysis sees it: plain values, read from nowhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from crosstune.records import EvaluatedSample, Example


class TaskKey(NamedTuple):
    """What one column of the transfer table measures."""

    benchmark: str
    language: str
    task: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """``trained`` holds the (language, task) pairs of its instructions, not of raw text it only read.

    ``base`` and ``corpus`` are empty where it has none (a model without a corpus was given, not
    trained here); ``recipe`` are settings to show, as they are.
    """

    name: str
    base: str = ""
    corpus: str = ""
    recipe: Mapping[str, Any] = field(default_factory=dict)
    trained: tuple[tuple[str, str], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusPart:
    """How many rows of a corpus are of one language, task and source (prose: no language)."""

    language: str
    task: str
    source: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """``funnel`` tells (stage, rows left) in order; ``samples`` are a few rows to read.

    ``flagged`` are the problems, as (benchmark, language, problem), that some row of its sources held;
    such rows were taken out. None: not measured.
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
        return sum(task_key.rows for task_key in self.composition)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSummary:
    """``seconds`` is None while it has not run. ``tokens``: of what a model was asked and answered, or of
    the examples it was tuned on; ``cost`` in the currency of the server's prices; None: not counted.
    ``model`` and ``seed`` are what it is about, if it is about a model; ``metrics`` are its kind's own."""

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
    """All that a study brought forth.

    ``models`` come in the order to show them, and ``task_keys`` too (others follow them). ``baseline``
    names the model that the others are compared with, ``control`` (may be empty) the one that was tuned
    without any instructions. ``losses`` maps (model, seed) to (step, loss) pairs. ``manifest`` is shown
    as it is.

    ``tests`` are the judged problems' own, by (benchmark, language, task, id), as far as they are known.
    ``notice`` (may be empty) is what a reader must know before all else.
    """

    name: str
    title: str
    baseline: str
    models: tuple[Model, ...]
    judged: Sequence[EvaluatedSample]
    control: str = ""
    task_keys: tuple[TaskKey, ...] = ()
    corpora: tuple[Corpus, ...] = ()
    losses: Mapping[tuple[str, int], Sequence[tuple[int, float]]] = field(default_factory=dict)
    steps: tuple[StepSummary, ...] = ()
    manifest: Mapping[str, Any] = field(default_factory=dict)
    tests: Mapping[tuple[str, str, str, str], str] = field(default_factory=dict)
    notice: str = ""

    def model(self, name: str) -> Model:
        return next(model for model in self.models if model.name == name)
