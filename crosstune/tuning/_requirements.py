"""What a training step needs, told without importing torch and without waiting for a network."""

from __future__ import annotations

import importlib.util
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from crosstune import llm
from crosstune.records import Requirement
from crosstune.tuning._recipe import Recipe

GIB = 2**30


def requirements(recipe: Recipe, base: str | Path | None) -> list[Requirement]:
    """Packages, GPU memory, and the ``base``; None where it is new or an earlier step makes it."""
    found = [_package(name) for name in _packages(recipe)]
    if recipe.device == "cuda":
        found.append(_gpus(recipe))
    if base is not None:
        found.append(_base(base))
    return found


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


def _package(name: str) -> Requirement:
    ours = name not in {"bitsandbytes", "deepspeed", "flash_attn"}
    how = "pip install 'crosstune[train]'" if ours else f"pip install {name.replace('_', '-')}"
    return Requirement(f"the Python package {name}", importlib.util.find_spec(name) is not None, how)


def gpu_gib(recipe: Recipe) -> float:
    """GiB a device: weights, gradients and Adam's two moments, and a quarter of it for activations.

    All weights trained: 16 bytes each (float32 weight, gradient, two moments); ZeRO divides by devices
    the moments (stage 1), the gradients (2) and the weights (3). Adapters: the frozen weights alone.
    """
    if recipe.lora:
        bits = recipe.base_bits or (32 if recipe.precision == "float32" else 16)
        return 1.25 * recipe.parameters * bits / 8 / GIB
    zero = (recipe.deepspeed or {}).get("zero_optimization", {})
    stage = zero.get("stage", 0) if isinstance(zero, dict) else 0
    parts = ((8, 1), (4, 2), (4, 3))  # bytes a weight, and the stage from which they are divided
    each = sum(size / (recipe.devices if stage >= divided else 1) for size, divided in parts)
    return 1.25 * recipe.parameters * each / GIB


def _gpus(recipe: Recipe) -> Requirement:
    wanted = gpu_gib(recipe)
    here = sorted(_memories(), reverse=True)
    what = f"{recipe.devices} x a GPU with {wanted:.0f} GiB of memory (estimated)"
    seen = ", ".join(f"{gib:.0f} GiB" for gib in here) or "none"
    met = len(here) >= recipe.devices and here[recipe.devices - 1] >= wanted
    return Requirement(what, met, f"run this step on a machine that has them; here: {seen}")


def _memories() -> Iterator[float]:
    """Each GPU's memory, GiB."""
    command = ["nvidia-smi", "--query-gpu=memory.total", "--format=csv,noheader,nounits"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=5, check=True)
    except (OSError, subprocess.SubprocessError):
        return
    for line in answer.stdout.split():
        if line.isdigit():
            yield int(line) / 1024


def _base(base: str | Path) -> Requirement:
    name = str(base)
    if isinstance(base, Path) or not re.fullmatch(r"[\w.-]+(/[\w.-]+)?", name):
        whole = Path(base, "config.json").is_file()
        return Requirement(
            f"the model in the folder {name}", whole, f"put a saved model there: {name}/config.json"
        )
    what = f"the model {name}"
    if importlib.util.find_spec("huggingface_hub") is None:
        return Requirement(what, False, "pip install 'crosstune[train]'")
    from huggingface_hub import constants

    folder = Path(constants.HF_HUB_CACHE) / f"models--{name.replace('/', '--')}" / "snapshots"
    if any(folder.glob("*/config.json")):
        return Requirement(what, True)
    if constants.HF_HUB_OFFLINE:
        return Requirement(what, False, "it is not in the cache; unset HF_HUB_OFFLINE to download it")
    how = f"it is not in the cache, and {constants.ENDPOINT} does not answer from here"
    return Requirement(what, llm.reachable(f"{constants.ENDPOINT}/api"), how)
