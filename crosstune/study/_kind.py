"""What a step kind is, and what the planner, the scheduler and a running step exchange with it."""

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
    """What a step's result is about, as far as it applies; reports group results by it.

    It is data of the study file and never part of a key: equal work of two models shares one artifact.
    """

    corpus: str = ""
    model: str = ""
    seed: int | None = None
    benchmark: str = ""
    languages: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Resources:
    """What a step occupies while it runs.

    ``cores``: CPU cores. A step that ``scales`` takes as many more as are free when it starts; its result
    must not depend on them. ``gpus`` GPUs with at least ``gpu_gib`` GiB each.
    """

    cores: int = 1
    scales: bool = False
    memory_bytes: int = GIB
    gpus: int = 0
    gpu_gib: float = 0.0


class Usage(NamedTuple):
    """``tokens``: of prompts and answers, or of the examples a model was tuned on. ``cost`` is in the
    currency of the server's prices. None: not counted."""

    tokens: int | None = None
    cost: float | None = None


@dataclass(frozen=True, kw_only=True)
class StepSpec:
    """One step as its kind plans it.

    ``settings`` is a frozen dataclass with everything that determines the result; it goes into the key
    (of a path: the contents). ``inputs`` maps a role to the name of the step whose result plays it.
    """

    name: str
    settings: Any
    inputs: Mapping[str, str] = field(default_factory=dict)
    subject: Subject = field(default_factory=Subject)


@dataclass(frozen=True)
class StepContext:
    """What a running step is given.

    ``inputs``: the result folder of each role. ``out``: an empty folder to fill. ``work``: a folder that
    survives kills. ``verdicts``: the cache of verdicts, a file. ``cores``: how many it may use.
    """

    inputs: Mapping[str, Path]
    out: Path
    work: Path
    verdicts: Path
    progress: Progress
    cores: int = 1


def _one_core(_settings: Any) -> Resources:
    return Resources()


def _no_requirements(_settings: Any) -> Iterable[Requirement]:
    return ()


def _no_usage(_metrics: Mapping[str, Any]) -> Usage:
    return Usage()


@dataclass(frozen=True, kw_only=True)
class StepKind:
    """A kind of step, as a value in a module of its own (`crosstune.study.steps`).

    ``version`` goes into every key: raise it when the same settings would give another result. ``makes``
    is the result's type, which is also the folder in the store; several kinds may make the same (default:
    the kind's name). ``options`` is the model of its entry under the study file's ``steps``; a kind
    without one takes part in every study, a kind with one only where the file has that entry.
    ``plan(study, options)`` gives the steps of a study. ``requirements`` says, quickly, what a step with
    these settings needs that no other step makes; ``resources`` what it occupies while it runs.
    ``run(settings, context)`` does it and returns metrics as plain JSON values. ``usage`` reads tokens and
    cost out of these metrics.
    """

    name: str
    version: int
    plan: Callable[[Study, Any], Iterable[StepSpec]]
    run: Callable[[Any, StepContext], Mapping[str, Any]]
    makes: str = ""
    options: type[Settings] | None = None
    requirements: Callable[[Any], Iterable[Requirement]] = _no_requirements
    resources: Callable[[Any], Resources] = _one_core
    usage: Callable[[Mapping[str, Any]], Usage] = _no_usage

    @property
    def result(self) -> str:
        return self.makes or self.name


STEP_KINDS = Registry("crosstune.study.steps", "STEP_KIND", "step kind", StepKind)
