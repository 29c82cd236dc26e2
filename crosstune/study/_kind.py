"""The interface of a step kind, and the values that planner, scheduler and running steps exchange with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from crosstune.hardware import GIB
from crosstune.plugins import Registry
from crosstune.records import Progress, Requirement
from crosstune.settings import Settings
from crosstune.study._spec import Study


@dataclass(frozen=True, kw_only=True)
class Subject:
    """The corpus, model, problems and so on that a step's result is about; reports group results by them.

    It comes from the study file and is never part of a key: equal steps of two models share one artifact.
    """

    corpus: str = ""
    model: str = ""
    seed: int | None = None
    benchmark: str = ""
    languages: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Resources:
    """The cores, memory and GPUs that a step occupies while it runs.

    A step that ``scales`` also takes cores that are free when it starts; its result must not depend on their
    number. An ``elastic`` one takes cores that become free while it runs, and gives them back when others
    need them (`StepContext.lent`). Each of the ``gpus`` needs at least ``gpu_gib`` GiB.
    """

    cores: int = 1
    scales: bool = False
    elastic: bool = False
    memory_bytes: int = GIB
    gpus: int = 0
    gpu_gib: float = 0.0


class Usage(NamedTuple):
    """``tokens`` of prompts and answers, or of the examples on which a model was tuned; ``cost`` in the
    currency of the server's prices. None if not counted."""

    tokens: int | None = None
    cost: float | None = None


@dataclass(frozen=True, kw_only=True)
class StepSpec:
    """One step as planned by its kind.

    ``settings`` is a frozen dataclass with everything that determines the result. It is part of the key, in
    which a path counts as the digest of its contents. ``inputs`` maps a role to the name of the step whose
    result has this role.
    """

    name: str
    settings: Any
    inputs: Mapping[str, str] = field(default_factory=dict)
    subject: Subject = field(default_factory=Subject)


@dataclass(frozen=True)
class StepContext:
    """The folders and resources of a running step.

    ``inputs`` has the result folder of each role. ``out`` is an empty folder to fill, ``work`` a folder that
    survives kills, ``verdicts`` the file with the cache of verdicts, ``cores`` the number of cores to use.
    ``lent`` is how many an elastic step may use besides, now.
    """

    inputs: Mapping[str, Path]
    out: Path
    work: Path
    verdicts: Path
    progress: Progress
    cores: int = 1
    lent: Callable[[], int] = int


def _one_core(_settings: Any) -> Resources:
    return Resources()


def _no_requirements(_settings: Any) -> Iterable[Requirement]:
    return ()


def _no_tools(_settings: Any) -> Iterable[str]:
    return ()


def _no_usage(_metrics: Mapping[str, Any]) -> Usage:
    return Usage()


def _no_note(_metrics: Mapping[str, Any]) -> str:
    return ""


@dataclass(frozen=True, kw_only=True)
class StepKind:
    """A kind of step, defined in its own module of `crosstune.study.steps`.

    ``version`` is part of every key: increase it when the same settings would give another result. ``makes``
    is the result's type, which is also the folder in the store (default: the kind's name); several kinds may
    make the same type. ``options`` is the model of the kind's entry under ``steps`` in the study file: a kind
    with options is used only if the file has that entry, a kind without options in every study.
    ``plan(study, options)`` yields the steps of a study. ``requirements(settings)`` quickly lists what a step
    needs that no other step makes, ``resources(settings)`` what it occupies while it runs, and
    ``tools(settings)`` the languages whose tools the result depends on: no other tools may then be used.
    ``run(settings, context)`` runs it and returns metrics as plain JSON values, from which ``usage`` reads
    tokens and cost, and ``note`` what is printed when the step is done.
    """

    name: str
    version: int
    plan: Callable[[Study, Any], Iterable[StepSpec]]
    run: Callable[[Any, StepContext], Mapping[str, Any]]
    makes: str = ""
    options: type[Settings] | None = None
    requirements: Callable[[Any], Iterable[Requirement]] = _no_requirements
    resources: Callable[[Any], Resources] = _one_core
    tools: Callable[[Any], Iterable[str]] = _no_tools
    usage: Callable[[Mapping[str, Any]], Usage] = _no_usage
    note: Callable[[Mapping[str, Any]], str] = _no_note

    @property
    def result(self) -> str:
        return self.makes or self.name


STEP_KINDS = Registry("crosstune.study.steps", "STEP_KIND", "step kind", StepKind)
