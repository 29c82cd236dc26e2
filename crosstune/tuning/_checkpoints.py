"""Find the checkpoint from which a stopped training can continue."""

from __future__ import annotations

import hashlib
import logging
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crosstune import model_files
from crosstune.files import file_digest
from crosstune.made_with import CONTENTS
from crosstune.prompts import PromptTemplate
from crosstune.records import Example, to_json
from crosstune.settings import digest
from crosstune.tuning._recipe import Recipe

_log = logging.getLogger(__name__)
_MARK = "whole-"


def identity(rows_digest: str, base: str | Path | None, recipe: Recipe, seed: int) -> str:
    """The digest of everything that determines a training: rows, base, recipe and seed.

    A base in a folder counts by its contents, wherever it is.
    """
    folder = base is not None and Path(base).is_dir()
    name = model_files.digest(Path(str(base))) if folder else base and str(base)
    return digest({"rows": rows_digest, "base": name, "recipe": deciding(recipe), "seed": seed})


def deciding(recipe: Recipe) -> dict[str, Any]:
    """The recipe without what the model does not depend on, as plain values."""
    return recipe.model_dump(mode="json", exclude={"save_steps"})


def made_with(
    *, base: str | Path | None, examples: Sequence[Example], recipe: Recipe, prompt: PromptTemplate, seed: int
) -> dict[str, Any]:
    """What determines a training, as a record to compare (see `crosstune.made_with`)."""
    texts = hashlib.sha256()
    for example in examples:
        texts.update(to_json(example).encode())
    contents = {"corpus": texts.hexdigest()}
    if base is not None and Path(base).is_dir():
        contents["base"] = model_files.digest(Path(base))
    return {
        "corpus": f"{len(examples):,} rows",
        "base": base and str(base),
        "recipe": deciding(recipe),
        "prompt": prompt.name,
        "seed": seed,
        CONTENTS: contents,
    }


def mark(folder: Path, rank: int, name: str) -> None:
    """Record in a checkpoint that the process ``rank`` of the training ``name`` has written its part.

    Called when all processes have written theirs: the first also records the digest of all files.
    """
    text = f"{name}\n{_digest(folder)}" if rank == 0 else name
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
    """Whether the files have the digest that was recorded; several processes of earlier versions have
    recorded none."""
    recorded = _lines(folder / f"{_MARK}0")[1:]
    return not recorded or recorded == [_digest(folder)]


def _digest(folder: Path) -> str:
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith(_MARK):
            found.update(f"{path.relative_to(folder)}\0{file_digest(path)}\n".encode())
    return found.hexdigest()
