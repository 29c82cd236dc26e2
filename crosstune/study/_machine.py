"""What a run was made with: versions, machine, and the study's own digest."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import crosstune
from crosstune.study._plan import Plan
from crosstune.study._run import Board
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
        "steps": [_step(plan, board, name) for name in board.states],
    }


def _step(plan: Plan, board: Board, name: str) -> Mapping[str, Any]:
    step = next(step for step in plan.steps if step.name == name)
    artifact = board.artifacts.get(name)
    return {
        "name": name,
        "key": step.key,
        "state": str(board.states[name]),
        "message": board.messages.get(name, ""),
        "seconds": artifact.seconds if artifact else None,
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
