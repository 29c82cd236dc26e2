"""Plan a study's steps, each with a key that identifies its result."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pydantic

from crosstune.files import tree_digest
from crosstune.records import Requirement
from crosstune.settings import digest
from crosstune.study._kind import STEP_KINDS, Resources, StepKind, StepSpec, Subject
from crosstune.study._spec import Study


@dataclass(frozen=True)
class Step:
    """A step of a plan: its kind, its settings and the steps whose results it uses.

    ``key`` is the SHA-256 of the kind's result and version, the settings (a path counts as the digest of its
    contents) and the inputs' keys. Names and resources are not part of it.
    """

    name: str
    kind: StepKind
    settings: Any
    inputs: Mapping[str, Step]
    subject: Subject = field(default_factory=Subject)
    plain_settings: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """The settings as used in the key."""

    @functools.cached_property
    def key(self) -> str:
        return digest(
            {
                "kind": self.kind.result,
                "version": self.kind.version,
                "settings": self.plain_settings,
                "inputs": {role: step.key for role, step in self.inputs.items()},
            }
        )

    @functools.cached_property
    def requirements(self) -> tuple[Requirement, ...]:
        return tuple(dict.fromkeys(self.kind.requirements(self.settings)))

    @functools.cached_property
    def resources(self) -> Resources:
        return self.kind.resources(self.settings)

    @functools.cached_property
    def tools(self) -> tuple[str, ...]:
        return tuple(self.kind.tools(self.settings))

    @property
    def missing(self) -> tuple[Requirement, ...]:
        return tuple(each for each in self.requirements if not each.met)


@dataclass(frozen=True)
class Plan:
    """All steps of a study, each after its inputs."""

    study: Study
    steps: tuple[Step, ...]

    def making(self, result: str) -> tuple[Step, ...]:
        """The steps with this type of result, such as ``judge``."""
        return tuple(step for step in self.steps if step.kind.result == result)


def make_plan(study: Study) -> Plan:
    """The plan of ``study``; reads the files on which keys depend, but runs nothing.

    Raises:
        ValueError: a step is planned twice, uses a step that is not planned, or needs its own result.
    """
    planner = _Planner(study)
    for kind in STEP_KINDS.all().values():
        planner.add_kind(kind)
    return Plan(study, planner.resolve())


class _Planner:
    """Collects the steps of all kinds, then puts each step after its inputs."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.digest = functools.cache(path_digest)
        self.specs: dict[str, tuple[StepKind, StepSpec]] = {}
        self.steps: dict[str, Step] = {}
        self.visited: set[str] = set()

    def add_kind(self, kind: StepKind) -> None:
        if kind.options is not None and kind.name not in self.study.options:
            return
        for spec in kind.plan(self.study, self.study.options.get(kind.name)):
            if spec.name in self.specs:
                raise ValueError(f"the step {spec.name!r} is planned twice")
            self.specs[spec.name] = kind, spec

    def resolve(self) -> tuple[Step, ...]:
        for kind in dict.fromkeys(kind.name for kind, _ in self.specs.values()):
            self.visit_kind(kind)
        return tuple(self.steps.values())

    def visit_kind(self, name: str) -> None:
        """Add all steps of a kind, after the steps of the kinds whose results it uses."""
        if name in self.visited:
            return
        self.visited.add(name)
        own = [spec for kind, spec in self.specs.values() if kind.name == name]
        used = [role_step for spec in own for role_step in spec.inputs.values()]
        for before in dict.fromkeys(self.specs[step][0].name for step in used if step in self.specs):
            self.visit_kind(before)
        for spec in own:
            self.step(spec.name, ())

    def step(self, name: str, path: tuple[str, ...]) -> Step:
        if name in path or name not in self.specs:
            what = "needs its own result" if name in path else "is not planned"
            raise ValueError(f"the step {name!r}, an input of {path[-1]!r}, {what}")
        if name not in self.steps:
            kind, spec = self.specs[name]
            inputs = {role: self.step(before, (*path, name)) for role, before in spec.inputs.items()}
            plain = plain_settings(spec.settings, self.digest)
            self.steps[name] = Step(name, kind, spec.settings, inputs, spec.subject, plain)
        return self.steps[name]


def plain_settings(value: Any, digest_of: Callable[[Path], str]) -> Any:
    """``value`` as plain JSON values for a key; a path becomes the digest of its contents.

    Fields that a settings model excludes, such as a server's URL, do not affect the result and are left out.
    A dataclass field with the metadata ``key`` has that name in the key, so it can be renamed.
    """
    if isinstance(value, Path):
        return digest_of(value)
    if isinstance(value, pydantic.BaseModel) or dataclasses.is_dataclass(value):
        value = dict(_fields(value))
    if isinstance(value, Mapping):
        return {str(key): plain_settings(item, digest_of) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_settings(item, digest_of) for item in value]
    return value


def _fields(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, pydantic.BaseModel):
        fields = type(value).model_fields
        names: Iterable[tuple[str, str]] = (
            (name, name)
            for name, info in fields.items()
            if not (info.exclude or (info.exclude_if and info.exclude_if(getattr(value, name))))
        )
    else:
        names = ((item.metadata.get("key", item.name), item.name) for item in dataclasses.fields(value))
    for key, name in names:
        yield key, getattr(value, name)


def path_digest(path: Path) -> str:
    try:
        return "sha256:" + tree_digest(path)
    except FileNotFoundError:
        return "missing"
