"""The training loop: transformers' Trainer with crosstune's order of rows and complete checkpoints."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import math
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
import transformers
from safetensors import SafetensorError
from transformers.trainer_callback import PrinterCallback

from crosstune import files
from crosstune.errors import DataError, Incomplete, PrerequisiteError
from crosstune.records import Progress
from crosstune.tuning import _ends, _losses, _model, _saved
from crosstune.tuning._checkpoints import mark
from crosstune.tuning._collate import Collate, collator, filler
from crosstune.tuning._job import CHECK, LOSSES, MODEL, Job
from crosstune.tuning._recipe import Recipe
from crosstune.tuning._rows import IGNORED, Row, order, row_count, update_size

UNCHECKED = "unchecked-model"
"""The saved model's folder in the work folder until it is examined."""


class _Trainer(transformers.Trainer):  # type: ignore[misc]  # transformers ships no types
    def __init__(self, positions: Sequence[int], recipe: Recipe, **options: Any) -> None:
        self._positions, self._recipe = positions, recipe
        super().__init__(**options, compute_loss_func=None if recipe.dpo else _losses.learned_loss)
        if recipe.dpo:  # its loss is a mean over rows, and accumulated batches are averaged
            self.model_accepts_loss_kwargs = False

    def compute_loss(self, model: Any, inputs: Any, *args: Any, **options: Any) -> Any:
        if self._recipe.dpo:
            return _losses.preference_loss(model, inputs, self._recipe.dpo.beta)
        kept = _losses.next_tokens(inputs["labels"]) != IGNORED
        with _losses.output_at(self.accelerator.unwrap_model(model), kept):
            return super().compute_loss(model, inputs, *args, **options)

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
        if args.world_size > 1:
            torch.distributed.barrier()  # until each process has written its part
        mark(Path(args.output_dir, f"checkpoint-{state.global_step}"), args.process_index, self._name)


class _Clock(transformers.TrainerCallback):  # type: ignore[misc]  # transformers ships no types
    """Measures the seconds of each step."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self._began = 0.0

    def on_step_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ARG002
        self._began = time.perf_counter()

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ARG002
        self.seconds.append(time.perf_counter() - self._began)


def run(job: Job, progress: Progress) -> None:
    """Train, and write the model and its losses to ``job.out``; with several processes, each runs its part.

    Raises:
        DataError, PrerequisiteError: see `crosstune.tuning.tune`.
        Incomplete: the disk is full.
    """
    with _full_disk_named(job.work), _model.quiet(), _model.processor(job.recipe):
        tokenizer = _model.tokenizer(job.tokenizer, job.recipe, ())
        try:
            trainer = _trained(job, tokenizer, progress)
        except torch.OutOfMemoryError as error:
            hint = "lower batch_size or set activation_checkpointing"
            raise PrerequisiteError(f"the GPU is out of memory; {hint}: {error}") from error
        # With ZeRO each process holds a part of the weights; all of them take part in collecting them.
        divided = job.recipe.deepspeed is not None
        state = trainer.accelerator.get_state_dict(trainer.model_wrapped) if divided else None
        network = trainer.model_wrapped if divided else trainer.model
        expected = _saved.reference(network, job.rows, job.recipe)
        if trainer.is_world_process_zero():
            _write_model(job, trainer.model, state, expected, tokenizer)
            _write_losses(job.out / LOSSES, trainer.state.log_history)


@contextlib.contextmanager
def _full_disk_named(work: Path) -> Iterator[None]:
    """torch and safetensors report a full disk in words of their own, such as "iostream error"."""
    try:
        yield
    except (RuntimeError, OSError, SafetensorError) as error:
        if files.has_space(work):
            raise
        raise Incomplete(
            f"{work}: the disk is full; free some space and run it again to continue from the last checkpoint"
        ) from error


def _write_model(job: Job, network: Any, state: Any, expected: _saved.Reference, tokenizer: Any) -> None:
    """Save the model, examine it, and only then put it into ``job.out``."""
    recipe, folder = job.recipe, job.work / UNCHECKED
    shutil.rmtree(folder, ignore_errors=True)
    if recipe.base_bits and job.base:
        network = _model.adapted_base(network, job.base, recipe, tokenizer, job.work)
        # The quantized base computes something else; merging must not change what the full one computes.
        expected = _saved.reference(network, job.rows, recipe)
    configured = _ends.ids(network.generation_config.eos_token_id) + _ends.ids(network.config.eos_token_id)
    ends = _ends.stopping(tokenizer, job.ends, configured)
    written = _model.save(network, tokenizer, recipe, folder, ends=ends, state=state)
    found = _saved.examine(folder, recipe, expected, ends=ends, written=written, state=state)
    shutil.rmtree(job.out / MODEL, ignore_errors=True)
    shutil.move(folder, job.out / MODEL)
    (job.out / CHECK).write_text(json.dumps(dataclasses.asdict(found)) + "\n", "utf-8")


def plain_items(job: Job, tokenizer: Any) -> list[Row]:
    """The training items as rows, also if they are packed."""
    items, _ = collator(job.rows, job.recipe, tokenizer)
    return [item if isinstance(item, Row) else Row(item["input_ids"], 0) for item in items]


def probe(job: Job, tokenizer: Any, positions: Sequence[int]) -> list[float]:
    """Train on the items at ``positions`` only, save nothing, and return the seconds of each step."""
    steps = math.ceil(len(positions) / update_size(job.recipe))
    recipe = job.recipe.model_copy(update={"steps": steps, "epochs": None, "save_steps": 0})
    clock = _Clock()
    _trainer(dataclasses.replace(job, recipe=recipe, resume=None), tokenizer, [clock], positions).train()
    return clock.seconds


def _trained(job: Job, tokenizer: Any, progress: Progress) -> _Trainer:
    trainer = _trainer(job, tokenizer, [_Watch(progress, job.name)])
    trainer.train(resume_from_checkpoint=job.resume and str(job.resume))
    return trainer


def _trainer(
    job: Job, tokenizer: Any, callbacks: Sequence[Any], positions: Sequence[int] | None = None
) -> _Trainer:
    """``positions`` of the items to use, if not all of the training's."""
    recipe = job.recipe
    transformers.set_seed(job.seed)
    # Packing and the number of steps come before the model, because DeepSpeed divides it while it is loaded.
    items, collate = collator(job.rows, recipe, tokenizer)
    count = row_count(len(items), recipe)
    arguments = _arguments(recipe, math.ceil(count / update_size(recipe)), job.seed, job.work)
    if job.base:
        network = _model.load_model(job.base, recipe, tokenizer)
    else:
        network = _model.new_model(recipe, tokenizer)
    network.config.use_cache = False  # with a cache, attention would not separate packed documents
    if recipe.dpo:
        items, collate = _with_reference(network.to(recipe.device), items, recipe, filler(tokenizer))
    trainer = _Trainer(
        positions=positions or order(_lengths(items, recipe), recipe, count, job.seed),
        recipe=recipe,
        model=network,
        args=arguments,
        train_dataset=items,
        data_collator=collate,
        callbacks=list(callbacks),
    )
    trainer.remove_callback(PrinterCallback)
    _check_launch(trainer, recipe)
    return trainer


def _with_reference(
    network: Any, rows: Sequence[Row], recipe: Recipe, token: int
) -> tuple[list[Any], Collate]:
    """The rows of preferences, each with its margin in the base."""
    with _model.autocast(recipe):
        items = list(zip(rows, _losses.margins(network, rows, token), strict=True))
    return items, lambda batch: _losses.preferences(batch, token)


def _lengths(items: Sequence[Any], recipe: Recipe) -> list[int]:
    if recipe.packing != "none":
        return [recipe.max_length] * len(items)
    return [item.size if isinstance(item, Row) else item[0].size for item in items]


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
