"""Tiny models of real architectures, each with the type of tokenizer and the chat template it really has.

Tokenizers are trained here, so nothing is downloaded; the templates are shortened and have the same control
tokens.
"""

from __future__ import annotations

import functools
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TEXTS = [
    "def plus(x):\n    return x + 12\n",
    "Write a function. What is 3 + 4?",
    "one two three four five",
] * 9

CHATML = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
LLAMA_3 = (
    "{{ bos_token }}{% for m in messages %}<|start_header_id|>{{ m.role }}<|end_header_id|>\n\n"
    "{{ m.content | trim }}<|eot_id|>{% endfor %}"
    "{% if add_generation_prompt %}<|start_header_id|>assistant<|end_header_id|>\n\n{% endif %}"
)
LLAMA_2 = (
    "{% for m in messages %}{% if m.role == 'user' %}{{ bos_token }}[INST] {{ m.content }} [/INST]"
    "{% else %} {{ m.content }} {{ eos_token }}{% endif %}{% endfor %}"
)
GEMMA = (
    "{{ bos_token }}{% for m in messages %}{% if m.role == 'system' %}"
    "{{ raise_exception('System role not supported') }}{% endif %}"
    "<start_of_turn>{{ 'model' if m.role == 'assistant' else m.role }}\n{{ m.content | trim }}<end_of_turn>\n"
    "{% endfor %}{% if add_generation_prompt %}<start_of_turn>model\n{% endif %}"
)
GLM = (
    "[gMASK]<sop>{% for m in messages %}<|{{ m.role }}|>\n{{ m.content }}{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>\n{% endif %}"
)
TURNS = ["<|im_start|>", "<|im_end|>"]


@dataclass(frozen=True)
class Family:
    """``config`` and ``tokenizer`` are classes of transformers; ``end`` ends an assistant's turn by ``chat``;
    ``tied`` names a layer whose weight is shared, if one is. ``attention`` is the one it has."""

    config: str
    tokenizer: str
    special: Sequence[str] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    chat: str | None = None
    end: str = ""
    tied: str = ""
    attention: str = "sdpa"


FAMILIES = {
    "starcoder": Family(
        "GPTBigCodeConfig",
        "GPT2Tokenizer",
        ["<|endoftext|>", "<fim_prefix>", "<commit_before>", "<commit_msg>", "<commit_after>"],
        {"n_embd": 32, "n_layer": 1, "n_head": 2, "n_positions": 256, "n_inner": 48},
        tied="wte",
    ),
    "starcoder2": Family("Starcoder2Config", "GPT2Tokenizer", ["<|endoftext|>"], tied="embed_tokens"),
    "llama-2": Family("LlamaConfig", "LlamaTokenizer", chat=LLAMA_2, end="</s>"),
    "llama-3": Family(
        "LlamaConfig",
        "PreTrainedTokenizerFast",
        ["<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"],
        chat=LLAMA_3,
        end="<|eot_id|>",
    ),
    "qwen2": Family(
        "Qwen2Config",
        "Qwen2Tokenizer",
        ["<|endoftext|>", *TURNS],
        {"tie_word_embeddings": True},
        CHATML,
        "<|im_end|>",
        "lm_head",
    ),
    "qwen3": Family(
        "Qwen3Config", "Qwen2Tokenizer", ["<|endoftext|>", *TURNS], {"head_dim": 16}, CHATML, "<|im_end|>"
    ),
    "gemma": Family(
        "GemmaConfig",
        "GemmaTokenizer",
        ["<start_of_turn>", "<end_of_turn>"],
        {"head_dim": 16},
        GEMMA,
        "<end_of_turn>",
        "embed_tokens",
    ),
    "gemma2": Family(
        "Gemma2Config",
        "GemmaTokenizer",
        ["<start_of_turn>", "<end_of_turn>"],
        {"head_dim": 16, "final_logit_softcapping": 5.0},
        GEMMA,
        "<end_of_turn>",
        attention="eager",
    ),
    "glm": Family(
        "GlmConfig",
        "PreTrainedTokenizerFast",
        ["<|endoftext|>", "[gMASK]", "<sop>", "<|system|>", "<|user|>", "<|assistant|>"],
        {"head_dim": 16, "pad_token_id": 0},
        GLM,
        "<|user|>",
    ),
}
SHAPE = {
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "max_position_embeddings": 256,
}


def make(name: str, folder: Path) -> Path:
    """A base of the family ``name`` in ``folder``."""
    if not (folder / "config.json").exists():
        shutil.copytree(_made(name, folder.parent / f"shared-{name}"), folder, dirs_exist_ok=True)
    return folder


@functools.cache
def _made(name: str, folder: Path) -> Path:
    import torch
    import transformers

    family = FAMILIES[name]
    tokenizer = make_tokenizer(family)
    shape = family.settings if "n_embd" in family.settings else SHAPE | dict(family.settings)
    config = getattr(transformers, family.config)(
        vocab_size=len(tokenizer) + 3,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        **{"pad_token_id": None, "initializer_range": 0.1} | dict(shape),
    )
    torch.manual_seed(0)
    network = transformers.AutoModelForCausalLM.from_config(config)
    network.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def make_tokenizer(family: Family) -> Any:
    import transformers

    kind = getattr(transformers, family.tokenizer)
    if family.tokenizer == "PreTrainedTokenizerFast":
        made = _byte_level(family.special)
    else:
        made = kind().train_new_from_iterator(TEXTS, 400)
    if family.tokenizer in {"LlamaTokenizer", "GemmaTokenizer"}:
        made = _with_bytes(kind, made)
    made.add_special_tokens({"additional_special_tokens": list(family.special)})
    made.chat_template = family.chat
    return made


def _byte_level(special: Sequence[str]) -> Any:
    """As Llama 3's and GLM's: a tokenizer.json without a class of its own."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    core = Tokenizer(models.BPE())
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    core.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    core.train_from_iterator(TEXTS, trainers.BpeTrainer(vocab_size=300, initial_alphabet=alphabet))
    core.add_special_tokens(list(special))
    lead = {"<|begin_of_text|>": ["<|begin_of_text|>"], "<|endoftext|>": ["[gMASK]", "<sop>"]}[special[0]]
    core.post_processor = processors.TemplateProcessing(
        single=" ".join([*lead, "$A"]), special_tokens=[(name, core.token_to_id(name)) for name in lead]
    )
    llama = special[0] == "<|begin_of_text|>"
    names = {"bos_token": special[0], "eos_token": special[1]} if llama else {"eos_token": special[0]}
    return PreTrainedTokenizerFast(tokenizer_object=core, **names)


def _with_bytes(kind: Callable[..., Any], trained: Any) -> Any:
    """As SentencePiece's: characters that are no tokens become bytes."""
    core = json.loads(trained.backend_tokenizer.to_str())["model"]
    vocabulary = dict(core["vocab"])
    for byte in range(256):
        vocabulary.setdefault(f"<0x{byte:02X}>", len(vocabulary))
    return kind(vocab=vocabulary, merges=[tuple(pair) for pair in core["merges"]])
