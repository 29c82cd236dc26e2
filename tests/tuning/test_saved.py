"""A saved model is whole: it computes what was trained and stops where it learned to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crosstune.errors import GateFailed
from crosstune.prompts import PROMPTS
from crosstune.tuning import Lora, _model, _saved
from tests.tuning import families, small

LORA = Lora(rank=4, alpha=8, targets="all-linear")


@pytest.mark.parametrize("name", families.FAMILIES)
def test_models_of_all_families_are_saved_whole(name: str, tmp_path: Path) -> None:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    family = families.FAMILIES[name]
    base = families.make(name, tmp_path / "base")
    template = PROMPTS.load("chat" if family.chat else "plain")
    plain = small.SIX_MORE.model_copy(update={"attention": family.attention})
    for recipe in (plain, plain.model_copy(update={"lora": LORA})):
        folder = tmp_path / ("lora" if recipe.lora else "all")
        metrics = small.train(folder, recipe, base=base, prompt=template)

        assert metrics["saved"]["difference"] < 1e-4
        network, info = AutoModelForCausalLM.from_pretrained(
            folder / "out" / "model", output_loading_info=True
        )
        assert not any(info.values())
        tokenizer = AutoTokenizer.from_pretrained(folder / "out" / "model")
        ends = {tokenizer.eos_token_id} | {tokenizer.convert_tokens_to_ids(family.end)} - {None}
        for each in (network.config, network.generation_config):
            found = each.eos_token_id
            assert ends == {found} if isinstance(found, int) else set(found)
        assert tokenizer.chat_template == family.chat


@pytest.mark.parametrize("name", ["llama-3", "qwen2", "gemma", "glm", "llama-2"])
def test_tuned_chat_model_stops_at_the_turn_end_outside(name: str, tmp_path: Path) -> None:
    """With transformers alone, as others use the model."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    base = families.make(name, tmp_path / "base")
    recipe = small.SIX_MORE.model_copy(update={"steps": 60, "learning_rate": 1e-2, "batch_size": 2})
    example = small.example("one two", "three four")
    small.train(tmp_path, recipe, base=base, examples=[example] * 2, prompt=PROMPTS.load("chat"))

    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "out" / "model")
    network = AutoModelForCausalLM.from_pretrained(tmp_path / "out" / "model")
    message = [{"role": "user", "content": "one two"}]
    asked = tokenizer.apply_chat_template(message, add_generation_prompt=True, return_tensors="pt")[
        "input_ids"
    ]
    new = network.generate(asked, max_new_tokens=40, do_sample=False)[0, asked.shape[1] :]
    assert families.FAMILIES[name].end == tokenizer.convert_ids_to_tokens(int(new[-1]))
    assert tokenizer.decode(new, skip_special_tokens=True).strip() == "three four"


def test_ends_that_disagree_in_the_base_agree_in_the_saved_model(tmp_path: Path) -> None:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    base = families.make("qwen2", tmp_path / "base")
    for name in ("config.json", "generation_config.json"):
        settings = json.loads((base / name).read_text()) | {"eos_token_id": 5}
        (base / name).write_text(json.dumps(settings))
    small.train(tmp_path, small.SIX_MORE, base=base)
    network = AutoModelForCausalLM.from_pretrained(tmp_path / "out" / "model")
    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "out" / "model")
    ends = {tokenizer.eos_token_id, tokenizer.convert_tokens_to_ids("<|im_end|>")}
    assert ends == set(network.config.eos_token_id) == set(network.generation_config.eos_token_id)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"temperature": 0.9, "top_p": 0.6}, {}),
        (
            {"do_sample": True, "temperature": 0.9, "top_k": 20},
            {"do_sample": True, "temperature": 0.9, "top_k": 20},
        ),
        ({"early_stopping": True, "length_penalty": 0.5, "output_scores": True}, {}),
        ({"repetition_penalty": 1.1}, {"repetition_penalty": 1.1}),
    ],
)
def test_generation_settings_that_transformers_refuses_to_write_lose_no_model(
    given: dict[str, Any], kept: dict[str, Any], tmp_path: Path
) -> None:
    """Vicuna has a temperature without sampling, for example."""
    base = families.make("qwen2", tmp_path / "base")
    path = base / "generation_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | given))
    small.train(tmp_path, small.SIX_MORE.model_copy(update={"steps": 1}), base=base)
    written = json.loads((tmp_path / "out" / "model" / "generation_config.json").read_text())
    names = {
        "do_sample",
        "temperature",
        "top_p",
        "top_k",
        "early_stopping",
        "length_penalty",
        "output_scores",
    }
    assert {name: written[name] for name in {*names, "repetition_penalty"} & written.keys()} == kept


def test_different_embeddings_of_a_tied_configuration_stay_apart(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file, save_file

    base = families.make("qwen2", tmp_path / "base")
    tensors = load_file(base / "model.safetensors")
    tensors["lm_head.weight"] = torch.randn_like(tensors["model.embed_tokens.weight"])
    save_file(tensors, base / "model.safetensors", metadata={"format": "pt"})
    small.train(tmp_path, small.SIX_MORE, base=base)
    assert (
        json.loads((tmp_path / "out" / "model" / "config.json").read_text())["tie_word_embeddings"] is False
    )


def damage(network: Any, how: str) -> None:
    import torch

    with torch.no_grad():
        if how == "weight":
            network.model.layers[0].mlp.up_proj.weight[0, 0] += 1
        elif how == "merge":
            network.lm_head.weight = torch.nn.Parameter(network.lm_head.weight.flip(0))
            network.config.tie_word_embeddings = False
        elif how == "ends":
            network.generation_config.eos_token_id = 5


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("weight", "1 tensors are not those of the trained model: model.layers.0.mlp.up_proj.weight"),
        ("merge", r"its logits differ from the trained model's by \d"),
        ("ends", "generation_config.json does not stop at '<|endoftext|>'"),
    ],
)
def test_ruined_model_is_not_declared_whole(
    how: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import copy
    import re

    real = _model.save

    def save(network: Any, tokenizer: Any, recipe: Any, folder: Path, **options: Any) -> Any:
        written = real(network, tokenizer, recipe, folder, **options)
        damaged = copy.deepcopy(written)
        damage(damaged, how)
        damaged.save_pretrained(folder)
        return damaged if how == "merge" else written

    monkeypatch.setattr(_model, "save", save)
    base = families.make("qwen2", tmp_path / "base")
    with pytest.raises(GateFailed, match="the saved model is not the trained one") as caught:
        small.train(tmp_path, small.SIX_MORE, base=base)
    assert re.search(message.replace("|", r"\|") if how == "ends" else message, str(caught.value))
    assert not (tmp_path / "out" / "model").exists()
    assert (tmp_path / "work" / "unchecked-model" / "config.json").exists()


def test_tolerances_are_for_the_saved_precision(tmp_path: Path) -> None:
    base = families.make("qwen2", tmp_path / "base")
    half = small.SIX_MORE.model_copy(update={"precision": "bfloat16", "lora": LORA})
    found = small.train(tmp_path, half, base=base)["saved"]["difference"]
    assert 0 < found < _saved.TOLERANCE["bfloat16"]
