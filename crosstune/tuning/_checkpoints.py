"""Find the checkpoint from which a stopped training can continue."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

from crosstune.prompts import PromptTemplate
from crosstune.records import Example, to_json
from crosstune.settings import digest
from crosstune.tuning._recipe import Recipe


def identity(rows_digest: str, base: str | Path | None, recipe: Recipe, seed: int) -> str:
    """The digest of everything that determines a training: rows, base, recipe and seed.

    A base in a folder counts by its files' names, sizes and times, because reading them takes long.
    """
    settings = recipe.model_dump(mode="json")
    files = sorted(Path(base).iterdir()) if base is not None and Path(base).is_dir() else []
    stats = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files if path.is_file()]
    given = {"rows": rows_digest, "base": str(base), "files": stats, "recipe": settings, "seed": seed}
    return digest(given)


def training_name(
    *, base: str | Path | None, examples: Sequence[Example], recipe: Recipe, prompt: PromptTemplate, seed: int
) -> str:
    """The digest of a training's inputs before they are encoded: equal ones need not be trained again."""
    texts = hashlib.sha256(prompt.name.encode())
    for example in examples:
        texts.update(to_json(example).encode())
    return identity(texts.hexdigest(), base, recipe, seed)


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
