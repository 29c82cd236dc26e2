"""The one entry: examples, a base and a recipe become a model's folder."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from crosstune.errors import EnvironmentFault, MissingExtra
from crosstune.prompts import PromptForm
from crosstune.records import Example, Progress
from crosstune.tuning._recipe import Recipe
from crosstune.tuning._rows import Rows, encode

MODEL = "model"
LOSSES = "losses.jsonl"
LAST = 20  # steps whose mean loss is the final one


def tune(
    *,
    base: str | Path | None,
    examples: Iterable[Example],
    recipe: Recipe,
    prompt: PromptForm,
    seed: int,
    out: Path,
    work: Path,
    progress: Progress,
) -> Mapping[str, Any]:
    """Train ``base`` (None: a new model of the recipe's architecture) on ``examples``.

    Writes ``out/model`` (a folder that transformers loads: configuration, safetensors, tokenizer) and
    ``out/losses.jsonl`` (step, loss, learning_rate). Checkpoints, where the recipe asks for them, stand
    in ``work``; a run that was killed goes on from the last one with the same losses. Equal inputs give
    equal bytes on the same machine.

    Returns: examples, steps, tokens (of all rows, once), truncated, dropped, final_loss, parameters.

    Raises:
        DataError: nothing to learn from, a base that can't be loaded, or a loss that is no number.
        MissingExtra: a Python package is not installed.
        EnvironmentFault: not the device the recipe asks for, or its memory is too small.
    """
    # The tokenizer's threads would outlive a fork, and a step has one core.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        import torch

        from crosstune.tuning import _model, _train
    except ImportError as fault:
        raise MissingExtra(fault.name or "torch", "train") from fault
    made = list(examples)
    with _model.quiet(), _model.processor(torch, recipe):
        tokenizer = _model.tokenizer(base, recipe, made)
        rows = encode(made, tokenizer, prompt, recipe)
        try:
            trained = _train.train(
                base=base,
                tokenizer=tokenizer,
                rows=rows.rows,
                recipe=recipe,
                seed=seed,
                rows_digest=rows.digest,
                work=work,
                progress=progress,
            )
        except torch.OutOfMemoryError as fault:
            hint = "lower batch_size, or turn activation_checkpointing on"
            raise EnvironmentFault(f"the GPU is out of memory; {hint}: {fault}") from fault
        _model.save(trained.model, tokenizer, recipe, out / MODEL)
    _write_losses(out / LOSSES, trained.losses)
    return _metrics(rows, trained.losses, trained.parameters)


def _write_losses(path: Path, losses: list[dict[str, float]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in losses), "utf-8")


def _metrics(rows: Rows, losses: list[dict[str, float]], parameters: int) -> dict[str, Any]:
    last = [row["loss"] for row in losses[-LAST:]]
    return {
        "examples": len(rows.rows),
        "steps": len(losses),
        "tokens": sum(len(row.ids) for row in rows.rows),
        "truncated": rows.truncated,
        "dropped": rows.dropped,
        "final_loss": sum(last) / len(last),
        "parameters": parameters,
    }
