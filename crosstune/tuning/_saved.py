"""Examine a saved model: its weights, where it stops, and whether it computes what the trained one does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from crosstune.errors import DataError, GateFailed
from crosstune.tuning import _base, _ends, _model
from crosstune.tuning._recipe import Recipe
from crosstune.tuning._rows import Row

ROWS, TOKENS = 2, 64
"""The compared text: enough for every layer to matter, and small beside a training step."""
TOLERANCE = {"float32": 1e-3, "bfloat16": 0.1, "float16": 0.1}
"""The largest difference of the logits (root mean square), as a fraction of their standard deviation. Merging
and rounding a correct model gives about 1e-6 in float32 and 0.01 in bfloat16; a ruined one, 1 and more."""


@dataclass(frozen=True)
class Reference:
    """What the trained model computes for ``texts``."""

    texts: Sequence[Sequence[int]]
    logits: Sequence[torch.Tensor]


@dataclass(frozen=True)
class SavedModel:
    """``difference`` of the logits, see `TOLERANCE`; ``tensors`` were compared; it stops at ``ends``."""

    difference: float
    tensors: int
    ends: Sequence[int]


def reference(network: Any, rows: Sequence[Row], recipe: Recipe) -> Reference:
    """Record what the trained ``network`` computes, before adapters are merged and weights are rounded."""
    texts = [row.ids[-TOKENS:] for row in sorted(rows, key=lambda row: -len(row.ids))[:ROWS]]
    return Reference(texts, _logits(network, texts, recipe))


def _logits(network: Any, texts: Sequence[Sequence[int]], recipe: Recipe) -> list[torch.Tensor]:
    device = next(network.parameters()).device
    was_training = network.training
    network.eval()
    with torch.no_grad(), _model.autocast(recipe):
        logits = [network(input_ids=torch.tensor([text], device=device)).logits[0] for text in texts]
    network.train(was_training)
    return [each.float().cpu() for each in logits]


def examine(
    folder: Path, recipe: Recipe, expected: Reference, *, ends: Sequence[int], written: Any, state: Any = None
) -> SavedModel:
    """Load the model in ``folder`` as others would, and compare it with the trained one.

    ``written`` is the model that was saved, ``state`` its weights if it holds only a part of them.

    Raises:
        GateFailed: the folder does not hold the trained model.
    """
    tokenizer, network, settings = _load(folder, recipe)
    problems = [
        *_ends_problems(tokenizer, network.config, settings, ends),
        *_weight_problems(network, written, state),
    ]
    network = network.to(recipe.device)
    difference = _difference(expected.logits, _logits(network, expected.texts, recipe))
    if not difference <= TOLERANCE[recipe.precision]:
        problems.append(
            f"its logits differ from the trained model's by {difference:.2g} standard deviations "
            f"(at most {TOLERANCE[recipe.precision]:g})"
        )
    if problems:
        raise GateFailed(
            f"the saved model is not the trained one, and is left in {folder}: {'; '.join(problems)}"
        )
    return SavedModel(difference, len(network.state_dict()), ends)


def _load(folder: Path, recipe: Recipe) -> tuple[Any, Any, Any]:
    from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig

    trusted = {"trust_remote_code": recipe.trust_remote_code}
    try:
        tokenizer = AutoTokenizer.from_pretrained(str(folder), **trusted)
        network, info = AutoModelForCausalLM.from_pretrained(
            str(folder),
            dtype=getattr(torch, recipe.precision),
            attn_implementation=recipe.attention,
            ignore_mismatched_sizes=True,
            output_loading_info=True,
            **trusted,
        )
        _base.check_weights(folder, network, info, tokenizer)
        return tokenizer, network, GenerationConfig.from_pretrained(str(folder))
    except DataError as error:
        raise GateFailed(f"the saved model is damaged, and is left in {folder}: {error}") from error
    except Exception as error:
        raise GateFailed(f"the saved model in {folder} cannot be loaded again: {error}") from error


def _ends_problems(tokenizer: Any, config: Any, settings: Any, ends: Sequence[int]) -> Iterator[str]:
    for name, value in (
        ("generation_config.json", settings.eos_token_id),
        ("config.json", config.eos_token_id),
    ):
        if missing := set(ends) - set(_ends.ids(value)):
            names = ", ".join(map(repr, tokenizer.convert_ids_to_tokens(sorted(missing))))
            yield f"{name} does not stop at {names} (eos_token_id: {value})"
    if tokenizer.eos_token_id not in ends:
        yield f"the tokenizer's eos_token {tokenizer.eos_token!r} is none of the ends {list(ends)}"


def _weight_problems(network: Any, written: Any, state: Any) -> Iterator[str]:
    if set(_base.shared_weights(network)) != set(_base.shared_weights(written)):
        yield "other weights are tied than in the trained model"
    loaded, trained = network.state_dict(), written.state_dict() if state is None else state
    if different := _different(loaded, trained):
        names = ", ".join(different[:3])
        yield f"{len(different)} tensors are not those of the trained model: {names}"


def _different(loaded: Any, trained: Any) -> list[str]:
    def equal(name: str) -> bool:
        one, other = loaded.get(name), trained.get(name)
        return one is not None and other is not None and torch.equal(one, other.to(one.device, one.dtype))

    return sorted(name for name in loaded.keys() | trained.keys() if not equal(name))


def _difference(expected: Iterable[torch.Tensor], found: Iterable[torch.Tensor]) -> float:
    one, other = torch.cat(list(expected)), torch.cat(list(found))
    spread = one.std().clamp_min(torch.finfo(one.dtype).tiny)
    return float((one - other).square().mean().sqrt() / spread)
