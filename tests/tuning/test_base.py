"""Damaged and unfit bases are refused before training, each with an error of its own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crosstune import model_files
from crosstune.errors import CrosstuneError, DataError, PrerequisiteError
from crosstune.records import Requirement
from crosstune.tuning import Lora, requirements
from tests.tuning import families, small

Tensors = dict[str, Any]


@pytest.fixture(scope="module")
def qwen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return families.make("qwen2", tmp_path_factory.mktemp("bases") / "qwen2")


@pytest.fixture
def base(qwen: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(qwen, tmp_path / "base"))


def refusal(base: Path, recipe: Any = small.SIX_MORE, **given: Any) -> str:
    with pytest.raises(CrosstuneError) as caught:
        small.train(base.parent / "run", recipe, base=base, **given)
    assert not (base.parent / "run" / "out" / "model").exists()
    assert isinstance(caught.value, (DataError, PrerequisiteError))
    return str(caught.value)


def change_tensors(base: Path, change: Callable[[Tensors], object]) -> None:
    from safetensors.torch import load_file, save_file

    tensors = load_file(base / "model.safetensors")
    change(tensors)
    save_file(tensors, base / "model.safetensors", metadata={"format": "pt"})


def change_json(path: Path, **values: Any) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda tensors: tensors.pop("model.norm.weight"),
            r"tensors are missing and would be random: .*: model\.norm\.weight$",
        ),
        (
            lambda tensors: [tensors.pop(name) for name in list(tensors) if ".layers.0." in name],
            r"are missing .*model\.layers\.0\.\S+, .* and \d+ more",
        ),
        (
            lambda tensors: tensors.update(
                {"model.layers.7.mlp.up_proj.weight": tensors["model.norm.weight"].clone()}
            ),
            r"are left over: .*save_pretrained: model\.layers\.7\.mlp\.up_proj\.weight",
        ),
        (
            lambda tensors: tensors.update({"model.norm.weight": tensors["model.norm.weight"][:31].clone()}),
            r"have another size .*: model\.norm\.weight \(31,\) \(expected \(32,\)\)",
        ),
        (
            lambda tensors: tensors["model.norm.weight"].fill_(float("nan")),
            r"not finite \(NaN or infinity\): model\.norm\.weight",
        ),
    ],
)
def test_wrong_tensors_are_named(change: Callable[[Tensors], object], message: str, base: Path) -> None:
    import re

    change_tensors(base, change)
    assert re.search(message, refusal(base))


def test_masks_of_old_checkpoints_are_no_left_over_weights(base: Path) -> None:
    import torch

    mask = {"model.layers.0.self_attn.masked_bias": torch.zeros(1), "model.layers.0.attn.bias": torch.ones(1)}
    change_tensors(base, lambda tensors: tensors.update(mask))
    small.train(base.parent / "run", small.SIX_MORE.model_copy(update={"steps": 1}), base=base)


def test_head_that_is_missing_where_nothing_is_tied_is_named(base: Path) -> None:
    change_json(base / "config.json", tie_word_embeddings=False)
    assert "would be random: the files are incomplete: lm_head.weight" in refusal(base)


def cut(path: Path, fraction: float) -> None:
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * fraction)])


LFS = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda base: cut(base / "model.safetensors", 0.7), "model.safetensors has "),
        (
            lambda base: cut(base / "model.safetensors", 0.001),
            "model.safetensors is not a safetensors file, or is",
        ),
        (lambda base: (base / "model.safetensors").write_text(LFS), "model.safetensors is a Git LFS pointer"),
        (lambda base: (base / "tokenizer.json").write_text(LFS), "tokenizer.json is a Git LFS pointer"),
        (lambda base: (base / "config.json").write_text("{"), "config.json is not a JSON object"),
        (
            lambda base: (base / "config.json").rename(base / "small.gguf"),
            "has no config.json, but small.gguf: for answers give its path; to tune it, give the folder",
        ),
        (
            lambda base: (base / "model.safetensors").unlink(),
            "has no weights; expected one of model.safetensors",
        ),
        (
            lambda base: (base / "adapter_config.json").write_text(
                '{"base_model_name_or_path": "some/base"}'
            ),
            "the folder holds an adapter for the base some/base, not a whole model; merge it first",
        ),
        (
            lambda base: (
                (base / "model.safetensors").rename(base / "model-00001-of-00002.safetensors")
                and (base / "model.safetensors.index.json").write_text(
                    json.dumps(
                        {"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "gone.safetensors"}}
                    )
                )
            ),
            "gone.safetensors is missing; model.safetensors.index.json lists it",
        ),
        (
            lambda base: (
                (base / "model.safetensors").unlink()
                or (base / "pytorch_model.bin").write_bytes(b"PK\x03\x04 and no end")
            ),
            "pytorch_model.bin is cut (15 bytes)",
        ),
    ],
)
def test_damaged_files_are_named_in_plans_and_before_training(
    change: Callable[[Path], object], message: str, base: Path
) -> None:
    change(base)
    assert message in refusal(base)
    (unmet,) = (each for each in requirements(small.SIX_MORE, base) if not each.met)
    assert isinstance(unmet, Requirement)
    assert message in unmet.how


def test_cut_tokenizer_is_no_error_of_crosstune(base: Path) -> None:
    cut(base / "tokenizer.json", 0.5)
    assert "transformers cannot load its tokenizer" in refusal(base)


def test_tokens_beyond_the_vocabulary_are_named(base: Path) -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(base)
    count = len(tokenizer)
    tokenizer.add_tokens([f"<extra{number}>" for number in range(7)])
    tokenizer.save_pretrained(base)
    message = refusal(base)
    assert f"tokens beyond the model's vocabulary of {count + 3}: '<extra3>' ({count + 3})" in message
    assert "and 1 more" in message


def test_max_length_beyond_the_positions_is_an_error(base: Path) -> None:
    recipe = small.SIX_MORE.model_copy(update={"max_length": 257})
    assert refusal(base, recipe).startswith("max_length: 257 is beyond the 256 positions of")


def test_yarn_extends_the_positions(base: Path) -> None:
    from transformers import AutoConfig

    from crosstune.model_files import positions

    rope = {
        "rope_type": "yarn",
        "factor": 4.0,
        "original_max_position_embeddings": 256,
        "rope_theta": 10000.0,
    }
    change_json(base / "config.json", rope_parameters=rope)
    assert positions(AutoConfig.from_pretrained(base)) == 1024


def test_chat_without_a_template_is_an_error(base: Path) -> None:
    from crosstune.prompts import PROMPTS

    assert model_files.has_chat_template(base)
    (base / "chat_template.jinja").unlink()
    assert not model_files.has_chat_template(base)
    assert f"{base}: the base's tokenizer has no chat template" in refusal(base, prompt=PROMPTS.load("chat"))


def test_broken_chat_template_is_an_error(base: Path) -> None:
    from crosstune.prompts import PROMPTS

    (base / "chat_template.jinja").write_text("{% for m in messages %}{{ m.content }")
    assert "its chat template cannot be rendered" in refusal(base, prompt=PROMPTS.load("chat"))
    (base / "chat_template.jinja").write_text("{{ messages[0].content }}")
    assert "leaves out the assistant's message" in refusal(base, prompt=PROMPTS.load("chat"))


@pytest.mark.parametrize(
    ("name", "target"),
    [(name, family.tied) for name, family in families.FAMILIES.items() if family.tied],
)
def test_adapters_on_tied_weights_are_refused(name: str, target: str, tmp_path: Path) -> None:
    base = families.make(name, tmp_path / "base")
    recipe = small.SIX_MORE.model_copy(update={"lora": Lora(rank=4, alpha=8, targets=(target,))})
    message = refusal(base, recipe)
    assert f"lora.targets: '{target}' shares its weight with" in message
    assert f"remove '{target}'" in message


def test_quantization_needs_a_gpu(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    lora = {"lora": Lora(rank=4, alpha=8, targets="all-linear"), "base_bits": 4}
    on_cpu = small.SIX_MORE.model_copy(update=lora)
    assert refusal(base, on_cpu).startswith("base_bits: 4: bitsandbytes quantizes on a GPU only")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert "torch finds no GPU here" in refusal(base, on_cpu.model_copy(update={"device": "cuda"}))


def test_attention_that_a_model_does_not_have_is_named(tmp_path: Path) -> None:
    base = families.make("gemma2", tmp_path / "base")
    assert "has no attention 'sdpa'; set attention: eager" in refusal(base)


def test_quantized_base_is_refused(base: Path) -> None:
    settings = {"quant_method": "gptq", "bits": 4, "group_size": 32, "desc_act": False, "sym": True}
    change_json(base / "config.json", quantization_config=settings)
    assert "its weights are quantized" in refusal(base)
