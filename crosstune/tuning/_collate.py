"""Turn rows into tensors, padded or packed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch

from crosstune.tuning._recipe import Recipe
from crosstune.tuning._rows import IGNORED, Row

Collate = Callable[[list[Any]], dict[str, torch.Tensor]]


def collator(rows: Sequence[Row], recipe: Recipe, tokenizer: Any) -> tuple[list[Any], Collate]:
    """The training items, each one row of a batch, and the function that makes a batch from some of them."""
    if recipe.packing == "none":
        token = filler(tokenizer)
        return list(rows), lambda batch: padded(batch, token)
    return _packed(rows, recipe), flattened if recipe.packing == "bfd" else stacked


def filler(tokenizer: Any) -> int:
    """The token that pads rows; it is never learned there."""
    return int(tokenizer.eos_token_id if tokenizer.pad_token_id is None else tokenizer.pad_token_id)


def padded(rows: Sequence[Row], token: int) -> dict[str, torch.Tensor]:
    """A batch padded on the right. Attention is causal, so padding needs no mask, and attention is faster
    without one."""
    longest = max(len(row.ids) for row in rows)
    ids = [row.ids + [token] * (longest - len(row.ids)) for row in rows]
    labels = [row.labels + [IGNORED] * (longest - len(row.ids)) for row in rows]
    return {"input_ids": torch.tensor(ids), "labels": torch.tensor(labels)}


def _packed(rows: Sequence[Row], recipe: Recipe) -> list[dict[str, Any]]:
    import datasets
    from trl import pack_dataset

    table = datasets.Dataset.from_dict(
        {"input_ids": [row.ids for row in rows], "labels": [row.labels for row in rows]}
    )
    packed = pack_dataset(table, recipe.max_length, recipe.packing)
    return list(packed)


def stacked(packs: Sequence[dict[str, Any]]) -> dict[str, torch.Tensor]:
    """A batch with one pack per row; only the last pack of the corpus is shorter."""
    return padded([Row(pack["input_ids"], 0) for pack in packs], 0) | {
        "labels": _stack_labels([pack["labels"] for pack in packs])
    }


def _stack_labels(labels: Sequence[list[int]]) -> torch.Tensor:
    longest = max(map(len, labels))
    return torch.tensor([row + [IGNORED] * (longest - len(row)) for row in labels])


def flattened(packs: Sequence[dict[str, Any]]) -> dict[str, torch.Tensor]:
    """A batch with all packs in one row. Positions restart with each document, which separates documents in
    attention. A document's first token is not predicted from the previous document."""
    ids = [token for pack in packs for token in pack["input_ids"]]
    labels = [label for pack in packs for label in pack["labels"]]
    positions = [at for pack in packs for length in pack["seq_lengths"] for at in range(length)]
    labels = [IGNORED if position == 0 else label for position, label in zip(positions, labels, strict=True)]
    return {
        "input_ids": torch.tensor([ids]),
        "labels": torch.tensor([labels]),
        "position_ids": torch.tensor([positions]),
    }
