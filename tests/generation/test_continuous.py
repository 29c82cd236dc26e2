"""Answers of rows that come and go are those of the library, for every kind of cache."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from crosstune.generation import BACK_ENDS, Decoding, GeneratedAnswer, Request

_LONGEST = 40
_PROMPTS = ["def f(x):" + " x" * (7 * n % 23) for n in range(21)]
_USUAL: dict[str, Any] = {
    "hidden_size": 48,
    "intermediate_size": 96,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 12,
    "max_position_embeddings": 256,
}
_GPT: dict[str, Any] = {"n_embd": 48, "n_layer": 2, "n_head": 4, "n_positions": 256}
_FAMILIES: dict[str, dict[str, Any]] = {
    "llama": _USUAL,
    "qwen2": _USUAL,
    "qwen3": _USUAL,
    "mistral": {**_USUAL, "sliding_window": 16},  # shorter than the prompts
    "starcoder2": {**_USUAL, "sliding_window": 16},
    "gemma2": {**_USUAL, "sliding_window": 16},
    "gemma3_text": {**_USUAL, "sliding_window": 16},
    "gpt_bigcode": _GPT,
    "gpt2": _GPT,
    "glm": {**_USUAL, "pad_token_id": 0},
    "bloom": {"hidden_size": 48, "n_layer": 2, "n_head": 4},
}
_IN_WHOLE_BATCHES = {"bloom"}
"""Families that take no positions."""


@pytest.fixture(params=_FAMILIES)
def model(request: pytest.FixtureRequest, tiny_model: Path, tmp_path: Path) -> tuple[str, Path]:
    """A model with random weights and many ends."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

    for file in tiny_model.glob("tokenizer*"):
        shutil.copy(file, tmp_path)
    size = len(AutoTokenizer.from_pretrained(tmp_path))
    given = {"vocab_size": size, "pad_token_id": 0, "bos_token_id": None, **_FAMILIES[request.param]}
    torch.manual_seed(1)
    config = AutoConfig.for_model(request.param, initializer_range=0.3, **given)
    network = AutoModelForCausalLM.from_config(config)
    network.generation_config.eos_token_id = list(range(1, size, 29))
    network.save_pretrained(tmp_path)
    return request.param, tmp_path


def _answers(model: Path, decoding: Decoding) -> list[GeneratedAnswer]:
    back_end = BACK_ENDS.load("transformers")
    requests = [
        Request(
            problem=str(number),
            benchmark="b",
            language="python",
            task="t",
            sample=0,
            prompt=prompt,
            stops=(),
            seed=number,
        )
        for number, prompt in enumerate(_PROMPTS)
    ]
    with back_end.open(str(model), decoding, back_end.settings()) as session:
        found = dict(filter(None, session.answers(requests, ())))
    return [found[position] for position in range(len(requests))]


def _alone(model: Path) -> list[str]:
    """The library's answers, one prompt at a time."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer, network = AutoTokenizer.from_pretrained(model), AutoModelForCausalLM.from_pretrained(model)
    texts = []
    for prompt in _PROMPTS:
        row = tokenizer(prompt, return_tensors="pt", return_token_type_ids=False)
        with torch.inference_mode():
            whole = network.generate(**row, max_new_tokens=_LONGEST, do_sample=False)
        new = whole[0, row["input_ids"].shape[1] :].tolist()
        new = new[:-1] if new[-1] in network.generation_config.eos_token_id else new
        texts.append(tokenizer.decode(new, skip_special_tokens=True, clean_up_tokenization_spaces=False))
    return texts


def test_batch_is_as_large_as_the_memory_for_its_cache(
    model: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two layers, keys and values, heads of 12 values in float32."""
    from transformers import AutoModelForCausalLM

    from crosstune.generation import _row_cache

    family, folder = model
    if family in _IN_WHOLE_BATCHES:
        pytest.skip("it is not decoded row by row")
    heads = {"gpt2": 4, "gpt_bigcode": 1}.get(family, 2)
    network = AutoModelForCausalLM.from_pretrained(folder)
    monkeypatch.setattr(_row_cache, "cache_bytes", lambda: 1_000_000)
    assert _row_cache.tokens_that_fit(network) == 1_000_000 // (2 * 2 * heads * 12 * 4)


def test_prompts_are_read_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    from crosstune.generation import _continuous

    monkeypatch.setattr(_continuous, "_PREFILL_TOKENS", 10)
    rows = [_continuous.Row(position, [1] * length, 0) for position, length in enumerate((12, 5, 5, 4, 4, 3))]
    parts = [[len(row.prompt) for row in part] for part in _continuous._parts(rows)]
    assert parts == [[12], [5, 5], [4, 4], [3]]
    assert list(_continuous._parts([])) == []


def test_answers_of_rows_that_come_and_go_are_the_librarys(model: tuple[str, Path]) -> None:
    _, folder = model
    alone = _alone(folder)
    for batch_size in (4, 64):
        found = _answers(folder, Decoding(max_new_tokens=_LONGEST, batch_size=batch_size))
        assert [answer.text for answer in found] == alone


def test_samples_end_each_on_their_own(model: tuple[str, Path]) -> None:
    _, folder = model
    alone, together = (
        _answers(folder, Decoding(max_new_tokens=_LONGEST, batch_size=size, temperature=3.0))
        for size in (1, 5)
    )
    assert together == alone
    assert len({answer.completion_tokens for answer in alone}) > 3


def test_only_what_takes_positions_is_decoded_in_turn(model: tuple[str, Path]) -> None:
    from transformers import AutoModelForCausalLM

    from crosstune.generation._continuous import ContinuousBatch

    family, folder = model
    network = AutoModelForCausalLM.from_pretrained(folder)
    assert ContinuousBatch.fits(network) == (family not in _IN_WHOLE_BATCHES)
