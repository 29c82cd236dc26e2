"""Train a base on examples by a recipe, and write the model's folder."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from crosstune.errors import MissingExtra
from crosstune.prompts import PromptTemplate
from crosstune.records import Example, Progress
from crosstune.tuning._checkpoints import identity, last
from crosstune.tuning._job import LOSSES, MODEL, Job
from crosstune.tuning._launch import launch
from crosstune.tuning._recipe import Recipe
from crosstune.tuning._rows import Rows, encode

TOKENIZER = "tokenizer"
LAST = 20  # steps whose mean loss is reported as the final loss


def tune(
    *,
    base: str | Path | None,
    examples: Iterable[Example],
    recipe: Recipe,
    prompt: PromptTemplate,
    seed: int,
    out: Path,
    work: Path,
    progress: Progress,
) -> Mapping[str, Any]:
    """Train ``base`` (None: a new model of the recipe's architecture) on ``examples``.

    Writes ``out/model`` (a folder that transformers loads: configuration, safetensors, tokenizer) and
    ``out/losses.jsonl`` (step, loss, learning_rate). If the recipe has checkpoints, they are written to
    ``work``; a killed run continues from the last one with the same losses. Equal inputs give equal bytes on
    the same machine.

    Returns: examples, steps, tokens (of all rows, once), truncated, dropped, final_loss, parameters.

    Raises:
        DataError: nothing to learn from, a base that cannot be loaded, or a loss that is not finite.
        MissingExtra: a Python package is not installed.
        PrerequisiteError: the recipe's device is missing, or its memory is too small.
    """
    # The tokenizer's threads would survive a fork, and a step has one core.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        from crosstune.tuning import _model, _train
    except ImportError as error:
        raise MissingExtra(error.name or "torch", "train") from error
    loaded = list(examples)
    with _model.quiet():
        tokenizer = _model.tokenizer(base, recipe, loaded)
        rows = encode(loaded, tokenizer, prompt, recipe)
        tokenizer.save_pretrained(str(work / TOKENIZER))
    name = identity(rows.digest, base, recipe, seed)
    job = Job(
        base=str(base.resolve()) if isinstance(base, Path) else base,
        tokenizer=work / TOKENIZER,
        rows=rows.rows,
        recipe=recipe,
        seed=seed,
        out=out,
        work=work,
        resume=last(work, recipe.devices, name),
        name=name,
    )
    if recipe.devices > 1:
        launch(job, progress)
    else:
        _train.run(job, progress)
    return _metrics(rows, out / LOSSES, _model.count(out / MODEL))


def _metrics(rows: Rows, losses: Path, parameters: int) -> dict[str, Any]:
    steps = [json.loads(line)["loss"] for line in losses.read_text("utf-8").splitlines()]
    return {
        "examples": len(rows.rows),
        "steps": len(steps),
        "tokens": sum(len(row.ids) for row in rows.rows),
        "truncated": rows.truncated,
        "dropped": rows.dropped,
        "final_loss": sum(steps[-LAST:]) / len(steps[-LAST:]),
        "parameters": parameters,
    }
