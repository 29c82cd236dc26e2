"""Which checkpoint a stopped training may go on from."""

from __future__ import annotations

import shutil
from pathlib import Path

from crosstune.settings import digest
from crosstune.tuning._recipe import Recipe


def identity(rows_digest: str, base: str | Path | None, recipe: Recipe, seed: int) -> str:
    """Tells one training from all others: what it learns, from what, how, and with which seed."""
    settings = recipe.model_dump(mode="json")
    return digest({"rows": rows_digest, "base": str(base), "recipe": settings, "seed": seed})


def mark(folder: Path, rank: int, name: str) -> None:
    """Say in a checkpoint that the process ``rank`` of the training ``name`` has written its part."""
    (folder / f"whole-{rank}").write_text(name, "utf-8")


def last(work: Path, devices: int, name: str) -> Path | None:
    """The newest checkpoint in ``work`` that all processes have marked; those without are removed."""
    whole: dict[int, Path] = {}
    for folder in work.glob("checkpoint-*"):
        marks = [folder / f"whole-{rank}" for rank in range(devices)]
        if all(each.is_file() and each.read_text("utf-8") == name for each in marks):
            whole[int(folder.name.rpartition("-")[2])] = folder
        else:
            shutil.rmtree(folder)
    return whole[max(whole)] if whole else None
