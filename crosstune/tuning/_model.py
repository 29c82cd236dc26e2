"""Create, load and save models and tokenizers."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from crosstune import model_files
from crosstune.errors import DataError, PrerequisiteError
from crosstune.records import Example
from crosstune.tuning import _base
from crosstune.tuning._recipe import Architecture, Lora, Recipe

END = "<|end|>"
"""The token that ends a text and pads rows."""


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Switch off transformers' progress bars and warnings: progress goes to the callback."""
    from transformers.utils import logging

    bars, level = logging.is_progress_bar_enabled(), logging.get_verbosity()
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        with warnings.catch_warnings():
            # peft still uses the name of transformers 4.
            warnings.filterwarnings("ignore", "`is_gradient_checkpointing` is deprecated", FutureWarning)
            yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


@contextlib.contextmanager
def processor(recipe: Recipe) -> Iterator[None]:
    """Use the recipe's number of threads, and treat denormal numbers, which are slow, as 0."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(recipe.threads)
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)
        torch.set_num_threads(threads)


def autocast(recipe: Recipe) -> Any:
    """Compute in the recipe's precision."""
    import torch

    if recipe.precision == "float32":
        return contextlib.nullcontext()
    return torch.autocast(recipe.device, getattr(torch, recipe.precision))


def tokenizer(base: str | Path | None, recipe: Recipe, examples: Sequence[Example]) -> Any:
    """The base's tokenizer, or without a base a new one trained on the examples' text.

    Raises:
        DataError: transformers cannot load the base's tokenizer, or it has no token that ends a text.
    """
    if base is None:
        return _new_tokenizer(_architecture(recipe), examples)
    from transformers import AutoTokenizer

    try:
        loaded = AutoTokenizer.from_pretrained(str(base), trust_remote_code=recipe.trust_remote_code)
    except Exception as error:
        # The libraries raise many kinds of errors for files that are damaged or of another model.
        raise DataError(model_files.cannot_load(base, "its tokenizer", error)) from error
    if loaded.eos_token_id is None:
        raise DataError(f"{base}: its tokenizer has no token that ends a text (eos_token)")
    return loaded


def configuration(base: str | Path, recipe: Recipe) -> Any:
    """The base's configuration.

    Raises:
        DataError: transformers cannot load it.
    """
    from transformers import AutoConfig

    try:
        return AutoConfig.from_pretrained(str(base), trust_remote_code=recipe.trust_remote_code)
    except Exception as error:
        raise DataError(model_files.cannot_load(base, "its config.json", error)) from error


def _architecture(recipe: Recipe) -> Architecture:
    if recipe.architecture is None:
        raise DataError("the recipe has no architecture; name a base to tune")
    return recipe.architecture


def _new_tokenizer(shape: Architecture, examples: Sequence[Example]) -> Any:
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False)
    # Numbers are split from the space before them, so 7 is the same token everywhere.
    number = Regex(r"\d+" if shape.numbers == "whole" else r"\d")
    core = Tokenizer(models.BPE())
    core.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(number, "isolated"), byte_level])
    core.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=shape.vocabulary,
        special_tokens=[END],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    core.train_from_iterator((each.prompt + "\n" + each.completion for each in examples), trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=core,
        eos_token=END,
        pad_token=END,
        model_max_length=shape.positions,
        clean_up_tokenization_spaces=False,
    )


def new_model(recipe: Recipe, tokenizer: Any) -> Any:
    """A model of the recipe's architecture with random weights from torch's global generator."""
    from transformers import LlamaConfig, LlamaForCausalLM

    shape = _architecture(recipe)
    config = LlamaConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        intermediate_size=shape.inner,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.heads,
        max_position_embeddings=shape.positions,
        initializer_range=shape.initializer_range,
        tie_word_embeddings=shape.tied,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        attn_implementation=recipe.attention,
    )
    return LlamaForCausalLM(config)


def shapes(base: str | Path | None, recipe: Recipe, tokenizer: Any) -> Any:
    """The model that would be trained, without adapters and without values: for torch's fake tensors."""
    if base is None:
        return new_model(recipe, tokenizer)
    import torch
    from transformers import AutoModelForCausalLM

    return AutoModelForCausalLM.from_config(
        configuration(base, recipe),
        dtype=getattr(torch, recipe.precision) if recipe.lora else torch.float32,
        attn_implementation="eager" if recipe.attention == "eager" else "sdpa",
        trust_remote_code=recipe.trust_remote_code,
    )


def load_model(base: str | Path, recipe: Recipe, tokenizer: Any) -> Any:
    """The base, prepared for training, with adapters if the recipe has `lora`.

    Raises:
        DataError: transformers cannot load the base, it is damaged, or the adapters do not fit it.
    """
    network = _pretrained(base, recipe, tokenizer, bits=recipe.base_bits)
    if recipe.lora is None:
        return network
    from peft import prepare_model_for_kbit_training

    if recipe.base_bits:
        network = prepare_model_for_kbit_training(network, use_gradient_checkpointing=False)
    return _adapted(network, base, recipe.lora)


def _adapted(network: Any, base: str | Path, lora: Lora) -> Any:
    from peft import LoraConfig, get_peft_model

    _base.check_adapters(base, network, lora.targets)
    settings = LoraConfig(
        r=lora.rank,
        lora_alpha=lora.alpha,
        lora_dropout=lora.dropout,
        target_modules=lora.targets if isinstance(lora.targets, str) else list(lora.targets),
        task_type="CAUSAL_LM",
    )
    try:
        return get_peft_model(network, settings)
    except ValueError as error:
        raise DataError(f"{base}: the recipe's lora.targets do not fit this model: {error}") from error


def _pretrained(base: str | Path, recipe: Recipe, tokenizer: Any, bits: int | None) -> Any:
    import torch
    from transformers import AutoModelForCausalLM

    frozen = recipe.lora is not None
    options: dict[str, Any] = {
        "attn_implementation": recipe.attention,
        "trust_remote_code": recipe.trust_remote_code,
        "dtype": getattr(torch, recipe.precision) if frozen else torch.float32,
        # Sizes that do not match are reported with the tensors' names, instead of a message without them.
        "ignore_mismatched_sizes": True,
        "output_loading_info": True,
    }
    if bits:
        options["quantization_config"] = _quantization(bits, getattr(torch, recipe.precision))
    try:
        network, info = AutoModelForCausalLM.from_pretrained(str(base), **options)
    except (torch.OutOfMemoryError, MemoryError):
        raise
    except ImportError as error:
        raise PrerequisiteError(f"{base}: a Python package is missing to load it: {error}") from error
    except Exception as error:
        if "attn_implementation" in str(error) and recipe.attention != "eager":
            message = f"{base}: this model has no attention {recipe.attention!r}; set attention: eager"
            raise DataError(message) from error
        raise DataError(model_files.cannot_load(base, "this model", error)) from error
    _base.check_weights(base, network, info, tokenizer)
    _untie_different(network)
    return network


def _quantization(bits: int, dtype: Any) -> Any:
    """The settings of QLoRA (arXiv 2305.14314) for 4 bits, of LLM.int8() for 8."""
    from transformers import BitsAndBytesConfig

    if bits == 8:
        return BitsAndBytesConfig(load_in_8bit=True)
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=dtype,
    )


def _untie_different(network: Any) -> None:
    """Record in the configuration that embeddings are separate if the base's files have two different ones:
    transformers then does not tie them, whatever the configuration says, and other programs would."""
    output, config = network.get_output_embeddings(), network.config
    if output is not None and config.tie_word_embeddings:
        config.tie_word_embeddings = output.weight is network.get_input_embeddings().weight


def adapted_base(network: Any, base: str | Path, recipe: Recipe, tokenizer: Any, work: Path) -> Any:
    """The adapters of ``network`` on its base in full precision, not the quantized one: merged there, the
    weights are not rounded to few bits."""
    from peft import PeftModel

    network.save_pretrained(str(work / "adapter"))
    full = _pretrained(base, recipe, tokenizer, bits=None)
    return PeftModel.from_pretrained(full, str(work / "adapter"))


def save(
    network: Any, tokenizer: Any, recipe: Recipe, folder: Path, *, ends: Sequence[int], state: Any = None
) -> Any:
    """Write the files for inference (configuration, weights, generation settings, tokenizer); return the
    model that was written.

    ``state`` has all weights if ``network`` holds only a part of them, else it is None. Adapters are merged
    into the weights, and weights are written in the recipe's precision. The model stops at each of ``ends``.
    """
    import torch

    dtype = getattr(torch, recipe.precision)
    if recipe.lora is not None:
        network = network.merge_and_unload()
    if state is None:
        network = network.eval().to("cpu", dtype)
    else:
        state = {name: value.to("cpu", dtype) for name, value in state.items()}
    network.config.use_cache = True
    _set_ends(network, tokenizer, ends)
    network.generation_config = _effective(network.generation_config)
    network.save_pretrained(str(folder), state_dict=state)
    tokenizer.save_pretrained(str(folder))
    return network


def _set_ends(network: Any, tokenizer: Any, ends: Sequence[int]) -> None:
    settings = network.generation_config
    for each in {
        id(each): each for each in (settings, network.config, network.config.get_text_config())
    }.values():
        each.eos_token_id = ends[0] if len(ends) == 1 else list(ends)
    pad = tokenizer.pad_token_id
    if settings.pad_token_id is None or settings.pad_token_id not in tokenizer.get_vocab().values():
        settings.pad_token_id = tokenizer.eos_token_id if pad is None else pad


def _effective(settings: Any) -> Any:
    """The base's generation settings without those that have no effect: transformers reads a temperature
    without sampling, or a penalty of beams without beams, and refuses to write them."""
    sampling = (
        "temperature",
        "top_p",
        "top_k",
        "min_p",
        "top_h",
        "typical_p",
        "epsilon_cutoff",
        "eta_cutoff",
    )
    without_effect = [] if settings.do_sample else [*sampling]
    without_effect += [] if (settings.num_beams or 1) > 1 else ["early_stopping", "length_penalty"]
    without_effect += [] if settings.return_dict_in_generate else settings.extra_output_flags
    for name in without_effect:
        setattr(settings, name, None)
    try:
        settings.validate(strict=True)
    except ValueError:  # others that contradict each other: of them nothing is known to be meant
        names = ("bos_token_id", "eos_token_id", "pad_token_id")
        return type(settings)(**{name: getattr(settings, name) for name in names})
    return settings


def count(folder: Path) -> int:
    """The number of parameters of the model in ``folder``."""
    from math import prod

    from safetensors import safe_open

    parameters = 0
    for path in folder.glob("*.safetensors"):
        with safe_open(path, framework="numpy") as file:
            parameters += sum(prod(file.get_slice(name).get_shape()) for name in file.keys())  # noqa: SIM118 - not a mapping
    return parameters
