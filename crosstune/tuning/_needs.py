"""What a training takes, as numbers: the result of a dry run, and what does not fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from crosstune.errors import PrerequisiteError
from crosstune.hardware import GIB
from crosstune.tuning._recipe import Recipe


@dataclass(frozen=True)
class Memory:
    """Bytes on each device. ``activations`` is None if they cannot be found from shapes alone."""

    weights: int
    gradients: int
    optimizer: int
    activations: int | None
    process: int = GIB
    """Python and torch themselves, or the CUDA context."""

    @property
    def total(self) -> int:
        return self.weights + self.gradients + self.optimizer + (self.activations or 0) + self.process


@dataclass(frozen=True)
class Estimate:
    """Numbers of parameters, in all and of those that are trained, and the memory."""

    parameters: int
    trained: int
    memory: Memory


@dataclass(frozen=True)
class DryRun:
    """``tokens`` are read in the whole training; ``padding`` is the share of what is computed that is no
    token. ``available_bytes`` is the device's memory. ``seconds`` of the whole training is None if it does
    not fit, or takes several devices."""

    estimate: Estimate
    available_bytes: int
    rows: int
    truncated: int
    dropped: int
    steps: int
    tokens: int
    padding: float
    seconds: float | None

    @property
    def fits(self) -> bool:
        return self.estimate.memory.total <= self.available_bytes


def check_fits(memory: Memory, available: int, recipe: Recipe) -> None:
    """
    Raises:
        PrerequisiteError: the device has less memory; the message has the parts, and what to change.
    """
    if memory.total <= available:
        return
    names = ("weights", "gradients", "optimizer", "activations", "process")
    parts = ", ".join(f"{name} {(getattr(memory, name) or 0) / GIB:.2f}" for name in names)
    device = "each GPU" if recipe.device == "cuda" else "this machine, for each process,"
    raise PrerequisiteError(
        f"the training does not fit into memory: it needs {memory.total / GIB:.2f} GiB ({parts}), "
        f"and {device} has {available / GIB:.2f}; {'; or '.join(_remedies(recipe))}"
    )


def _remedies(recipe: Recipe) -> Iterator[str]:
    if recipe.batch_size > 1:
        yield "lower batch_size, and raise accumulation by as much"
    if not recipe.activation_checkpointing:
        yield "set activation_checkpointing: true"
    if recipe.lora is None and recipe.architecture is None:
        yield "train adapters, as the recipe lora does"
    yield f"lower max_length ({recipe.max_length})"
    yield "use a smaller model or a larger machine"
