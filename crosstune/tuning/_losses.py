"""The loss of a batch: of the learned tokens alone, or of preferences between two completions."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch.nn.functional import cross_entropy, logsigmoid

from crosstune.tuning._collate import padded
from crosstune.tuning._rows import IGNORED, Row


@contextlib.contextmanager
def output_at(network: Any, kept: torch.Tensor) -> Iterator[None]:
    """Compute the logits only at the positions where ``kept`` (batch, length) is true: they get the
    shape (positions, vocabulary). Small models spend much of a step on the logits of prompts and padding."""

    def select(_module: Any, inputs: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
        return (inputs[0][kept], *inputs[1:])

    output = network.get_output_embeddings()
    if output is None:  # a model with code of its own: `at_targets` selects afterwards
        yield
        return
    hook = output.register_forward_pre_hook(select)
    try:
        yield
    finally:
        hook.remove()


def at_targets(logits: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
    """The logits at the kept positions, in float32, also if the model has computed all."""
    return (logits[kept] if logits.ndim == kept.ndim + 1 else logits).float()


def next_tokens(labels: torch.Tensor) -> torch.Tensor:
    """The label of the next position at each position."""
    return torch.nn.functional.pad(labels[:, 1:], (0, 1), value=IGNORED)


def learned_loss(outputs: Any, labels: torch.Tensor, num_items_in_batch: Any = None) -> torch.Tensor:
    """The mean cross-entropy of the learned tokens, from logits at their positions only (`output_at`)."""
    targets = next_tokens(labels).to(outputs.logits.device)
    kept = targets != IGNORED
    total = cross_entropy(at_targets(outputs.logits, kept), targets[kept], reduction="sum")
    count = kept.sum() if num_items_in_batch is None else num_items_in_batch
    return total / max(int(count), 1)


def completion_log_probabilities(network: Any, inputs: dict[str, torch.Tensor]) -> torch.Tensor:
    """The log-probability of each row's completion."""
    targets = next_tokens(inputs["labels"])
    kept = targets != IGNORED
    with output_at(network, kept):
        logits = network(input_ids=inputs["input_ids"]).logits
    losses = cross_entropy(at_targets(logits, kept), targets[kept], reduction="none")
    rows = kept.nonzero()[:, 0]
    return -torch.zeros(len(kept), dtype=losses.dtype, device=losses.device).index_add(0, rows, losses)


def preferences(rows: Sequence[tuple[Row, float]], filler: int) -> dict[str, torch.Tensor]:
    """A batch of pairs: the preferred completions, then the rejected ones. Each row comes with what
    its base says about it, see `margins`."""
    both = [Row(row.ids, row.prompt_length) for row, _ in rows]
    both += [Row(row.rejected, row.prompt_length) for row, _ in rows]
    return padded(both, filler) | {"reference": torch.tensor([margin for _, margin in rows])}


def margin(network: Any, inputs: dict[str, torch.Tensor]) -> torch.Tensor:
    """How much more probable (as a difference of logarithms) each preferred completion is."""
    preferred, rejected = completion_log_probabilities(network, inputs).chunk(2)
    return preferred - rejected


def preference_loss(network: Any, inputs: dict[str, torch.Tensor], beta: float) -> torch.Tensor:
    """DPO's loss (arXiv 2305.18290, equation 7)."""
    return -logsigmoid(beta * (margin(network, inputs) - inputs["reference"])).mean()


def margins(network: Any, rows: Sequence[Row], filler: int) -> list[float]:
    """The `margin` of each row for the base, computed once before training."""
    device = next(network.parameters()).device
    found = []
    network.eval()
    with torch.no_grad():
        for row in rows:
            batch = {name: value.to(device) for name, value in preferences([(row, 0.0)], filler).items()}
            found.append(float(margin(network, batch)))
    network.train()
    return found
