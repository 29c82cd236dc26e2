"""Find the checkpoint from which a stopped training can continue."""

from __future__ import annotations

import shutil
from pathlib import Path

from crosstune.settings import digest
from crosstune.tuning._recipe import Recipe


def identity(rows_digest: str, base: str | Path | None, recipe: Recipe, seed: int) -> str:
    """The digest of everything that determines a training: rows, base, recipe and seed."""
    settings = recipe.model_dump(mode="json")
    return digest({"rows": rows_digest, "base": str(base), "recipe": settings, "seed": seed})


def mark(folder: Path, rank: int, name: str) -> None:
    """Record in a checkpoint that the process ``rank`` of the training ``name`` has written its part."""
    (folder / f"whole-{rank}").write_text(name, "utf-8")


def last(work: Path, devices: int, name: str) -> Path | None:
    """The newest checkpoint in ``work`` that all processes have marked; incomplete ones are removed."""
    complete: dict[int, Path] = {}
    for folder in work.glob("checkpoint-*"):
        marks = [folder / f"whole-{rank}" for rank in range(devices)]
        if all(each.is_file() and each.read_text("utf-8") == name for each in marks):
            complete[int(folder.name.rpartition("-")[2])] = folder
        else:
            shutil.rmtree(folder)
    return complete[max(complete)] if complete else None
