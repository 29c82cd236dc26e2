"""Generate answers with Hugging Face Transformers on this machine."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, Literal

import pydantic

from crosstune import hardware, model_requirements
from crosstune.errors import DataError, MissingExtra, PrerequisiteError
from crosstune.generation._back_end import BackEnd, Decoding
from crosstune.generation._local import LocalSession
from crosstune.records import Requirement
from crosstune.settings import Settings


class Options(Settings):
    """How the model is loaded."""

    device: str = "auto"
    """``auto`` (a CUDA GPU if available, else the CPU), or torch's name of a device: ``cpu``, ``cuda:1``."""
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """``auto``: bfloat16 on a GPU that supports it, else float32."""
    context: int | None = pydantic.Field(default=None, ge=16)
    """Tokens of prompt and answer together; None: the limit in the model's configuration."""
    batch_tokens: int = pydantic.Field(default=32_768, ge=1)
    """The maximum size of a batch in tokens, with prompts and answers padded; larger batches are split."""
    revision: str | None = None
    """A commit or branch of a model on the Hub."""
    trust_remote_code: bool = False
    """Run Python code that comes with the model, without a sandbox: only for models you trust."""
    gpu_gib: float = pydantic.Field(default=0.0, ge=0.0)
    """GPU memory that the model needs; 0 if it can run without a GPU."""


@contextlib.contextmanager
def _open(model: str, decoding: Decoding, options: Options) -> Iterator[LocalSession]:
    try:
        import torch
        import transformers
    except ImportError as error:
        raise MissingExtra(error.name or "transformers", "train") from error
    transformers.utils.logging.disable_progress_bar()  # progress goes to the callback
    device = _device(torch, options)
    given = {"revision": options.revision, "trust_remote_code": options.trust_remote_code}
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(model, **given)
        network = transformers.AutoModelForCausalLM.from_pretrained(
            model, dtype=_dtype(torch, device, options), **given
        )
    except (OSError, ValueError) as error:
        raise DataError(f"{model}: transformers cannot load this model: {error}") from error
    try:
        network = network.to(device).eval()
        yield LocalSession(network, tokenizer, decoding, options.context, options.batch_tokens)
    except torch.OutOfMemoryError as error:
        raise PrerequisiteError(
            f"{model}: {device} is out of memory; lower batch_tokens or batch_size: {error}"
        ) from error


def _device(torch: Any, options: Options) -> Any:
    name = ("cuda" if torch.cuda.is_available() else "cpu") if options.device == "auto" else options.device
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise DataError(f"torch does not know the device {name!r}: {error}") from error
    if device.type == "cuda" and not torch.cuda.is_available():
        raise PrerequisiteError(f"the device is {name!r}, but torch finds no CUDA GPU here")
    return device


def _dtype(torch: Any, device: Any, options: Options) -> Any:
    if options.dtype != "auto":
        return getattr(torch, options.dtype)
    return torch.bfloat16 if device.type == "cuda" and torch.cuda.is_bf16_supported() else torch.float32


def _requirements(model: str, options: Options) -> list[Requirement]:
    requirements = [model_requirements.package(name) for name in ("torch", "transformers")]
    if options.gpu_gib:
        requirements.append(model_requirements.gpus(1, options.gpu_gib))
    if model:
        requirements.append(model_requirements.model(model))
    return requirements


def _gpus(options: Options) -> tuple[int, float]:
    if options.device == "auto":
        return min(1, len(hardware.gpus())), options.gpu_gib
    kind, _, index = options.device.partition(":")
    # A step's GPUs are numbered from 0, so `cuda:2` exists only if it is granted three.
    return (int(index or 0) + 1 if kind == "cuda" else 0), options.gpu_gib


BACK_END = BackEnd(
    name="transformers", version=1, settings=Options, open=_open, requirements=_requirements, gpus=_gpus
)
