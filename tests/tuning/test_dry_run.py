"""A dry run estimates memory and measures time, and writes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crosstune import hardware
from crosstune.errors import PrerequisiteError
from crosstune.prompts import PROMPTS
from crosstune.tuning import DryRun, Lora, _dry_run, check_fits, dry_run
from crosstune.tuning._needs import Memory
from tests.tuning import families, small


def measure(work: Path, recipe: Any = small.SIX_MORE, **given: Any) -> DryRun:
    options = {"base": None, "examples": small.examples(), "prompt": PROMPTS.load("plain"), "seed": 0} | given
    return dry_run(recipe=recipe, work=work, **options)


def test_numbers_are_those_of_the_training(trained: Path, tmp_path: Path) -> None:
    base = trained / "out" / "model"
    found = measure(tmp_path / "work", base=base)
    metrics = small.train(tmp_path, small.SIX_MORE, base=base)
    assert (metrics["examples"], metrics["steps"]) == (found.rows, found.steps)
    assert metrics["parameters"] == found.estimate.parameters == found.estimate.trained
    memory = found.estimate.memory
    assert (4 * found.estimate.trained, 8 * found.estimate.trained) == (memory.gradients, memory.optimizer)
    assert metrics["tokens"] == found.tokens  # six steps of four rows use each of the 24 rows once
    assert 0 < found.padding < 0.3
    assert found.fits
    assert found.seconds is not None
    assert found.seconds > 0
    assert not (tmp_path / "work" / "model").exists()


def test_activations_grow_with_the_batch_and_shrink_with_checkpointing(tmp_path: Path) -> None:
    base = families.make("qwen2", tmp_path / "base")
    changes: dict[str, dict[str, Any]] = {
        "four": {},
        "eight": {"batch_size": 8},
        "again": {"activation_checkpointing": True},
    }
    found = {
        name: measure(
            tmp_path / name, small.SIX_MORE.model_copy(update=each), base=base
        ).estimate.memory.activations
        for name, each in changes.items()
    }
    assert found["four"] is not None
    assert found["eight"] is not None
    assert found["again"] is not None
    assert 1.5 * found["four"] < found["eight"] < 2.5 * found["four"]
    assert found["again"] < found["four"]


@pytest.mark.parametrize("name", families.FAMILIES)
def test_activations_of_all_families_are_known(name: str, tmp_path: Path) -> None:
    base = families.make(name, tmp_path / "base")
    lora = Lora(rank=4, alpha=8, targets="all-linear")
    changes = {"steps": 1, "lora": lora, "attention": families.FAMILIES[name].attention}
    recipe = small.SIX_MORE.model_copy(update=changes)
    found = measure(tmp_path / "work", recipe, base=base).estimate
    assert found.memory.activations
    assert 0 < found.trained < found.parameters


def test_estimate_is_near_what_a_step_keeps(trained: Path, tmp_path: Path) -> None:
    """Against the tensors that a real forward pass keeps."""
    import torch
    from transformers import AutoModelForCausalLM

    found = measure(tmp_path, small.SIX_MORE.model_copy(update={"steps": 1}), base=trained / "out" / "model")
    network = AutoModelForCausalLM.from_pretrained(trained / "out" / "model")
    network.config.use_cache = False
    weights = {weight.untyped_storage().data_ptr() for weight in network.parameters()}
    kept: dict[int, Any] = {}

    def keep(tensor: Any) -> Any:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in weights:
            kept[storage.data_ptr()] = storage
        return tensor

    ids = torch.zeros((4, 30), dtype=torch.long)
    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        network(input_ids=ids, labels=ids)
    real = sum(storage.nbytes() for storage in kept.values())
    assert found.estimate.memory.activations is not None
    assert 0.4 * real < found.estimate.memory.activations < 2.5 * real


def test_what_cannot_fit_is_not_started(
    trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hardware, "memory_bytes", lambda: hardware.GIB)
    base = trained / "out" / "model"
    found = measure(tmp_path / "dry", base=base)
    assert not found.fits
    assert found.seconds is None
    # The process alone takes this GiB; the rest does not fit.
    with pytest.raises(PrerequisiteError, match=r"1\.00 GiB \(weights 0\.00, .*batch_size.*recipe lora"):
        small.train(tmp_path, small.SIX_MORE, base=base)
    assert not (tmp_path / "out" / "model").exists()


def test_remedies_are_those_that_the_recipe_has_left() -> None:
    recipe = small.SIX_MORE.model_copy(
        update={
            "batch_size": 1,
            "activation_checkpointing": True,
            "lora": Lora(rank=4, alpha=8, targets="all-linear"),
            "device": "cuda",
        }
    )
    memory = Memory(3 * hardware.GIB, hardware.GIB, 2 * hardware.GIB, None)
    with pytest.raises(PrerequisiteError) as caught:
        check_fits(memory, 6 * hardware.GIB, recipe)
    message = str(caught.value)
    assert "needs 7.00 GiB (weights 3.00, gradients 1.00, optimizer 2.00, activations 0.00," in message
    assert "and each GPU has 6.00; lower max_length (64); or use a smaller model" in message
    check_fits(memory, 7 * hardware.GIB, recipe)


def test_a_training_says_that_its_memory_was_not_checked(
    trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: Any) -> None:
        raise NotImplementedError("needs values")

    monkeypatch.setattr(_dry_run, "_estimate", fails)
    small.train(tmp_path, small.SIX_MORE, base=trained / "out" / "model")
    assert "memory: not checked before training" in (said := capfd.readouterr().err)
    assert "NotImplementedError: needs values" in said
    assert (tmp_path / "out" / "model").is_dir()
