"""A recipe and examples so small that training takes one second."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from crosstune.prompts import PROMPTS
from crosstune.records import Example
from crosstune.tuning import Architecture, Recipe, tune

SHAPE = Architecture(
    vocabulary=300, hidden=32, inner=64, layers=1, heads=2, positions=128, initializer_range=0.12
)
RECIPE = Recipe(
    architecture=SHAPE, max_length=64, steps=12, batch_size=4, learning_rate=1e-2, warmup=0.1, beta2=0.99
)
SIX_MORE = RECIPE.model_copy(update={"architecture": None, "steps": 6, "learning_rate": 1e-3})
"""Tunes a base."""
WORDS = ("plus", "minus", "times", "below", "above", "floor", "cap", "gap")


def example(prompt: str, completion: str) -> Example:
    return Example(
        id=f"{prompt}|{completion}",
        prompt=prompt,
        completion=completion,
        language="python",
        task="raw" if not prompt else "synthesize",
        source="test",
    )


def examples(count: int = 24) -> list[Example]:
    """Functions, every other one with an instruction."""
    made = []
    for number in range(count):
        word = WORDS[number % len(WORDS)]
        code = f"def {word}(x):\n    return x + {number}\n"
        made.append(example(f"Write {word}." if number % 2 else "", code))
    return made


def train(folder: Path, recipe: Recipe = RECIPE, **given: Any) -> Mapping[str, Any]:
    """Train into ``folder/out`` with the work folder ``folder/work``."""
    out = folder / "out"
    out.mkdir(parents=True, exist_ok=True)
    options = {
        "base": None,
        "examples": examples(),
        "prompt": PROMPTS.load("plain"),
        "seed": 0,
        "progress": lambda _done, _total: None,
    } | given
    return tune(recipe=recipe, out=out, work=folder / "work", **options)


def losses(folder: Path) -> list[Mapping[str, float]]:
    return [json.loads(line) for line in (folder / "out" / "losses.jsonl").read_text().splitlines()]


def weights(folder: Path) -> bytes:
    return (folder / "out" / "model" / "model.safetensors").read_bytes()


def files(folder: Path) -> Sequence[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))
