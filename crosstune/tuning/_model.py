"""Create, load and save models and tokenizers."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from crosstune.errors import DataError
from crosstune.records import Example
from crosstune.tuning._recipe import Architecture, Recipe

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
    except (OSError, ValueError) as error:
        raise DataError(f"{base}: transformers cannot load its tokenizer: {error}") from error
    if loaded.eos_token_id is None:
        raise DataError(f"{base}: its tokenizer has no token that ends a text (eos_token)")
    return loaded


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


def load_model(base: str | Path, recipe: Recipe) -> Any:
    """The base, prepared for training, with adapters if the recipe has `lora`.

    Raises:
        DataError: transformers cannot load the base, or the adapters do not fit it.
    """
    network = _pretrained(base, recipe, bits=recipe.base_bits)
    if recipe.lora is None:
        return network
    from peft import LoraConfig, get_peft_model, prepare_model_for_kbit_training

    if recipe.base_bits:
        network = prepare_model_for_kbit_training(network, use_gradient_checkpointing=False)
    lora = LoraConfig(
        r=recipe.lora.rank,
        lora_alpha=recipe.lora.alpha,
        lora_dropout=recipe.lora.dropout,
        target_modules=list(recipe.lora.targets),
        task_type="CAUSAL_LM",
    )
    try:
        return get_peft_model(network, lora)
    except ValueError as error:
        raise DataError(f"{base}: the recipe's lora.targets do not fit this model: {error}") from error


def _pretrained(base: str | Path, recipe: Recipe, bits: int | None) -> Any:
    import torch
    from transformers import AutoModelForCausalLM

    frozen = recipe.lora is not None
    options: dict[str, Any] = {
        "attn_implementation": recipe.attention,
        "trust_remote_code": recipe.trust_remote_code,
        "dtype": getattr(torch, recipe.precision) if frozen else torch.float32,
    }
    if bits:
        from transformers import BitsAndBytesConfig

        options["quantization_config"] = BitsAndBytesConfig(load_in_8bit=bits == 8, load_in_4bit=bits == 4)
    try:
        return AutoModelForCausalLM.from_pretrained(str(base), **options)
    except (OSError, ValueError) as error:
        raise DataError(f"{base}: transformers cannot load this model: {error}") from error


def merged(network: Any, base: str | Path | None, recipe: Recipe, work: Path) -> Any:
    """The model with its adapters merged into the weights; without adapters, the model itself.

    A quantized base is loaded again in full precision, so the merged weights are not rounded to few bits.
    """
    if recipe.lora is None or base is None:
        return network
    if not recipe.base_bits:
        return network.merge_and_unload()
    from peft import PeftModel

    network.save_pretrained(str(work / "adapter"))
    full = _pretrained(base, recipe, bits=None)
    return PeftModel.from_pretrained(full, str(work / "adapter")).merge_and_unload()


def save(network: Any, state: Any, tokenizer: Any, recipe: Recipe, folder: Path) -> None:
    """Write the files for inference: configuration, weights (safetensors), generation settings, tokenizer.

    ``state`` has all weights if ``network`` holds only a part of them, else it is None. Weights are written
    in the recipe's precision.
    """
    import torch

    dtype = getattr(torch, recipe.precision)
    if state is None:
        network = network.eval().to("cpu", dtype)
    else:
        state = {name: value.to("cpu", dtype) for name, value in state.items()}
    network.config.use_cache = True
    settings = network.generation_config
    if settings.eos_token_id is None:
        settings.eos_token_id = tokenizer.eos_token_id
    if settings.pad_token_id is None:
        pad = tokenizer.pad_token_id
        settings.pad_token_id = tokenizer.eos_token_id if pad is None else pad
    network.save_pretrained(str(folder), state_dict=state)
    tokenizer.save_pretrained(str(folder))


def count(folder: Path) -> int:
    """The number of parameters of the model in ``folder``."""
    from math import prod

    from safetensors import safe_open

    parameters = 0
    for path in folder.glob("*.safetensors"):
        with safe_open(path, framework="numpy") as file:
            parameters += sum(prod(file.get_slice(name).get_shape()) for name in file.keys())  # noqa: SIM118 - not a mapping
    return parameters
