"""What a run is and was made with: its models and cells, versions, machine, the study's own digest."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import crosstune
from crosstune.study._plan import Plan
from crosstune.study._run import Board
from crosstune.study._spent import Spent, spent
from crosstune.study._store import file_digest

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


def manifest(plan: Plan, board: Board) -> dict[str, Any]:
    """All that someone needs to know how the results came about; the only place with times in it."""
    document = plan.study.document
    return {
        "study": plan.study.spec.name,
        "file": {"name": document.path.name, "sha256": file_digest(document.path)},
        "crosstune": crosstune.__version__,
        "seeds": list(plan.study.spec.seeds),
        "complete": board.complete,
        "versions": _versions(),
        "machine": _machine(),
        "design": design(plan),
        "steps": [_step(plan, board, name) for name in board.states],
    }


def design(plan: Plan) -> dict[str, Any]:
    """What the run's steps do not tell: which part each model plays, and the order of its columns."""
    spec = plan.study.spec
    return {
        "title": spec.title or spec.name,
        "baseline": plan.study.baseline,
        "control": spec.control or "",
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
    """In the order of the study file: benchmark, language, task."""
    for entry in plan.study.spec.evaluate:
        benchmark, _ = plan.study.benchmarks[entry.benchmark]
        for language in entry.languages or benchmark.languages:
            for task in entry.tasks or benchmark.tasks:
                yield benchmark.name, language, task


def _step(plan: Plan, board: Board, name: str) -> Mapping[str, Any]:
    step = next(step for step in plan.steps if step.name == name)
    artifact = board.artifacts.get(name)
    return {
        "name": name,
        "key": step.key,
        "state": str(board.states[name]),
        "message": board.messages.get(name, ""),
        "seconds": artifact.seconds if artifact else None,
        **(spent(artifact.metrics) if artifact else Spent())._asdict(),
        "artifact": f"{artifact.folder.parent.name}/{artifact.folder.name}" if artifact else None,
    }


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def _machine() -> dict[str, Any]:
    return {
        "system": f"{platform.system()} {platform.release()}",
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
