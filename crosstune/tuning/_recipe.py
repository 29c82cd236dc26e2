"""A recipe: everything that determines a training except the data, the base and the seed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from crosstune.errors import SettingsError, UnknownName
from crosstune.settings import Document, Settings, resolve_path

SHIPPED = Path(__file__).parent / "recipes"


class Architecture(Settings):
    """A new model of Llama's architecture, and the byte-level BPE tokenizer trained for it."""

    vocabulary: int = Field(ge=257)
    """Number of tokens, of which 256 are the bytes and one ends a text."""
    numbers: Literal["whole", "digits"] = "whole"
    """``whole``: a number can be one token; ``digits``: each digit is a token."""
    hidden: int = Field(gt=0)
    """Width of the residual stream."""
    inner: int = Field(gt=0)
    """Width inside the feed-forward layers."""
    layers: int = Field(gt=0)
    heads: int = Field(gt=0)
    """Attention heads per layer."""
    positions: int = Field(gt=0)
    """Length of the longest text in tokens."""
    initializer_range: float = Field(default=0.02, gt=0)
    """Standard deviation of the initial weights. Narrow models need more than the usual 0.02."""
    tied: bool = True
    """Input and output embeddings share their weights."""

    @model_validator(mode="after")
    def _agree(self) -> Architecture:
        if self.hidden % (2 * self.heads):
            raise ValueError("hidden: must be a multiple of twice the heads")
        return self


class Lora(Settings):
    """Low-rank adapters on frozen weights; after training they are merged into the weights."""

    rank: int = Field(gt=0)
    alpha: float = Field(gt=0)
    dropout: float = Field(default=0.0, ge=0, lt=1)
    targets: Literal["all-linear"] | tuple[str, ...] = Field(min_length=1)
    """Names of the layers that get an adapter; ``all-linear``: all linear layers except the output."""


class Dpo(Settings):
    """Direct Preference Optimization (arXiv 2305.18290): rows have a preferred and a rejected completion."""

    beta: float = Field(default=0.1, gt=0)
    """How strongly the model is held to its base."""


class Recipe(Settings):
    """How a model is trained."""

    origin: str = Field(default="", exclude=True)
    """The source of the numbers."""
    architecture: Architecture | None = None
    """The new model, for a study that names no base."""
    parameters: float = Field(default=0.0, ge=0, exclude=True)
    """Number of the base's parameters, for the estimate of memory."""

    loss: Literal["completion", "all"] = "completion"
    """Which tokens are learned: the completion's, or all, including the prompt's."""
    dpo: Dpo | None = None
    """Learn to prefer one completion to another, with the base as reference."""
    max_length: int = Field(gt=1)
    """Most tokens of an example; longer examples are cut at the end, and their number is reported."""
    packing: Literal["none", "bfd", "wrapped"] = "none"
    """``none``: examples are padded to the longest of their batch. ``bfd``: several examples share a row
    without attending to each other. ``wrapped``: all examples are joined and split at `max_length`. Packing
    is for GPUs."""
    batching: Literal["by_length", "shuffled"] = "by_length"
    """``by_length``: the examples of a batch have similar lengths, which saves padding."""

    steps: int | None = Field(default=None, gt=0)
    """Number of weight updates. Give either this or `epochs`."""
    epochs: float | None = Field(default=None, gt=0)
    """How often each row is used."""
    batch_size: int = Field(gt=0)
    """Rows per batch on one device."""
    accumulation: int = Field(default=1, gt=0)
    """Batches whose gradients are accumulated for one update."""
    devices: int = Field(default=1, gt=0)
    """Number of processes, each with its own device."""

    learning_rate: float = Field(gt=0)
    """The highest learning rate."""
    schedule: Literal["cosine", "linear", "constant_with_warmup"] = "cosine"
    warmup: float = Field(default=0.0, ge=0)
    """Steps until the learning rate is reached; below 1: a fraction of all steps."""
    weight_decay: float = Field(default=0.0, ge=0)
    beta1: float = Field(default=0.9, ge=0, lt=1)
    beta2: float = Field(default=0.999, ge=0, lt=1)
    gradient_clip: float = Field(default=1.0, ge=0)
    """The largest gradient (2-norm); 0: unlimited."""

    device: Literal["cpu", "cuda"] = "cpu"
    precision: Literal["float32", "bfloat16", "float16"] = "float32"
    """Precision of the computation; trained weights are kept in float32."""
    attention: Literal["sdpa", "flash_attention_2", "eager"] = "sdpa"
    lora: Lora | None = None
    """Train only adapters; without it, all weights are trained."""
    base_bits: Literal[4, 8] | None = None
    """Quantize the frozen base's weights to this many bits (bitsandbytes); needs `lora`."""
    activation_checkpointing: bool = False
    """Recompute activations instead of storing them: less memory, about a third slower."""
    deepspeed: dict[str, Any] | None = None
    """A DeepSpeed configuration (see its documentation); "auto" values are taken from this recipe."""
    trust_remote_code: bool = False
    """Run Python code that comes with the base, without a sandbox: only for bases you trust."""
    threads: int = Field(default=1, gt=0)
    """CPU threads. Their number changes the last bits of sums, so it is part of the recipe."""

    save_steps: int = Field(default=0, ge=0, exclude=True)
    """Steps between the checkpoints from which a stopped run continues; 0: no checkpoints."""

    @model_validator(mode="after")
    def _agree(self) -> Recipe:
        if (self.steps is None) == (self.epochs is None):
            raise ValueError("expected either 'steps' or 'epochs'")
        if self.base_bits and not self.lora:
            raise ValueError("base_bits: a quantized base cannot be trained itself; add 'lora'")
        if self.precision == "float16" and self.device == "cpu":
            raise ValueError("precision: float16 is for GPUs; use bfloat16 or float32 on a CPU")
        if self.dpo and (self.packing != "none" or self.loss != "completion"):
            raise ValueError("dpo: needs 'packing: none' and 'loss: completion'")
        if self.dpo and (self.architecture or self.deepspeed is not None):
            raise ValueError("dpo: needs a base, and trains without deepspeed")
        if self.architecture and self.lora:
            raise ValueError("lora: adapters are for a base; remove one of 'lora' and 'architecture'")
        if self.architecture and self.architecture.positions < self.max_length:
            raise ValueError("max_length: longer than the architecture's 'positions'")
        if self.deepspeed is not None and self.lora:
            raise ValueError("deepspeed: adapters are trained without it; remove one of the two")
        if self.deepspeed is not None and self.device == "cpu":
            raise ValueError("deepspeed: needs 'device: cuda' (on a CPU it silently trains without it)")
        return self


def recipe_names() -> tuple[str, ...]:
    """The names of the shipped recipes, sorted."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.yaml")))


def load_recipe(name: str, folder: Path, changes: Mapping[str, Any] | None = None) -> Recipe:
    """The shipped recipe ``name``, or the file ``name`` (ending in .yaml) relative to ``folder``.

    ``changes`` are nested like the recipe: ``{"lora": {"rank": 8}}``; None removes a value. One of ``steps``
    and ``epochs`` replaces the other.

    Raises:
        UnknownName: no such recipe; the message names the nearest.
        SettingsError: the file is missing or invalid; the message names file, line and field.
    """
    document = _document(name, folder)
    recipe = document.parse(Recipe)
    if not changes:
        return recipe
    try:
        return document.parse(Recipe, _changed(document.data, changes))
    except SettingsError as error:  # without the file's name and line: the error is in the changes
        problem = str(error).split(": ", 1)[-1]
        raise SettingsError(f"changes to the recipe {name}: {problem}") from None


def _document(name: str, folder: Path) -> Document:
    if not name.endswith((".yaml", ".yml")):
        if name not in recipe_names():
            raise UnknownName("recipe", name, recipe_names())
        return Document(SHIPPED / f"{name}.yaml")
    try:
        path = resolve_path(Path(name), folder)
    except ValueError as error:
        raise SettingsError(f"recipe {name!r}: {error}") from None
    return Document(path)


def _changed(data: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    lengths = {"steps", "epochs"}
    replaced = lengths - changes.keys() if lengths & changes.keys() else set()
    merged = {key: value for key, value in data.items() if key not in replaced}
    for key, value in changes.items():
        section = merged.get(key)
        is_section = isinstance(section, dict) and isinstance(value, dict)
        merged[key] = {**(section or {}), **value} if is_section else value
    return {key: value for key, value in merged.items() if value is not None}
