"""Generate answers with Hugging Face Transformers on this machine."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import pydantic

from crosstune import hardware, model_files, model_requirements
from crosstune.errors import DataError, MissingExtra, PrerequisiteError
from crosstune.generation._back_end import BackEnd, Decoding
from crosstune.generation._local import LocalSession
from crosstune.records import Requirement
from crosstune.settings import Settings

_LAYER = re.compile(r"\b(?:layers|h|blocks?)\.\d+\..*(?:proj|attn|attention|mlp)")
_NAMED = 3
"""At most so many tensors are named in a message."""


class Options(Settings):
    """How the model is loaded."""

    device: str = "auto"
    """``auto`` (a CUDA GPU if available, else the CPU), or torch's name of a device: ``cpu``, ``cuda:1``."""
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """``auto``: bfloat16 on a GPU that supports it, and on a CPU with instructions for it if the weights are
    stored in 16 bits or fewer; else float32."""
    context: int | None = pydantic.Field(default=None, ge=16)
    """Tokens of prompt and answer together; None: the limit in the model's configuration."""
    batching: Literal["continuous", "fixed"] = "continuous"
    """``continuous``: ended answers make room for waiting prompts, where the model's cache allows it.
    ``fixed``: whole batches, which is slower, but after an interruption the answers are the same to the
    token."""
    batch_tokens: int | None = pydantic.Field(default=None, ge=1)
    """The maximum size of a batch in tokens, with prompts and answers padded; larger batches are split. None:
    as many as the memory for the model's cache holds, and 32,768 in fixed batches."""
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
    from crosstune.generation._continuous import ContinuousBatch

    transformers.utils.logging.disable_progress_bar()  # progress goes to the callback
    device = _device(torch, options)
    dtype, reason = _dtype(torch, device, model, options)
    tokenizer, network, notes = _loaded(transformers, model, dtype, options)
    try:
        network = network.to(device).eval()
        continuous = options.batching == "continuous" and ContinuousBatch.fits(network)
        reasons = {"dtype": reason}
        if not continuous and options.batching == "continuous":
            reasons["batches"] = "this model's cache cannot be put together row by row"
        yield LocalSession(
            network,
            tokenizer,
            decoding,
            options.context,
            options.batch_tokens,
            continuous=continuous,
            reasons=reasons,
            notes=notes,
        )
    except torch.OutOfMemoryError as error:
        raise PrerequisiteError(
            f"{model}: {device} is out of memory; lower batch_tokens or batch_size: {error}"
        ) from error


def _loaded(
    transformers: Any, model: str, dtype: Any, options: Options
) -> tuple[Any, Any, Mapping[str, str]]:
    """The tokenizer, the model, and what is unusual about its files.

    Raises:
        DataError: they are damaged, incomplete, or of a kind that transformers does not know.
        PrerequisiteError: memory or a package is missing.
    """
    given = {"revision": options.revision, "trust_remote_code": options.trust_remote_code}
    folder, file = _parts(model)
    given |= {"gguf_file": file} if file else {}
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder, **given)
        # A GGUF file's own bar cannot be turned off otherwise.
        with contextlib.redirect_stderr(io.StringIO()) if file else contextlib.nullcontext():
            network, info = transformers.AutoModelForCausalLM.from_pretrained(
                folder,
                dtype=dtype,
                output_loading_info=True,
                **given,
                **(_unpacked(transformers) if file else {}),
            )
    except MemoryError as error:
        raise PrerequisiteError(f"{model}: there is not enough memory to load it") from error
    except ImportError as error:
        raise PrerequisiteError(f"{model}: a Python package is missing to load it: {error}") from error
    except Exception as error:
        # The libraries raise many kinds of errors for files that are damaged or of another model.
        raise DataError(model_files.cannot_load(model, "this model", error)) from error
    _check_whole(model, info)
    # Of the model's own settings for sampling nothing is used but the ends: the decoding decides.
    ends = network.generation_config.eos_token_id
    network.generation_config = transformers.GenerationConfig(eos_token_id=ends)
    return tokenizer, network, _left_over(info)


def _left_over(info: Mapping[str, Any]) -> dict[str, str]:
    """A note if the files have more layers than config.json says. Other tensors may belong to what is not
    used here, such as a head."""
    found = sorted(name for name in map(str, info["unexpected_keys"]) if _LAYER.search(name))
    more = f" and {len(found) - _NAMED:,} more" if len(found) > _NAMED else ""
    return {"without the tensors": ", ".join(found[:_NAMED]) + more} if found else {}


def _check_whole(model: str, info: Mapping[str, Any]) -> None:
    """
    Raises:
        DataError: the files lack tensors, which transformers makes random with no more than a warning.
    """
    if missing := sorted(map(str, info["missing_keys"])):
        more = f" and {len(missing) - _NAMED:,} more" if len(missing) > _NAMED else ""
        raise DataError(
            f"{model}: tensors are missing and would be random: {', '.join(missing[:_NAMED])}{more}; "
            "the files are incomplete: get them again"
        )


def _device(torch: Any, options: Options) -> Any:
    name = ("cuda" if torch.cuda.is_available() else "cpu") if options.device == "auto" else options.device
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise DataError(f"torch does not know the device {name!r}: {error}") from error
    if device.type == "cuda" and not torch.cuda.is_available():
        raise PrerequisiteError(f"the device is {name!r}, but torch finds no CUDA GPU here")
    return device


def _parts(model: str) -> tuple[str, str]:
    """A model's folder or name, and the file in it if it is a GGUF file."""
    if not model.endswith(model_files.GGUF):
        return model, ""
    return str(Path(model).parent), Path(model).name


def _unpacked(transformers: Any) -> dict[str, Any]:
    """Weights of a GGUF file in full: products with packed ones are computed in float32, and slower."""
    config = getattr(transformers, "GgufConfig", None)  # earlier versions always unpack them
    return {"quantization_config": config(dequantize=True)} if config else {}


def _dtype(torch: Any, device: Any, model: str, options: Options) -> tuple[Any, str]:
    """The type of the weights, and why it was chosen."""
    if options.dtype != "auto":
        return getattr(torch, options.dtype), "as asked for"
    if device.type == "cuda":
        if torch.cuda.is_bf16_supported():
            return torch.bfloat16, "this GPU computes in it"
        return torch.float32, "this GPU does not compute in bfloat16"
    if not hardware.computes_in_bfloat16():
        return torch.float32, "this CPU does not compute in bfloat16"
    if not _stored_in_16_bits(torch, model, options):
        return torch.float32, "as the weights are stored"
    return torch.bfloat16, "this CPU computes in it, and the weights are stored in 16 bits or fewer"


def _stored_in_16_bits(torch: Any, model: str, options: Options) -> bool:
    if model.endswith(model_files.GGUF):
        return True
    from transformers import AutoConfig

    try:
        config = AutoConfig.from_pretrained(
            model, revision=options.revision, trust_remote_code=options.trust_remote_code
        )
    except (OSError, ValueError):  # loading the model will say what is wrong
        return False
    return config.dtype in (torch.bfloat16, torch.float16)


def _requirements(model: str, options: Options) -> list[Requirement]:
    requirements = [model_requirements.package(name) for name in ("torch", "transformers")]
    if options.gpu_gib:
        requirements.append(model_requirements.gpus(1, options.gpu_gib))
    if model.endswith(model_files.GGUF):
        requirements.append(model_requirements.package("gguf"))
        requirements.append(_gguf_file(model))
    elif model:
        requirements.append(model_requirements.model(model))
    return requirements


def _gguf_file(model: str) -> Requirement:
    return Requirement(f"the model's file {model}", Path(model).is_file(), "give the path of a GGUF file")


def _gpus(options: Options) -> tuple[int, float]:
    if options.device == "auto":
        return min(1, len(hardware.gpus())), options.gpu_gib
    kind, _, index = options.device.partition(":")
    # A step's GPUs are numbered from 0, so `cuda:2` exists only if it is granted three.
    return (int(index or 0) + 1 if kind == "cuda" else 0), options.gpu_gib


def _scales(options: Options) -> bool:
    return options.batching == "continuous" and not _gpus(options)[0]


BACK_END = BackEnd(
    name="transformers",
    version=4,
    settings=Options,
    open=_open,
    requirements=_requirements,
    gpus=_gpus,
    scales=_scales,
    describe=LocalSession.description,
    local=True,
)
