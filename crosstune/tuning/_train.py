"""The training loop: transformers' Trainer, with batches of our order and checkpoints that are whole."""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers
from transformers.trainer_callback import PrinterCallback

from crosstune.errors import DataError, EnvironmentFault
from crosstune.records import Progress
from crosstune.settings import digest
from crosstune.tuning import _model
from crosstune.tuning._collate import collator
from crosstune.tuning._recipe import Recipe
from crosstune.tuning._rows import Row, order

WHOLE = "whole"
"""A file in a checkpoint, written last, that holds what was being trained."""


@dataclass(frozen=True)
class Trained:
    """``losses`` has one row a step: step, loss, learning_rate."""

    model: Any
    losses: list[dict[str, float]]
    parameters: int


class _Trainer(transformers.Trainer):  # type: ignore[misc]  # transformers ships no types
    def __init__(self, positions: Sequence[int], **options: Any) -> None:
        self._positions = positions
        super().__init__(**options)

    def _get_train_sampler(self, train_dataset: Any = None) -> Any:  # noqa: ARG002 - the base's signature
        return _InOrder(self._positions)

    def floating_point_ops(self, inputs: Any) -> int:  # noqa: ARG002 - the base's signature
        return 0  # counting the parameters anew each step costs more than it tells


class _InOrder(torch.utils.data.Sampler[int]):
    """One pass that is the whole training, so that going on means skipping what was learned."""

    def __init__(self, positions: Sequence[int]) -> None:
        self._positions = positions

    def __iter__(self) -> Iterator[int]:
        return iter(self._positions)

    def __len__(self) -> int:
        return len(self._positions)


class _Watch(transformers.TrainerCallback):  # type: ignore[misc]  # transformers ships no types
    """Tells progress, stops at a loss that is no number, and marks checkpoints that are whole."""

    def __init__(self, progress: Progress, identity: str) -> None:
        self._progress, self._identity = progress, identity

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ARG002
        self._progress(state.global_step, state.max_steps)

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **_: Any) -> None:  # noqa: ARG002
        if not math.isfinite((logs or {}).get("loss", 0.0)):
            raise DataError(
                f"the loss is no number at step {state.global_step}; lower the recipe's learning_rate"
            )

    def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ARG002
        folder = Path(args.output_dir) / f"checkpoint-{state.global_step}"
        (folder / WHOLE).write_text(self._identity, "utf-8")


def train(
    *,
    base: str | Path | None,
    tokenizer: Any,
    rows: Sequence[Row],
    recipe: Recipe,
    seed: int,
    rows_digest: str,
    work: Path,
    progress: Progress,
) -> Trained:
    """The trained model (on its device) and its losses. Goes on from the last whole checkpoint in
    ``work`` that was made of the same rows, recipe and seed."""
    learned, collate = collator(rows, recipe, tokenizer)
    size = recipe.batch_size * recipe.accumulation * recipe.devices
    steps = recipe.steps or max(1, round((recipe.epochs or 1) * len(learned) / size))
    identity = digest(
        {"rows": rows_digest, "recipe": recipe.model_dump(mode="json"), "seed": seed, "base": str(base)}
    )
    work.mkdir(parents=True, exist_ok=True)
    transformers.set_seed(seed)
    network = _model.new_model(recipe, tokenizer, seed) if base is None else _model.load_model(base, recipe)
    network.config.use_cache = False
    trainer = _Trainer(
        positions=order([len(row.ids) for row in rows], recipe, steps * size, seed)
        if recipe.packing == "none"
        else order([0] * len(learned), recipe, steps * size, seed),
        model=network,
        args=_arguments(recipe, steps, seed, work),
        train_dataset=learned,
        data_collator=collate,
        callbacks=[_Watch(progress, identity)],
    )
    trainer.remove_callback(PrinterCallback)
    _check_launch(trainer, recipe)
    parameters = network.num_parameters()
    trainer.train(resume_from_checkpoint=_last(work, identity))
    losses = [
        {key: row[key] for key in ("step", "loss", "learning_rate")}
        for row in trainer.state.log_history
        if "loss" in row
    ]
    return Trained(_model.merged(trainer.model, base, recipe, work), losses, parameters)


def _arguments(recipe: Recipe, steps: int, seed: int, work: Path) -> Any:
    return transformers.TrainingArguments(
        output_dir=str(work),
        max_steps=steps,
        per_device_train_batch_size=recipe.batch_size,
        gradient_accumulation_steps=recipe.accumulation,
        learning_rate=recipe.learning_rate,
        lr_scheduler_type=recipe.schedule,
        warmup_steps=recipe.warmup,
        weight_decay=recipe.weight_decay,
        adam_beta1=recipe.beta1,
        adam_beta2=recipe.beta2,
        max_grad_norm=recipe.gradient_clip,
        optim="adamw_torch_fused",
        use_cpu=recipe.device == "cpu",
        bf16=recipe.precision == "bfloat16",
        fp16=recipe.precision == "float16",
        activation_checkpointing=recipe.activation_checkpointing,
        deepspeed=recipe.deepspeed,
        seed=seed,
        data_seed=seed,
        save_strategy="steps" if recipe.save_steps else "no",
        save_steps=recipe.save_steps or steps,
        save_total_limit=2,  # the one before the last, in case the last is half written
        logging_steps=1,
        logging_nan_inf_filter=False,
        disable_tqdm=True,
        report_to="none",
        remove_unused_columns=False,
        dataloader_pin_memory=recipe.device == "cuda",
        dataloader_num_workers=0,
    )


def _check_launch(trainer: Any, recipe: Recipe) -> None:
    """Launchers fall back without a word: to one process, to a CPU, to no DeepSpeed. Here it is an error."""
    arguments = trainer.args
    found = (arguments.device.type, arguments.world_size, trainer.is_deepspeed_enabled)
    wanted = (recipe.device, recipe.devices, recipe.deepspeed is not None)
    if found != wanted:
        raise EnvironmentFault(
            f"the recipe asks for device {wanted[0]}, {wanted[1]} processes, DeepSpeed {wanted[2]}; "
            f"found device {found[0]}, {found[1]} processes, DeepSpeed {found[2]}"
        )
    if arguments.n_gpu > 1:
        raise EnvironmentFault(
            f"the recipe asks for one GPU and {arguments.n_gpu} are visible; "
            "set CUDA_VISIBLE_DEVICES to the one to use"
        )


def _last(work: Path, identity: str) -> str | None:
    """The newest whole checkpoint of this very training; all others are removed."""
    found: list[tuple[int, Path]] = []
    for folder in work.glob("checkpoint-*"):
        mark = folder / WHOLE
        if mark.is_file() and mark.read_text("utf-8") == identity:
            found.append((int(folder.name.rpartition("-")[2]), folder))
        else:
            shutil.rmtree(folder)
    return str(max(found)[1]) if found else None
