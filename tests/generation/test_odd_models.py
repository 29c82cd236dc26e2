"""Models whose tokenizer, ends, configuration or weights do not fit together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import pytest

from crosstune.errors import DataError
from crosstune.generation import BACK_ENDS, Decoding, GeneratedAnswer, Request
from crosstune.generation.transformers import Options
from tests.generation import chains

BACK_END = BACK_ENDS.load("transformers")
ABC = {"a": "b", "b": "c", "c": "a"}
Batching = Literal["continuous", "fixed"]
BOTH = pytest.mark.parametrize("batching", ["continuous", "fixed"])


def ask(
    model: Path,
    *prompts: str,
    chat: bool = False,
    stops: tuple[str, ...] = (),
    batching: Batching = "continuous",
    **given: Any,
) -> list[GeneratedAnswer]:
    requests = [
        Request(str(number), "b", "python", "t", 0, prompt, stops, number, chat=chat)
        for number, prompt in enumerate(prompts)
    ]
    decoding = Decoding(max_new_tokens=6).model_copy(update=given)
    options = Options(device="cpu", dtype="float32", batching=batching)
    with BACK_END.open(str(model), decoding, options) as session:
        found = dict(filter(None, session.answers(requests, ())))
    return [found[position] for position in range(len(requests))]


def described(model: Path) -> dict[str, Any]:
    options = Options(device="cpu", dtype="float32")
    assert BACK_END.describe
    with BACK_END.open(str(model), Decoding(), options) as session:
        return dict(BACK_END.describe(session))


def edit(path: Path, **changes: Any) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


@BOTH
def test_an_answer_ends_with_its_turn_whatever_the_configuration_says(
    batching: Batching, tmp_path: Path
) -> None:
    model = chains.make(tmp_path, {"\n": "a", "a": "<|im_end|>", "<|im_end|>": "b"})
    (answer,) = ask(model, "q", chat=True, batching=batching)
    assert (answer.text, answer.finish_reason, answer.completion_tokens) == ("a", "stop", 2)


@BOTH
@pytest.mark.parametrize("ends", [None, 3, [3, 4], [399]])
def test_ends_of_tokenizer_and_configuration_are_both_ends(
    batching: Batching, ends: Any, tmp_path: Path
) -> None:
    model = chains.make(tmp_path, {"a": "b", "b": "<|endoftext|>", "<|endoftext|>": "a"})
    edit(model / "generation_config.json", eos_token_id=ends)
    (answer,) = ask(model, "a", batching=batching)
    assert (answer.text, answer.finish_reason) == ("b", "stop")


@BOTH
def test_without_an_end_answers_have_the_full_length(batching: Batching, tmp_path: Path) -> None:
    model = chains.make(tmp_path, ABC, chat=None)
    for name in ("tokenizer_config.json", "generation_config.json", "config.json"):
        edit(model / name, eos_token=None, eos_token_id=None, pad_token=None, pad_token_id=None)
    answers = ask(model, "a", "x = ba", batching=batching)
    assert [(each.text, each.finish_reason) for each in answers] == [("bcabca", "length")] * 2


@BOTH
def test_a_padding_token_beyond_the_vocabulary_pads_nothing(batching: Batching, tmp_path: Path) -> None:
    from transformers import AutoTokenizer

    model = chains.make(tmp_path, ABC)
    tokenizer = AutoTokenizer.from_pretrained(model)
    tokenizer.add_tokens([f"<extra_{number}>" for number in range(20)])
    tokenizer.add_special_tokens({"pad_token": "[PAD]"})
    tokenizer.save_pretrained(model)
    answers = ask(model, "a", "x = ba", batching=batching)
    assert [each.text for each in answers] == ["bcabca"] * 2
    with pytest.raises(DataError, match=r"the token '<extra_19>' \(\d+\), but the model has only \d+ tokens"):
        ask(model, "a <extra_19>", batching=batching)


@BOTH
def test_scores_that_are_not_finite_are_an_error(batching: Batching, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    model = chains.make(tmp_path, ABC)
    weights = load_file(model / "model.safetensors")
    weights["model.norm.weight"][3] = float("nan")
    save_file(weights, model / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(DataError, match="scores are not finite"):
        ask(model, "a", batching=batching)


@BOTH
@pytest.mark.parametrize("temperature", [0.0, 0.001])
def test_the_model_s_own_settings_of_sampling_are_not_used(
    batching: Batching, temperature: float, tmp_path: Path
) -> None:
    model = chains.make(tmp_path, {"a": "a"})
    edit(model / "generation_config.json", repetition_penalty=9.0, no_repeat_ngram_size=1, min_new_tokens=5)
    (answer,) = ask(model, "a", batching=batching, temperature=temperature)
    assert answer.text == "aaaaaa"


@BOTH
def test_stop_strings_of_any_length_and_of_special_tokens_are_found(
    batching: Batching, tmp_path: Path
) -> None:
    model = chains.make(tmp_path / "abc", ABC)
    (answer,) = ask(model, "c", stops=("abc" * 15,), batching=batching, max_new_tokens=90)
    assert (answer.text, answer.finish_reason, answer.completion_tokens) == ("", "stop", 45)
    other = chains.make(tmp_path / "other", {"a": "b", "b": "<|im_start|>", "<|im_start|>": "a"}, chat=None)
    (answer,) = ask(other, "a", stops=("<|im_start|>",), batching=batching)
    assert (answer.text, answer.finish_reason) == ("b", "stop")


@BOTH
def test_reasoning_that_the_prompt_opens_is_no_answer(batching: Batching, tmp_path: Path) -> None:
    from crosstune.reasoning import split_reasoning

    template = "{{ messages[-1].content }}{% if add_generation_prompt %}<think>\n{% endif %}"
    model = chains.make(tmp_path, {"\n": "a", **ABC}, chat=template)
    (answer,) = ask(model, "q", chat=True, batching=batching)
    assert split_reasoning(answer.text) == ("abcabc", "")


@pytest.mark.parametrize("name", ["config.json", "tokenizer_config.json"])
def test_code_that_comes_with_a_model_is_not_run(name: str, tmp_path: Path) -> None:
    model = chains.make(tmp_path, ABC)
    (model / "own.py").write_text("raise SystemExit(9)\n")
    changes = {
        "config.json": {
            "model_type": "own",
            "auto_map": {"AutoConfig": "own.A", "AutoModelForCausalLM": "own.B"},
        },
        "tokenizer_config.json": {"tokenizer_class": "Own", "auto_map": {"AutoTokenizer": ["own.C", None]}},
    }
    edit(model / name, **changes[name])
    (model / "tokenizer.json").unlink()
    with pytest.raises(DataError, match=r"if you trust it, set trust_remote_code: true \(--set"):
        ask(model, "a")


def test_layers_left_out_and_ordinary_ends_are_noted(tmp_path: Path) -> None:
    model = chains.make(tmp_path, ABC, num_hidden_layers=2)
    assert "without the tensors" not in described(model)
    edit(model / "config.json", num_hidden_layers=1)
    edit(model / "generation_config.json", eos_token_id=5)
    found = described(model)
    assert found["without the tensors"].startswith("model.layers.1.mlp.down_proj.weight")
    assert found["ends at ordinary tokens"] == "'%'"


@pytest.mark.parametrize(("scaling", "positions"), [(4.0, 64), (None, 16)])
def test_the_context_is_that_of_scaled_positions(
    scaling: float | None, positions: int, tmp_path: Path
) -> None:
    yarn = {"rope_type": "yarn", "factor": scaling, "original_max_position_embeddings": 16, "rope_theta": 1e4}
    given: dict[str, Any] = {"rope_parameters": yarn} if scaling else {}
    model = chains.make(tmp_path, ABC, chat=None, max_position_embeddings=16, **given)
    (answer,) = ask(model, "a" * 40, max_new_tokens=6)
    assert answer.prompt_tokens + 6 <= positions
    assert (answer.cut_tokens > 0) == (scaling is None)
