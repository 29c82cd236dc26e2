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
from crosstune.tuning._job import CHECK, LOSSES, MODEL, Job
from crosstune.tuning._launch import launch
from crosstune.tuning._needs import DryRun
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

    Returns: examples, steps, tokens (of all rows, once), truncated, dropped, final_loss, parameters, and what
    the comparison of the saved model with the trained one found.

    Raises:
        DataError: nothing to learn from, a base that is damaged or does not fit, a loss that is not finite.
        GateFailed: the saved model is not the trained one; it is left in the work folder.
        MissingExtra: a Python package is not installed.
        PrerequisiteError: the recipe's device is missing, or its memory is too small by an estimate.
    """
    _import_torch()
    from crosstune.tuning import _model, _train
    from crosstune.tuning._dry_run import check_memory

    rows, job = _prepared(
        base=base, examples=examples, recipe=recipe, prompt=prompt, seed=seed, out=out, work=work
    )
    check_memory(job)
    if recipe.devices > 1:
        launch(job, progress)
    else:
        _train.run(job, progress)
    saved = json.loads((out / CHECK).read_text("utf-8"))
    return _metrics(rows, out / LOSSES, _model.count(out / MODEL)) | {"saved": saved}


def dry_run(
    *,
    base: str | Path | None,
    examples: Iterable[Example],
    recipe: Recipe,
    prompt: PromptTemplate,
    seed: int,
    work: Path,
) -> DryRun:
    """What `tune` would take: parameters, memory, tokens, padding, and time from a few steps.

    Raises: as `tune`.
    """
    _import_torch()
    from crosstune.tuning._dry_run import dry_run as measured

    rows, job = _prepared(
        base=base, examples=examples, recipe=recipe, prompt=prompt, seed=seed, out=work, work=work
    )
    return measured(rows, job)


def _import_torch() -> None:
    # The tokenizer's threads would survive a fork, and a step has one core.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        from crosstune.tuning import _train  # noqa: F401
    except ImportError as error:
        raise MissingExtra(error.name or "torch", "train") from error


def _prepared(
    *,
    base: str | Path | None,
    examples: Iterable[Example],
    recipe: Recipe,
    prompt: PromptTemplate,
    seed: int,
    out: Path,
    work: Path,
) -> tuple[Rows, Job]:
    """Examine the base and encode the examples."""
    from crosstune.tuning import _base, _model

    loaded = list(examples)
    _base.check_here(recipe)
    with _model.quiet():
        if base is not None:
            _base.check_files(base)
        tokenizer = _model.tokenizer(base, recipe, loaded)
        if base is not None:
            _base.check_configuration(base, _model.configuration(base, recipe), tokenizer, recipe)
        rows = encode(loaded, tokenizer, prompt, recipe)
        tokenizer.save_pretrained(str(work / TOKENIZER))
    # Reading a large base takes long: only for checkpoints.
    stored = recipe.save_steps or any(work.glob("checkpoint-*"))
    name = identity(rows.digest, base, recipe, seed) if stored else ""
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
        ends=rows.ends,
    )
    return rows, job


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
