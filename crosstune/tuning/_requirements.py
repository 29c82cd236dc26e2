"""Estimate the requirements and resources of a training step, without importing torch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from crosstune import model_requirements
from crosstune.hardware import GIB
from crosstune.records import Requirement
from crosstune.tuning._recipe import Recipe

HEADROOM = 1.25
"""Factor on the memory of the weights that covers activations."""


def requirements(recipe: Recipe, base: str | Path | None) -> list[Requirement]:
    """Packages, GPUs and the ``base``, which is None if the model is new or another step makes the base."""
    required = [model_requirements.package(name) for name in _packages(recipe)]
    if recipe.device == "cuda":
        required.append(model_requirements.gpus(recipe.devices, gpu_gib(recipe)))
    if base is not None:
        required.append(model_requirements.model(base))
    return required


def _packages(recipe: Recipe) -> Iterator[str]:
    yield from ("torch", "transformers", "accelerate", "tokenizers", "safetensors")
    if recipe.lora:
        yield "peft"
    if recipe.packing != "none":
        yield from ("trl", "datasets")
    if recipe.base_bits:
        yield "bitsandbytes"
    if recipe.deepspeed is not None:
        yield "deepspeed"
    if recipe.attention == "flash_attention_2":
        yield "flash_attn"


def gpu_gib(recipe: Recipe) -> float:
    """GiB per device: weights, gradients and Adam's two moments, plus a quarter of that for activations.

    If all weights are trained, each takes 16 bytes (float32 weight, gradient, two moments); ZeRO divides the
    moments (stage 1), the gradients (2) and the weights (3) among the devices. With adapters, only the frozen
    weights are counted.
    """
    if recipe.lora:
        bits = recipe.base_bits or (32 if recipe.precision == "float32" else 16)
        return HEADROOM * recipe.parameters * bits / 8 / GIB
    optimizer, gradients, weights = zero_shares(recipe)
    each = 8 * optimizer + 4 * gradients + 4 * weights
    return HEADROOM * recipe.parameters * each / GIB


def zero_shares(recipe: Recipe) -> tuple[float, float, float]:
    """The share of the optimizer's moments, the gradients and the weights that each device holds."""
    zero = (recipe.deepspeed or {}).get("zero_optimization", {})
    stage = zero.get("stage", 0) if isinstance(zero, dict) else 0
    one, two, three = (1 / recipe.devices if stage >= divided else 1.0 for divided in (1, 2, 3))
    return one, two, three


def memory_bytes(recipe: Recipe) -> int:
    """Main memory of all processes of the training: 1 GiB each for Python and torch, plus the weights.

    On a CPU the weights' part is what `gpu_gib` counts; for GPUs it is one float32 copy, used while loading.
    """
    weights = recipe.devices * gpu_gib(recipe) * GIB if recipe.device == "cpu" else 4 * recipe.parameters
    return recipe.devices * GIB + round(weights)
