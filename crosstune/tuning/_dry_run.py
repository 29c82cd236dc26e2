"""What a training would take: parameters, memory, tokens, padding, and time from a few steps."""

from __future__ import annotations

import itertools
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crosstune import hardware
from crosstune.errors import CrosstuneError
from crosstune.hardware import GIB
from crosstune.tuning import _model, _train
from crosstune.tuning._estimate import estimate
from crosstune.tuning._job import Job
from crosstune.tuning._needs import DryRun, Estimate, check_fits
from crosstune.tuning._recipe import Recipe
from crosstune.tuning._rows import Row, Rows, order, row_count, update_size

PROBE_STEPS = 10


def dry_run(rows: Rows, job: Job) -> DryRun:
    """Estimate the memory of ``job``; if it fits, measure `PROBE_STEPS` steps spread over the training."""
    recipe = job.recipe
    with _model.quiet(), _model.processor(recipe):
        tokenizer = _model.tokenizer(job.tokenizer, recipe, ())
        items, batches, tokens = _updates(job, tokenizer)
        found = _estimate(job, tokenizer, items, batches)
        available = _available(recipe)
        fits = found.memory.total <= available
        seconds = _seconds(job, tokenizer, batches) if fits and recipe.devices == 1 else None
    computed = sum(batch.computed for batch in batches)
    return DryRun(
        estimate=found,
        available_bytes=available,
        rows=len(rows.rows),
        truncated=rows.truncated,
        dropped=rows.dropped,
        steps=len(batches),
        tokens=tokens,
        padding=1 - tokens / computed,
        seconds=seconds,
    )


def check_memory(job: Job) -> None:
    """
    Raises:
        PrerequisiteError: the training does not fit into the device's memory, by the same estimate.
        DataError: the recipe's adapters do not fit the base.
    """
    with _model.quiet(), _model.processor(job.recipe):
        tokenizer = _model.tokenizer(job.tokenizer, job.recipe, ())
        items, batches, _ = _updates(job, tokenizer)
        try:
            found = _estimate(job, tokenizer, items, batches)
        except CrosstuneError:
            raise
        except Exception as error:  # noqa: BLE001 - a model's own code may need values
            why = f"{type(error).__name__}: {error}"
            sys.stderr.write(f"memory: not checked before training, because it cannot be estimated ({why})\n")
            return
    check_fits(found.memory, _available(job.recipe), job.recipe)


def _estimate(job: Job, tokenizer: Any, items: Sequence[Row], updates: Sequence[_Update]) -> Estimate:
    largest = max(updates, key=lambda update: update.computed)
    return estimate(job.base, job.recipe, tokenizer, [items[at] for at in largest.first])


def _available(recipe: Recipe) -> int:
    if recipe.device == "cpu":
        return hardware.memory_bytes() // recipe.devices
    memories = hardware.gpu_memories_gib()[: recipe.devices]
    return round(min(memories, default=0) * GIB)


@dataclass(frozen=True)
class _Update:
    """The positions of one update's rows, those of its largest batch, and tokens with padding."""

    positions: Sequence[int]
    first: Sequence[int]
    computed: int


def _updates(job: Job, tokenizer: Any) -> tuple[list[Row], list[_Update], int]:
    recipe = job.recipe
    items = _train.plain_items(job, tokenizer)
    lengths = [item.size for item in items]
    positions = order(lengths, recipe, row_count(len(items), recipe), job.seed)
    updates = [_update(part, lengths, recipe) for part in _parts(positions, update_size(recipe))]
    return items, updates, sum(lengths[at] for at in positions)


def _update(positions: Sequence[int], lengths: Sequence[int], recipe: Recipe) -> _Update:
    batches = list(_parts(positions, recipe.batch_size))
    flat = recipe.packing == "bfd"
    sizes = [
        sum(lengths[at] for at in batch) if flat else len(batch) * max(lengths[at] for at in batch)
        for batch in batches
    ]
    return _Update(positions, batches[sizes.index(max(sizes))], sum(sizes))


def _parts(positions: Sequence[int], size: int) -> Sequence[Sequence[int]]:
    return [positions[at : at + size] for at in range(0, len(positions), size)]


def _seconds(job: Job, tokenizer: Any, updates: Sequence[_Update]) -> float:
    """The time of all ``updates`` by that of some: seconds a token, without the first, which warms up."""
    count = min(PROBE_STEPS + 1, len(updates))
    chosen = [updates[at * len(updates) // count] for at in range(count)]
    times = _train.probe(job, tokenizer, list(itertools.chain(*(each.positions for each in chosen))))
    rates = [
        seconds / update.computed
        for seconds, update in list(zip(times, chosen, strict=True))[1 if count > 1 else 0 :]
    ]
    return statistics.mean(rates) * sum(update.computed for update in updates)
