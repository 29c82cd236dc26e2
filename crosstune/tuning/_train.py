"""The training loop: transformers' Trainer with crosstune's order of rows and complete checkpoints."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
import transformers
from transformers.trainer_callback import PrinterCallback

from crosstune.errors import DataError, PrerequisiteError
from crosstune.records import Progress
from crosstune.tuning import _model
from crosstune.tuning._checkpoints import mark
from crosstune.tuning._collate import collator
from crosstune.tuning._job import LOSSES, MODEL, Job
from crosstune.tuning._recipe import Recipe
from crosstune.tuning._rows import Row, order


class _Trainer(transformers.Trainer):  # type: ignore[misc]  # transformers ships no types
    def __init__(self, positions: Sequence[int], **options: Any) -> None:
        self._positions = positions
        super().__init__(**options)

    def _get_train_sampler(self, train_dataset: Any = None) -> Any:  # noqa: ARG002 - the base's signature
        return _InOrder(self._positions)

    def floating_point_ops(self, inputs: Any) -> int:  # noqa: ARG002 - the base's signature
        return 0  # counting them at each step is slow, and nothing uses them


class _InOrder(torch.utils.data.Sampler[int]):
    """The rows of the whole training as one pass: resuming skips the first of them."""

    def __init__(self, positions: Sequence[int]) -> None:
        self._positions = positions

    def __iter__(self) -> Iterator[int]:
        return iter(self._positions)

    def __len__(self) -> int:
        return len(self._positions)


class _Watch(transformers.TrainerCallback):  # type: ignore[misc]  # transformers ships no types
    """Report progress, stop when the loss is not finite, and mark complete checkpoints."""

    def __init__(self, progress: Progress, name: str) -> None:
        self._progress, self._name = progress, name

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ARG002
        self._progress(state.global_step, state.max_steps)

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **_: Any) -> None:  # noqa: ARG002
        if not math.isfinite((logs or {}).get("loss", 0.0)):
            raise DataError(
                f"the loss is not finite at step {state.global_step}; lower the recipe's learning_rate"
            )

    def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ARG002
        mark(Path(args.output_dir) / f"checkpoint-{state.global_step}", args.process_index, self._name)


def run(job: Job, progress: Progress) -> None:
    """Train, and write the model and its losses to ``job.out``; with several processes, each runs its part.

    Raises:
        DataError, PrerequisiteError: see `crosstune.tuning.tune`.
    """
    with _model.quiet(), _model.processor(job.recipe):
        tokenizer = _model.tokenizer(job.tokenizer, job.recipe, ())
        try:
            trainer = _trained(job, tokenizer, progress)
        except torch.OutOfMemoryError as error:
            hint = "lower batch_size or set activation_checkpointing"
            raise PrerequisiteError(f"the GPU is out of memory; {hint}: {error}") from error
        # With ZeRO each process holds a part of the weights; all of them take part in collecting them.
        state = trainer.accelerator.get_state_dict(trainer.model_wrapped) if job.recipe.deepspeed else None
        if trainer.is_world_process_zero():
            network = _model.merged(trainer.model, job.base, job.recipe, job.work)
            _model.save(network, state, tokenizer, job.recipe, job.out / MODEL)
            _write_losses(job.out / LOSSES, trainer.state.log_history)


def _trained(job: Job, tokenizer: Any, progress: Progress) -> _Trainer:
    recipe = job.recipe
    items, collate = collator(job.rows, recipe, tokenizer)
    size = recipe.batch_size * recipe.accumulation * recipe.devices
    steps = recipe.steps or max(1, round((recipe.epochs or 1) * len(items) / size))
    lengths = [len(item.ids) if isinstance(item, Row) else recipe.max_length for item in items]
    transformers.set_seed(job.seed)
    # Made before the model, because DeepSpeed divides the model while it is loaded.
    arguments = _arguments(recipe, steps, job.seed, job.work)
    network = _model.load_model(job.base, recipe) if job.base else _model.new_model(recipe, tokenizer)
    network.config.use_cache = False  # with a cache, attention would not separate packed documents
    trainer = _Trainer(
        positions=order(lengths, recipe, steps * size, job.seed),
        model=network,
        args=arguments,
        train_dataset=items,
        data_collator=collate,
        callbacks=[_Watch(progress, job.name)],
    )
    trainer.remove_callback(PrinterCallback)
    _check_launch(trainer, recipe)
    trainer.train(resume_from_checkpoint=job.resume and str(job.resume))
    return trainer


def _write_losses(path: Path, history: Sequence[Mapping[str, float]]) -> None:
    rows = [{key: row[key] for key in ("step", "loss", "learning_rate")} for row in history if "loss" in row]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


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
        save_total_limit=2,  # the previous one is kept in case the last is incomplete
        logging_steps=1,
        logging_nan_inf_filter=False,
        disable_tqdm=True,
        report_to="none",
        remove_unused_columns=False,
        dataloader_pin_memory=recipe.device == "cuda",
        dataloader_num_workers=0,
    )


def _check_launch(trainer: Any, recipe: Recipe) -> None:
    """Check device, processes and DeepSpeed: launchers silently fall back to one process or a CPU."""
    arguments = trainer.args
    actual = (arguments.device.type, arguments.world_size, trainer.is_deepspeed_enabled)
    wanted = (recipe.device, recipe.devices, recipe.deepspeed is not None)
    if actual != wanted:
        raise PrerequisiteError(
            f"the recipe asks for device {wanted[0]}, {wanted[1]} processes, DeepSpeed {wanted[2]}; "
            f"found device {actual[0]}, {actual[1]} processes, DeepSpeed {actual[2]}"
        )
    if arguments.n_gpu > 1:
        raise PrerequisiteError(
            f"the recipe asks for one GPU and {arguments.n_gpu} are visible; "
            "set CUDA_VISIBLE_DEVICES to the one to use"
        )
