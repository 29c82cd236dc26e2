"""Estimate a training's memory by its parts, from shapes alone: no weight is loaded."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any

import torch
from torch.multiprocessing.reductions import StorageWeakRef

from crosstune.errors import DataError
from crosstune.tuning import _base, _model
from crosstune.tuning._needs import Estimate, Memory
from crosstune.tuning._recipe import Lora, Recipe
from crosstune.tuning._requirements import zero_shares
from crosstune.tuning._rows import Row


def estimate(base: str | Path | None, recipe: Recipe, tokenizer: Any, batch: Sequence[Row]) -> Estimate:
    """``batch`` is the one with the most tokens."""
    from torch._subclasses.fake_tensor import FakeTensorMode

    with FakeTensorMode():
        network = _model.shapes(base, recipe, tokenizer)
        weights = sum(weight.numel() for weight in network.parameters())
        adapters = _adapter_weights(base, network, recipe.lora) if recipe.lora else 0
        memory = _memory(recipe, weights, adapters or weights, _activations(network, recipe, batch))
    return Estimate(weights + adapters, adapters or weights, memory)


def _adapter_weights(base: str | Path | None, network: Any, lora: Lora) -> int:
    """The number of weights of all adapters: on a matrix of n x m, the rank times n + m.

    Raises:
        DataError: the targets do not fit the base.
    """
    _base.check_adapters(base or "", network, lora.targets)
    output = network.get_output_embeddings()
    sizes = [
        lora.rank * sum(module.weight.shape)
        for name, module in network.named_modules()
        if getattr(module, "weight", None) is not None and module.weight.ndim == 2
        if _is_target(name, module, module is output, lora.targets)
    ]
    if not sizes:
        raise DataError(f"{base}: the recipe's lora.targets do not fit this model: {lora.targets}")
    return sum(sizes)


def _is_target(name: str, module: Any, is_output: bool, targets: str | Sequence[str]) -> bool:
    if targets == "all-linear":
        return not is_output and not isinstance(module, torch.nn.Embedding)
    return any(f".{name}".endswith(f".{target}") for target in targets)


def _memory(recipe: Recipe, base: int, trained: int, activations: int | None) -> Memory:
    """Trained weights, their gradients and Adam's two moments are float32; frozen weights have the recipe's
    precision or `base_bits`. ZeRO divides them among the devices."""
    bits = recipe.base_bits or (32 if recipe.precision == "float32" else 16)
    optimizer, gradients, weights = zero_shares(recipe)
    return Memory(
        weights=round((4 * trained + (bits / 8 * base if recipe.lora else 0)) * weights),
        gradients=round(4 * trained * gradients),
        optimizer=round(8 * trained * optimizer),
        activations=activations,
    )


def _activations(network: Any, recipe: Recipe, batch: Sequence[Row]) -> int | None:
    """What a forward pass over ``batch`` keeps for the backward pass, and what the loss needs.

    Adapters keep hardly more than their layers keep anyway.
    """
    parameters = {_storage(weight) for weight in network.parameters()}
    kept: dict[Hashable, torch.UntypedStorage] = {}

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        if (key := _storage(tensor)) not in parameters:
            kept[key] = tensor.untyped_storage()
        return tensor

    try:
        with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
            logits = _loss_inputs(network, recipe, batch)
    except Exception:  # noqa: BLE001 - whatever the model does that needs values, its memory is then unknown
        return None
    layers = sum(storage.nbytes() for storage in kept.values())
    if recipe.activation_checkpointing:
        layers = _checkpointed(layers, network.config.get_text_config(), batch)
    return layers + 2 * logits.numel() * 4


def _checkpointed(kept: int, config: Any, batch: Sequence[Row]) -> int:
    """With checkpointing each layer keeps only its input, and one layer at a time is computed again."""
    tokens = max(row.size for row in batch) * len(batch)
    return int(kept / config.num_hidden_layers + 4 * config.num_hidden_layers * tokens * config.hidden_size)


def _storage(tensor: torch.Tensor) -> Hashable:
    """The same for all tensors that share their memory."""
    reference: Hashable = StorageWeakRef(tensor.untyped_storage())  # type: ignore[no-untyped-call]
    return reference


def _loss_inputs(network: Any, recipe: Recipe, batch: Sequence[Row]) -> torch.Tensor:
    """The logits that the loss is computed from; the loss keeps and makes two tensors of their size."""
    sides = [row.ids for row in batch] + [row.rejected for row in batch if row.rejected]
    longest = max(map(len, sides))
    learned = sum(len(ids) for ids in sides) - sum(row.prompt_length for row in batch)

    def select(_module: Any, inputs: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
        return (inputs[0].flatten(0, 1)[:learned], *inputs[1:])

    network.get_output_embeddings().register_forward_pre_hook(select)
    network.config.use_cache = False
    network.train()
    precision = getattr(torch, recipe.precision)
    with torch.autocast("cpu", precision, enabled=recipe.precision != "float32"):
        logits: torch.Tensor = network(input_ids=torch.zeros((len(sides), longest), dtype=torch.long)).logits
    return logits
