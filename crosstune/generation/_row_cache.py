"""A cache of keys and values whose rows come and go while the others go on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from transformers import Cache, DynamicCache
from transformers.cache_utils import DynamicLayer, DynamicSlidingWindowLayer

from crosstune.hardware import cache_bytes

_GROWTH = 128
"""Columns that are allocated in advance: appending one token at a time would copy everything each time."""


class _Layer(DynamicLayer):  # type: ignore[misc]  # transformers is not typed
    """``keys`` and ``values`` are the used part of larger tensors: (rows, heads, columns, head size)."""

    def __init__(self) -> None:
        super().__init__()
        self._stores: list[torch.Tensor] = []

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *_args: Any, **_kwargs: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
            self._stores = [_store(key_states, 0), _store(value_states, 0)]
            self.keys, self.values = (store[:, :, :0] for store in self._stores)
        used = self.keys.shape[2]
        columns = used + key_states.shape[2]
        if columns > self._stores[0].shape[2]:
            self.put([self.keys, self.values], columns)
        for store, new in zip(self._stores, (key_states, value_states), strict=True):
            store[:, :, used:columns] = new
        self.keys, self.values = (store[:, :, :columns] for store in self._stores)
        return self.keys, self.values

    def put(self, tensors: Sequence[torch.Tensor], columns: int) -> None:
        """Replace the content, with space for ``columns`` and some more."""
        self._stores = [_store(tensor, columns) for tensor in tensors]
        for store, tensor in zip(self._stores, tensors, strict=True):
            store[:, :, : tensor.shape[2]] = tensor
        self.keys, self.values = (
            store[:, :, : tensor.shape[2]] for store, tensor in zip(self._stores, tensors, strict=True)
        )


def _store(like: torch.Tensor, columns: int) -> torch.Tensor:
    rows, heads, used, size = like.shape
    return like.new_zeros((rows, heads, max(columns, used) + _GROWTH, size))


class RowCache(Cache):  # type: ignore[misc]  # transformers is not typed
    """Keys and values of rows that all end in the same column; what a row does not use, on its left, is 0."""

    def __init__(self, layers: int) -> None:
        super().__init__(layers=[_Layer() for _ in range(layers)])

    @property
    def columns(self) -> int:
        return int(self.get_seq_length())

    def keep(self, rows: Sequence[int], unused: int) -> None:
        """Keep only these rows, and drop that many columns on the left."""
        for layer in self.layers:
            index = torch.tensor(rows, device=layer.keys.device)
            kept = [tensor[:, :, unused:].index_select(0, index) for tensor in (layer.keys, layer.values)]
            layer.put(kept, kept[0].shape[2])

    def add(self, other: RowCache) -> None:
        """Append the other's rows; both then have as many columns as the wider one."""
        columns = max(self.columns, other.columns)
        for layer, more in zip(self.layers, other.layers, strict=True):
            pairs = ((layer.keys, more.keys), (layer.values, more.values))
            layer.put([torch.cat([_widened(each, columns) for each in pair]) for pair in pairs], columns)


def _widened(tensor: torch.Tensor, columns: int) -> torch.Tensor:
    return torch.nn.functional.pad(tensor, (0, 0, columns - tensor.shape[2], 0))


@torch.inference_mode()
def tokens_that_fit(model: Any) -> int:
    """How many tokens, padding included, the memory for a model's cache holds: `cache_bytes` on a CPU, and
    half of what is free on a GPU. It is measured with one token."""
    cache = RowCache(layers_of_rows(model) or 0)
    one = torch.zeros((1, 1), dtype=torch.long, device=model.device)
    model(input_ids=one, position_ids=one, past_key_values=cache, use_cache=True)
    tensors = [tensor for layer in cache.layers for tensor in (layer.keys, layer.values)]
    gpu = model.device.type == "cuda"
    space = torch.cuda.mem_get_info(model.device)[0] // 2 if gpu else cache_bytes()
    return int(space // sum(tensor.numel() * tensor.element_size() for tensor in tensors))


def layers_of_rows(model: Any) -> int | None:
    """The number of the model's layers, or None if what they keep cannot be put together row by row.

    Layers with a sliding window can: they keep everything here, and the model's mask hides what is too old.
    """
    layers = DynamicCache(config=model.config).layers
    usual = all(type(layer) in (DynamicLayer, DynamicSlidingWindowLayer) for layer in layers)
    return len(layers) if layers and usual else None
