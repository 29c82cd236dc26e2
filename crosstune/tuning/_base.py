"""Examine a base before training: its tokenizer, its context and its weights must fit together."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from crosstune import model_files
from crosstune.errors import DataError, PrerequisiteError
from crosstune.tuning._recipe import Recipe

_CONSTANT = re.compile(r"(\.(attn|attention|self_attn)\.(masked_)?bias|\.inv_freq|\.position_ids)$")
"""Masks and positions, which old checkpoints have beside the weights and models compute themselves."""
_NAMED = 3
"""At most so many tensors or tokens are named in a message."""


def check_here(recipe: Recipe) -> None:
    """Check that the recipe's device and quantization work on this machine.

    Raises:
        PrerequisiteError: they do not.
    """
    import torch

    if recipe.device == "cuda" and not torch.cuda.is_available():
        why = " (QLoRA's 4 or 8 bits need one)" if recipe.base_bits else ""
        raise PrerequisiteError(
            f"the recipe's device is cuda{why}, and torch finds no GPU here; "
            "set device: cpu (without base_bits), or run it on a machine with a GPU"
        )
    if recipe.base_bits and recipe.device == "cpu":
        raise PrerequisiteError(
            f"base_bits: {recipe.base_bits}: bitsandbytes quantizes on a GPU only; "
            "set device: cuda, or leave out base_bits"
        )
    if recipe.base_bits and importlib.util.find_spec("bitsandbytes") is None:
        raise PrerequisiteError(
            "base_bits: the Python package 'bitsandbytes' is not installed. Get it: pip install bitsandbytes"
        )


def check_files(base: str | Path) -> None:
    """Check the files of a base that is a folder.

    Raises:
        DataError: the message names the file and what to do.
    """
    if Path(base).exists() and (found := model_files.problem(Path(base))):
        raise DataError(f"the base: {found}")


def check_configuration(base: str | Path, config: Any, tokenizer: Any, recipe: Recipe) -> None:
    """Check that the base's ``config`` fits its tokenizer and the recipe.

    Raises:
        DataError: the message names the option or file and what to do.
    """
    if getattr(config, "quantization_config", None):
        raise DataError(
            f"{base}: its weights are quantized (quantization_config in config.json) and cannot be trained; "
            "use the unquantized model, with base_bits in the recipe if memory is short"
        )
    limit = model_files.positions(config)
    if limit is not None and recipe.max_length > limit:
        raise DataError(
            f"max_length: {recipe.max_length:,} is beyond the {limit:,} positions of {base} "
            f"(max_position_embeddings in config.json); set max_length to {limit:,} or less"
        )
    _check_vocabulary(base, tokenizer, config.get_text_config().vocab_size)


def _check_vocabulary(base: str | Path, tokenizer: Any, size: int) -> None:
    beyond = {name: token for name, token in tokenizer.get_vocab().items() if token >= size}
    if beyond:
        names = sorted(beyond, key=lambda name: beyond[name])
        listed = _listed([f"{name!r} ({beyond[name]})" for name in names], len(names))
        raise DataError(
            f"{base}: its tokenizer has tokens beyond the model's vocabulary of {size:,}: {listed}; use the "
            "tokenizer that belongs to the model, or save it with more embeddings (resize_token_embeddings)"
        )


def check_weights(base: str | Path, network: Any, info: Mapping[str, Any], tokenizer: Any) -> None:
    """Check the loaded ``network``; ``info`` is what transformers says about loading it.

    Raises:
        DataError: tensors are missing, left over, of another size or not finite.
    """
    _complain(base, info["missing_keys"], "are missing and would be random: the files are incomplete")
    _complain(
        base,
        [
            f"{name} {tuple(found)} (expected {tuple(wanted)})"
            for name, found, wanted in info["mismatched_keys"]
        ],
        "have another size than config.json says: files of different models are mixed",
    )
    _complain(
        base,
        [name for name in info["unexpected_keys"] if not _CONSTANT.search(name)],
        "are left over: config.json has fewer layers or another kind of model; to leave them out on purpose, "
        "load the model with transformers and save it again with save_pretrained",
    )
    _complain(base, info.get("error_msgs", ()), "could not be loaded")
    _complain(base, _not_finite(network), "have values that are not finite (NaN or infinity)")
    embeddings = network.get_input_embeddings()
    if embeddings is not None and embeddings.weight.ndim == 2 and embeddings.weight.shape[0]:
        _check_vocabulary(base, tokenizer, embeddings.weight.shape[0])


def _complain(base: str | Path, names: Iterable[str], what: str) -> None:
    if listed := sorted(map(str, names)):
        raise DataError(f"{base}: tensors {what}: {_listed(listed, len(listed))}")


def _listed(names: list[str], count: int) -> str:
    more = f" and {count - _NAMED:,} more" if count > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _not_finite(network: Any) -> Iterable[str]:
    for name, weight in network.named_parameters():
        if weight.is_floating_point() and weight.numel() and not weight.isfinite().all():
            yield name


def shared_weights(network: Any) -> list[frozenset[str]]:
    """Groups of names of one and the same weight, as of tied embeddings."""
    names: dict[int, set[str]] = {}
    for name, weight in network.named_parameters(remove_duplicate=False):
        names.setdefault(id(weight), set()).add(name)
    return [frozenset(group) for group in names.values() if len(group) > 1]


def check_adapters(base: str | Path, network: Any, targets: str | Iterable[str]) -> None:
    """Check that no adapter is on a shared weight: merging it would change the other layer, too.

    Raises:
        DataError: the message names the target, and the layer that shares its weight.
    """
    for target in () if isinstance(targets, str) else targets:
        for group in shared_weights(network):
            adapted = {name for name in group if f".{name}".endswith(f".{target}.weight")}
            if adapted:
                others = ", ".join(sorted(group - adapted)) or "another layer"
                raise DataError(
                    f"{base}: lora.targets: {target!r} shares its weight with {others} (tied embeddings): "
                    f"an adapter on it cannot be merged without changing both; remove {target!r}"
                )
