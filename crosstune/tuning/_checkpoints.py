"""Find the checkpoint from which a stopped training can continue."""

from __future__ import annotations

import hashlib
import logging
import shutil
from collections.abc import Sequence
from pathlib import Path

from crosstune.files import file_digest
from crosstune.prompts import PromptTemplate
from crosstune.records import Example, to_json
from crosstune.settings import digest
from crosstune.tuning._recipe import Recipe

_log = logging.getLogger(__name__)
_MARK = "whole-"


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


def mark(folder: Path, rank: int, name: str, *, alone: bool) -> None:
    """Record in a checkpoint that the process ``rank`` of the training ``name`` has written its part.

    A process that is ``alone`` also records the digest of all files; others may still be writing theirs.
    """
    text = f"{name}\n{_digest(folder)}" if alone else name
    (folder / f"{_MARK}{rank}").write_text(text, "utf-8")


def last(work: Path, devices: int, name: str) -> Path | None:
    """The newest checkpoint in ``work`` that all processes have marked and that is what they wrote;
    incomplete and damaged ones are removed."""
    complete: dict[int, Path] = {}
    for folder in work.glob("checkpoint-*"):
        marks = [folder / f"{_MARK}{rank}" for rank in range(devices)]
        if all(each.is_file() and _lines(each)[:1] == [name] for each in marks):
            complete[int(folder.name.rpartition("-")[2])] = folder
        else:
            shutil.rmtree(folder)
    for step in sorted(complete, reverse=True):
        folder = complete[step]
        if _is_intact(folder):
            return folder
        _log.warning("%s: damaged; training continues from an earlier checkpoint or begins anew", folder)
        shutil.rmtree(folder)
    return None


def _lines(mark_: Path) -> list[str]:
    return mark_.read_text("utf-8", "replace").splitlines()


def _is_intact(folder: Path) -> bool:
    """Whether the files have the digest that was recorded; several processes have recorded none."""
    recorded = _lines(folder / f"{_MARK}0")[1:]
    return not recorded or recorded == [_digest(folder)]


def _digest(folder: Path) -> str:
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith(_MARK):
            found.update(f"{path.relative_to(folder)}\0{file_digest(path)}\n".encode())
    return found.hexdigest()
