"""DPO: the model learns to prefer one completion to another."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from crosstune.errors import DataError
from crosstune.tuning import Dpo, Lora
from tests.tuning import small

DPO = small.SIX_MORE.model_copy(update={"dpo": Dpo(beta=0.3)})


def pair(prompt: str, preferred: str, rejected: str) -> Any:
    return dataclasses.replace(small.example(prompt, preferred), provenance={"rejected": rejected})


PAIRS = [pair(f"Write {word}.", f"def {word}(x):", "no") for word in small.WORDS]


@pytest.mark.parametrize("lora", [None, Lora(rank=4, alpha=8, targets=("q_proj", "v_proj"))])
def test_preferred_completions_become_more_likely(lora: Lora | None, trained: Path, tmp_path: Path) -> None:
    recipe = DPO.model_copy(update={"lora": lora, "steps": 20})
    small.train(tmp_path, recipe, base=trained / "out" / "model", examples=PAIRS)
    losses = [row["loss"] for row in small.losses(tmp_path)]
    assert losses[0] == pytest.approx(0.6931, abs=1e-3)  # the base as its own reference: log 2
    assert losses[-1] < 0.67


def test_loss_is_that_of_the_paper(trained: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM

    from crosstune.tuning import _losses
    from crosstune.tuning._rows import Row

    network = AutoModelForCausalLM.from_pretrained(trained / "out" / "model")
    rows = [Row([1, 2, 3, 4], 2, [1, 2, 9]), Row([5, 6], 1, [5, 7, 8, 9])]
    references = [0.25, -0.5]
    batch = _losses.preferences(list(zip(rows, references, strict=True)), filler=0)

    def log_probability(ids: list[int], start: int) -> float:
        with torch.inference_mode():
            logs = network(input_ids=torch.tensor([ids])).logits[0].log_softmax(-1)
        return float(sum(logs[at - 1, ids[at]] for at in range(start, len(ids))))

    expected = 0.0
    for row, reference in zip(rows, references, strict=True):
        wins, loses = (log_probability(ids, row.prompt_length) for ids in (row.ids, row.rejected))
        expected -= float(torch.nn.functional.logsigmoid(torch.tensor(0.3 * (wins - loses - reference)))) / 2
    with torch.inference_mode():
        assert float(_losses.preference_loss(network, batch, 0.3)) == pytest.approx(expected, rel=1e-5)


def test_accumulated_pairs_equal_one_large_batch(trained: Path, tmp_path: Path) -> None:
    sizes = {"one": {"batch_size": 8}, "parts": {"batch_size": 2, "accumulation": 4}}
    for name, size in sizes.items():
        recipe = DPO.model_copy(update={"steps": 3, **size})
        small.train(tmp_path / name, recipe, base=trained / "out" / "model", examples=PAIRS)
    one, parts = ([row["loss"] for row in small.losses(tmp_path / name)] for name in sizes)
    assert one == pytest.approx(parts, rel=1e-4)


@pytest.mark.parametrize(
    "example",
    [small.example("Ask", "yes"), pair("Ask", "yes", "yes"), pair("Ask", "yes", ""), pair("", "yes", "no")],
)
def test_row_without_a_preference_is_named(example: Any, trained: Path, tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match=rf"example '{example.id}': .*'rejected' in provenance".replace("|", r"\|")
    ):
        small.train(tmp_path, DPO, base=trained / "out" / "model", examples=[example])


def test_learned_positions_give_the_models_own_loss(trained: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM

    from crosstune.tuning import _losses
    from crosstune.tuning._collate import padded
    from crosstune.tuning._rows import IGNORED, Row

    network = AutoModelForCausalLM.from_pretrained(trained / "out" / "model")
    batch = padded([Row([1, 2, 3, 4], 2), Row([5, 6], 1), Row([7, 8, 9], 0)], 0)
    kept = _losses.next_tokens(batch["labels"]) != IGNORED
    with _losses.output_at(network, kept):
        outputs = network(input_ids=batch["input_ids"])
    assert (int(kept.sum()), network.config.vocab_size) == tuple(outputs.logits.shape)
    loss = _losses.learned_loss(outputs, batch["labels"])
    loss.backward()  # type: ignore[no-untyped-call]
    found = network.model.embed_tokens.weight.grad.clone()
    network.zero_grad()
    own = network(**batch).loss
    own.backward()
    assert loss.item() == pytest.approx(own.item(), rel=1e-5)
    assert torch.allclose(found, network.model.embed_tokens.weight.grad, atol=1e-6)
