"""Models whose next token depends only on the last one, so that a test knows what they answer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.tuning import families

_MORE = 8
"""Tokens of the model that the tokenizer does not have."""


def make(
    folder: Path, follows: Mapping[str, str], *, chat: str | None = families.CHATML, **config: Any
) -> Path:
    """A Llama in ``folder`` that answers each token (text of one token) with the one that follows it, and all
    others with a full stop. Its tokenizer is Qwen2's in type, with ``<|endoftext|>`` as its end."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    tokenizer = families.make_tokenizer(families.FAMILIES["qwen2"])
    tokenizer.eos_token, tokenizer.chat_template = "<|endoftext|>", chat
    size = -(-(len(tokenizer) + _MORE) // 8) * 8
    shape = {"hidden_size": size, "intermediate_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1}
    given = shape | {"max_position_embeddings": 512, "tie_word_embeddings": False} | config
    ends = given.pop("eos_token_id", tokenizer.eos_token_id)
    network = LlamaForCausalLM(LlamaConfig(vocab_size=size, bos_token_id=None, eos_token_id=ends, **given))
    table = torch.zeros(size, size)
    table[:, _token(tokenizer, ".")] = 1
    for one, other in follows.items():
        table[_token(tokenizer, one)] = 0
        table[_token(tokenizer, one), _token(tokenizer, other)] = 1
    with torch.no_grad():
        for weight in network.parameters():
            weight.fill_(1 if weight.ndim == 1 else 0)
        network.model.embed_tokens.weight.copy_(torch.eye(size))
        network.lm_head.weight.copy_(table.T)
    network.generation_config.eos_token_id = ends
    network.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def _token(tokenizer: Any, text: str) -> int:
    (token,) = tokenizer(text, add_special_tokens=False)["input_ids"]
    return int(token)
