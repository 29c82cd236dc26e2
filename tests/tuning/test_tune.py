"""Real training of very small models."""

from __future__ import annotations

from pathlib import Path

import pytest

from crosstune.errors import DataError
from crosstune.tuning import Lora
from tests.tuning import small


def test_model_learns_and_reports_metrics(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []

    metrics = small.train(tmp_path, progress=lambda done, total: seen.append((done, total)))

    rows = small.losses(tmp_path)
    assert [(step, 12) for step in range(1, 13)] == seen
    assert list(range(1, 13)) == [row["step"] for row in rows]
    assert rows[-1]["loss"] < 0.8 * rows[0]["loss"]
    assert max(row["learning_rate"] for row in rows) == pytest.approx(1e-2)
    assert metrics["final_loss"] == pytest.approx(sum(row["loss"] for row in rows) / 12)
    shape = small.SHAPE
    layer = 4 * shape.hidden**2 + 3 * shape.hidden * shape.inner + 2 * shape.hidden
    assert metrics["parameters"] == shape.vocabulary * shape.hidden + layer + shape.hidden
    assert (metrics["examples"], metrics["steps"], metrics["truncated"], metrics["dropped"]) == (24, 12, 0, 0)


def test_model_folder_has_what_inference_needs_and_nothing_else(trained: Path) -> None:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    folder = trained / "out" / "model"
    model = AutoModelForCausalLM.from_pretrained(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)

    expected = {"config.json", "generation_config.json", "model.safetensors"}
    assert expected | {"tokenizer.json", "tokenizer_config.json"} == set(small.files(folder))
    assert tokenizer.eos_token_id == model.generation_config.eos_token_id == model.config.eos_token_id
    assert tokenizer.pad_token_id == model.generation_config.pad_token_id
    assert model.config.use_cache is True
    assert "float32" in str(model.dtype)
    text = "def plus(x):\n    return x + 1234é\n"
    assert text == tokenizer.decode(tokenizer(text)["input_ids"])


def test_numbers_are_whole_or_digits() -> None:
    from crosstune.tuning._model import tokenizer

    made = [small.example("", f"return {number}") for number in (11, 12, 13) for _ in range(20)]
    for numbers, pieces in (("whole", ["12"]), ("digits", ["1", "2"])):
        shape = small.SHAPE.model_copy(update={"numbers": numbers})
        recipe = small.RECIPE.model_copy(update={"architecture": shape})
        found = tokenizer(None, recipe, made).tokenize("return 12")
        assert pieces == found[-len(pieces) :], numbers


def test_equal_inputs_give_equal_bytes_and_another_seed_does_not(trained: Path, tmp_path: Path) -> None:
    small.train(tmp_path / "again")
    small.train(tmp_path / "other", seed=1)

    for name in ("model.safetensors", "tokenizer.json", "config.json", "tokenizer_config.json"):
        again = (tmp_path / "again" / "out" / "model" / name).read_bytes()
        assert (trained / "out" / "model" / name).read_bytes() == again, name
    assert small.losses(trained) == small.losses(tmp_path / "again")
    assert small.weights(trained) != small.weights(tmp_path / "other")


def test_base_is_tuned_with_its_own_tokenizer(trained: Path, tmp_path: Path) -> None:
    base = trained / "out" / "model"
    small.train(tmp_path, small.SIX_MORE, base=base, examples=[small.example("Wholly new words", "grüezi")])

    tuned = tmp_path / "out" / "model"
    assert (base / "tokenizer.json").read_bytes() == (tuned / "tokenizer.json").read_bytes()
    assert small.weights(trained) != small.weights(tmp_path)
    assert small.losses(tmp_path)[-1]["loss"] < small.losses(tmp_path)[0]["loss"]


def test_nothing_is_printed_or_written_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")

    small.train(tmp_path / "there")

    assert small.files(tmp_path / "here") == []
    assert tuple(capfd.readouterr()) == ("", "")


def test_adapters_are_merged_and_change_only_their_layers(trained: Path, tmp_path: Path) -> None:
    from safetensors.numpy import load_file

    lora = Lora(rank=4, alpha=8, dropout=0.05, targets=("q_proj", "v_proj"))
    metrics = small.train(
        tmp_path, small.SIX_MORE.model_copy(update={"lora": lora}), base=trained / "out" / "model"
    )

    before = load_file(trained / "out" / "model" / "model.safetensors")
    after = load_file(tmp_path / "out" / "model" / "model.safetensors")
    changed = {name for name in before if (before[name] != after[name]).any()}
    assert before.keys() == after.keys()
    assert {f"model.layers.0.self_attn.{name}_proj.weight" for name in "qv"} == changed
    assert metrics["parameters"] == sum(array.size for array in before.values())


def test_adapters_for_missing_layers_are_an_error(trained: Path, tmp_path: Path) -> None:
    recipe = small.SIX_MORE.model_copy(update={"lora": Lora(rank=4, alpha=8, targets=("c_attn",))})
    with pytest.raises(DataError, match="lora.targets do not fit"):
        small.train(tmp_path, recipe, base=trained / "out" / "model")


@pytest.mark.parametrize("packing", ["bfd", "wrapped"])
def test_packed_training_learns_and_is_reproducible(packing: str, trained: Path, tmp_path: Path) -> None:
    recipe = small.SIX_MORE.model_copy(update={"packing": packing, "batch_size": 2, "accumulation": 2})
    for name in ("one", "two"):
        small.train(tmp_path / name, recipe, base=trained / "out" / "model")
    assert small.weights(tmp_path / "one") == small.weights(tmp_path / "two")
    assert small.losses(tmp_path / "one")[-1]["loss"] < small.losses(tmp_path / "one")[0]["loss"]


def test_accumulated_batches_equal_one_large_batch(trained: Path, tmp_path: Path) -> None:
    parts = small.SIX_MORE.model_copy(update={"batch_size": 2, "accumulation": 4})
    for name, recipe in (("one", small.SIX_MORE.model_copy(update={"batch_size": 8})), ("parts", parts)):
        small.train(tmp_path / name, recipe, base=trained / "out" / "model")
    one, accumulated = ([row["loss"] for row in small.losses(tmp_path / name)] for name in ("one", "parts"))
    assert one == pytest.approx(accumulated, rel=1e-4)


def test_epochs_become_steps(tmp_path: Path) -> None:
    recipe = small.RECIPE.model_copy(update={"steps": None, "epochs": 0.5})
    assert small.train(tmp_path, recipe)["steps"] == 3


def test_loss_that_is_not_finite_stops_the_run(tmp_path: Path) -> None:
    wild = small.RECIPE.model_copy(update={"learning_rate": 1e38, "warmup": 0.0, "gradient_clip": 0.0})
    with pytest.raises(DataError, match=r"not finite at step \d+; lower the recipe's learning_rate"):
        small.train(tmp_path, wild)


def test_missing_examples_model_or_architecture_are_errors(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no example to learn from"):
        small.train(tmp_path, examples=[])
    with pytest.raises(DataError, match=r"nowhere: transformers cannot load its tokenizer"):
        small.train(tmp_path, base=tmp_path / "nowhere")
    with pytest.raises(DataError, match="the recipe has no architecture"):
        small.train(tmp_path, small.SIX_MORE)


def test_half_precision_and_activation_checkpointing(trained: Path, tmp_path: Path) -> None:
    from safetensors import safe_open

    base = trained / "out" / "model"
    again = small.SIX_MORE.model_copy(update={"activation_checkpointing": True})
    half = small.SIX_MORE.model_copy(update={"precision": "bfloat16"})
    for name, recipe in (("plain", small.SIX_MORE), ("again", again), ("half", half)):
        small.train(tmp_path / name, recipe, base=base)

    assert small.weights(tmp_path / "plain") == small.weights(tmp_path / "again")
    plain, rounded = ([row["loss"] for row in small.losses(tmp_path / name)] for name in ("plain", "half"))
    assert plain != rounded
    assert plain == pytest.approx(rounded, rel=0.05)
    with safe_open(tmp_path / "half" / "out" / "model" / "model.safetensors", framework="numpy") as file:
        assert {file.get_slice(name).get_dtype() for name in file.keys()} == {"BF16"}  # noqa: SIM118
