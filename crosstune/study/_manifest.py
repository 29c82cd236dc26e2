"""Make a run's manifest: models, task keys, versions, machine, steps, and the study file's digest."""

from __future__ import annotations

import dataclasses
import importlib.metadata
import platform
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import crosstune
from crosstune import hardware
from crosstune.files import file_digest
from crosstune.study._kind import Subject, Usage
from crosstune.study._plan import Plan, Step
from crosstune.study._state import RunState

PACKAGES = (
    "torch",
    "transformers",
    "trl",
    "peft",
    "accelerate",
    "datasets",
    "tokenizers",
    "numpy",
    "pyarrow",
)


def manifest(plan: Plan, run: RunState) -> dict[str, Any]:
    """A record of how the results were made. It is the only file of a run that contains times."""
    document = plan.study.document
    return {
        "study": plan.study.spec.name,
        "file": {"name": document.path.name, "sha256": file_digest(document.path)},
        "crosstune": crosstune.__version__,
        "seeds": list(plan.study.spec.seeds),
        "complete": run.complete,
        "versions": _versions(),
        "machine": _machine(),
        "design": design(plan),
        "steps": [_step(step, run) for step in plan.steps if step.name in run.states],
    }


def design(plan: Plan) -> dict[str, Any]:
    """The role of each model, and the order of models and task keys in tables."""
    spec = plan.study.spec
    return {
        "title": spec.title or spec.name,
        "baseline": plan.study.baseline,
        "control": spec.control or "",
        "evaluation": plan.study.evaluation,
        "models": [_model(plan, name) for name in spec.models],
        "cells": [list(cell) for cell in _cells(plan)],
    }


def _model(plan: Plan, name: str) -> Mapping[str, Any]:
    spec = plan.study.spec.models[name]
    recipe = plan.study.recipes.get(name)
    return {
        "name": name,
        "base": spec.base or spec.path or "",
        "corpus": spec.corpus or "",
        "recipe": recipe.model_dump(mode="json", exclude_none=True) if recipe else {},
    }


def _cells(plan: Plan) -> Iterator[tuple[str, str, str]]:
    """Yield benchmark, language and task in the order of the study file."""
    for selection in map(plan.study.selection, plan.study.spec.evaluate):
        for language in selection.languages:
            for task in selection.tasks:
                yield selection.benchmark, language, task


def _step(step: Step, run: RunState) -> Mapping[str, Any]:
    artifact = run.artifacts.get(step.name)
    usage = step.kind.usage(artifact.metrics) if artifact else Usage()
    return {
        "name": step.name,
        "kind": step.kind.name,
        "result": step.kind.result,
        **subject_fields(step.subject),
        "key": step.key,
        "state": str(run.states[step.name]),
        "message": run.messages.get(step.name, ""),
        "seconds": artifact.seconds if artifact else None,
        **usage._asdict(),
        "artifact": f"{artifact.folder.parent.name}/{artifact.folder.name}" if artifact else None,
    }


def subject_fields(subject: Subject) -> dict[str, Any]:
    """The fields that are set, as JSON values."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in dataclasses.asdict(subject).items()
        if value not in ("", None, ())
    }


def _versions() -> dict[str, str]:
    versions = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return versions


def _machine() -> dict[str, Any]:
    return {
        "system": f"{platform.system()} {platform.release()}",
        "processor": _processor(),
        "cores": hardware.cores(),
        "memory_gib": round(hardware.memory_bytes() / hardware.GIB, 1),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
