"""A recipe: everything about training that is not the data, the base or the seed."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from crosstune.errors import SettingsError, UnknownName
from crosstune.settings import Document, Settings, resolve_path

SHIPPED = Path(__file__).parent / "recipes"


class Architecture(Settings):
    """A new model of Llama's shape, and the byte-level BPE tokenizer that is trained for it."""

    vocabulary: int = Field(ge=257)
    """Tokens, of which 256 are the bytes and one ends a text."""
    numbers: Literal["whole", "digits"] = "whole"
    """``whole``: a number can be one token; ``digits``: each digit is one."""
    hidden: int = Field(gt=0)
    """Width of the residual stream."""
    inner: int = Field(gt=0)
    """Width inside the feed-forward layers."""
    layers: int = Field(gt=0)
    heads: int = Field(gt=0)
    """Attention heads a layer."""
    positions: int = Field(gt=0)
    """The longest text in tokens."""
    initializer_range: float = Field(default=0.02, gt=0)
    """Standard deviation of the first weights. Narrow models need a wider one than the usual 0.02."""
    tied: bool = True
    """Input and output embeddings are the same weights."""

    @model_validator(mode="after")
    def _agree(self) -> Architecture:
        if self.hidden % (2 * self.heads):
            raise ValueError("hidden: must be a multiple of twice the heads")
        return self


class Lora(Settings):
    """Low-rank adapters beside frozen weights; they are merged into the weights at the end."""

    rank: int = Field(gt=0)
    alpha: float = Field(gt=0)
    dropout: float = Field(default=0.0, ge=0, lt=1)
    targets: tuple[str, ...] = Field(min_length=1)
    """Names of the layers that get an adapter."""


class Recipe(Settings):
    """How a model is trained."""

    origin: str = Field(default="", exclude=True)
    """Where the numbers come from."""
    architecture: Architecture | None = None
    """The new model where a study names no base."""
    parameters: float = Field(default=0.0, ge=0, exclude=True)
    """How many the base has, for the estimate of GPU memory."""

    loss: Literal["completion", "all"] = "completion"
    """What is learned: what follows the prompt, or the prompt too."""
    max_length: int = Field(gt=1)
    """Tokens of an example; what is longer is cut off at its end, and counted."""
    packing: Literal["none", "bfd", "wrapped"] = "none"
    """``none``: examples are padded to the longest of their batch. ``bfd``: several share a row and
    don't see each other. ``wrapped``: all are joined and chopped at `max_length`. For GPUs."""
    batching: Literal["by_length", "shuffled"] = "by_length"
    """``by_length``: examples of one batch are about equally long, so that little is padding."""

    steps: int | None = Field(default=None, gt=0)
    """Updates of the weights. Either this or `epochs`."""
    epochs: float | None = Field(default=None, gt=0)
    """How often each row is seen."""
    batch_size: int = Field(gt=0)
    """Rows at a time on one device."""
    accumulation: int = Field(default=1, gt=0)
    """Batches whose gradients are added for one update."""
    devices: int = Field(default=1, gt=0)
    """Processes, each with a device of its own."""

    learning_rate: float = Field(gt=0)
    """The highest one."""
    schedule: Literal["cosine", "linear", "constant_with_warmup"] = "cosine"
    warmup: float = Field(default=0.0, ge=0)
    """Steps until the learning rate is reached; below 1, a fraction of all."""
    weight_decay: float = Field(default=0.0, ge=0)
    beta1: float = Field(default=0.9, ge=0, lt=1)
    beta2: float = Field(default=0.999, ge=0, lt=1)
    gradient_clip: float = Field(default=1.0, ge=0)
    """The longest gradient (2-norm); 0: any."""

    device: Literal["cpu", "cuda"] = "cpu"
    precision: Literal["float32", "bfloat16", "float16"] = "float32"
    """Of the arithmetic. The weights that are updated stand in float32."""
    attention: Literal["sdpa", "flash_attention_2", "eager"] = "sdpa"
    lora: Lora | None = None
    """Train adapters alone; without it all weights."""
    base_bits: Literal[4, 8] | None = None
    """The frozen base's weights in so many bits (bitsandbytes); needs `lora`."""
    activation_checkpointing: bool = False
    """Compute activations twice instead of keeping them: less memory, about a third slower."""
    deepspeed: dict[str, Any] | None = None
    """A DeepSpeed configuration, as its own documentation describes; "auto" values come from here."""
    trust_remote_code: bool = False
    """Run Python code that comes with the base. Without a sandbox: only for bases you trust."""
    threads: int = Field(default=1, gt=0)
    """CPU threads. More than one changes the last bits of the sums."""

    save_steps: int = Field(default=0, ge=0, exclude=True)
    """A checkpoint every so many steps, from which a stopped run goes on; 0: none."""

    @model_validator(mode="after")
    def _agree(self) -> Recipe:
        if (self.steps is None) == (self.epochs is None):
            raise ValueError("expected either 'steps' or 'epochs'")
        if self.base_bits and not self.lora:
            raise ValueError("base_bits: a base of few bits can't be trained itself; add 'lora'")
        if self.architecture and self.architecture.positions < self.max_length:
            raise ValueError("max_length: longer than the architecture's 'positions'")
        if self.deepspeed is not None and self.lora:
            raise ValueError("deepspeed: adapters are trained without it; remove one of the two")
        if self.deepspeed is not None and self.device == "cpu":
            raise ValueError("deepspeed: needs 'device: cuda' (on a CPU it silently trains without it)")
        return self


def recipe_names() -> tuple[str, ...]:
    """The recipes that come with the package, sorted."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.yaml")))


def load_recipe(name: str, folder: Path) -> Recipe:
    """The recipe ``name`` of this package, or the file ``name`` (ending in .yaml) seen from ``folder``.

    Raises:
        UnknownName: no recipe of that name; the message names the nearest.
        SettingsError: the file is missing or wrong; the message names file, line and field.
    """
    if name.endswith((".yaml", ".yml")):
        try:
            path = resolve_path(Path(name), folder)
        except ValueError as error:
            raise SettingsError(f"recipe {name!r}: {error}") from None
        return Document(path).parse(Recipe)
    if name not in recipe_names():
        raise UnknownName("recipe", name, recipe_names())
    return Document(SHIPPED / f"{name}.yaml").parse(Recipe)
