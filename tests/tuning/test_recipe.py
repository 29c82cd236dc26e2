"""Recipes are read and checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from crosstune.errors import SettingsError, UnknownName
from crosstune.tuning import Recipe, load_recipe, recipe_names
from crosstune.tuning._recipe import SHIPPED

NAMES = (
    "codem-15b",
    "codem-7b",
    "dpo",
    "lora",
    "lora-small",
    "octocoder",
    "octogeex",
    "qlora",
    "sft",
    "tiny-base",
    "tiny-octopack",
    "tiny-tune",
)
GOOD = "max_length: 64\nsteps: 5\nbatch_size: 2\nlearning_rate: 1.0e-3\n"


def test_every_shipped_recipe_loads() -> None:
    assert recipe_names() == NAMES
    assert len(NAMES) == len(list(SHIPPED.iterdir()))
    loaded = {name: load_recipe(name, Path()) for name in NAMES}
    assert {"tiny-base"} == {name for name, recipe in loaded.items() if recipe.architecture}


def test_recipes_have_the_published_numbers() -> None:
    octocoder, octogeex, codem = (load_recipe(n, Path()) for n in ("octocoder", "octogeex", "codem-7b"))
    assert octocoder.lora is not None
    assert (octocoder.lora.rank, octocoder.lora.alpha, octocoder.lora.dropout) == (16, 32, 0.05)
    assert (
        octocoder.steps,
        octocoder.batch_size,
        octocoder.accumulation,
        octocoder.base_bits,
    ) == (1000, 1, 4, 8)
    assert octogeex.batch_size * octogeex.accumulation * octogeex.devices == 48
    assert (codem.batch_size, codem.accumulation, codem.learning_rate, codem.warmup) == (2, 4, 2e-5, 30)


def test_unknown_recipe_suggests_the_nearest_name() -> None:
    with pytest.raises(UnknownName, match="unknown recipe 'tiny-bose'.*did you mean 'tiny-base'?"):
        load_recipe("tiny-bose", Path())


def test_file_is_relative_to_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own.yaml").write_text(GOOD)
    assert load_recipe("own.yaml", tmp_path).steps == 5
    assert load_recipe("./own.yaml", tmp_path).steps == 5
    monkeypatch.setenv("RECIPES", str(tmp_path))
    assert load_recipe("${RECIPES}/own.yaml", Path("/")).steps == 5
    monkeypatch.delenv("RECIPES")
    with pytest.raises(SettingsError, match="the environment variable RECIPES is not set"):
        load_recipe("${RECIPES}/own.yaml", Path("/"))
    with pytest.raises(SettingsError, match=r"none\.yaml: no such file"):
        load_recipe("none.yaml", tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD + "epocs: 3\n", r"own\.yaml:5: epocs: unknown key; .*did you mean 'epochs'"),
        (GOOD + "epochs: 3\n", "expected either 'steps' or 'epochs'"),
        (GOOD.replace("steps: 5\n", ""), "expected either 'steps' or 'epochs'"),
        (GOOD + "base_bits: 8\n", "add 'lora'"),
        (GOOD + "base_bits: 7\n", r"own\.yaml:5: base_bits: "),
        (GOOD.replace("64", "-1"), r"own\.yaml:1: max_length: Input should be greater than 1"),
        (GOOD + "deepspeed: {}\n", "deepspeed: needs 'device: cuda'"),
        (
            GOOD
            + "architecture: {vocabulary: 300, hidden: 8, inner: 8, layers: 1, heads: 1, positions: 32}\n",
            "max_length: longer than the architecture's 'positions'",
        ),
        (
            GOOD
            + "architecture: {vocabulary: 300, hidden: 9, inner: 8, layers: 1, heads: 2, positions: 64}\n",
            "hidden: must be a multiple",
        ),
    ],
)
def test_invalid_recipe_names_its_line(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(text)
    with pytest.raises(SettingsError, match=message):
        load_recipe("own.yaml", tmp_path)


def test_fields_have_help_unless_the_name_says_it() -> None:
    plain = {"device", "attention", "schedule", "weight_decay", "beta1", "beta2"}
    assert plain == {name for name, field in Recipe.model_fields.items() if not field.description}
