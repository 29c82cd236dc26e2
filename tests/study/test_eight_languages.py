"""studies/eight-languages.yaml has every language's row and column, and runs as a whole."""

from __future__ import annotations

import copy
import json
from collections import Counter
from pathlib import Path
from typing import Any

import yaml
from typer.testing import CliRunner

from crosstune.cli._main import app
from crosstune.study import load_study, make_plan
from tests.shared import ROOT

FILE = ROOT / "studies" / "eight-languages.yaml"
LANGUAGES = {"python", "javascript", "typescript", "c", "cpp", "go", "java", "rust"}
OTHERS = {"base", "control", "mixed"}
STUDY: dict[str, Any] = yaml.safe_load(FILE.read_text())


def test_plan_has_every_languages_model_and_cell() -> None:
    study = load_study(FILE)
    assert set(study.recipes) == LANGUAGES | OTHERS
    plan = make_plan(study)
    assert Counter(step.kind.name for step in plan.steps) == {
        "corpus": 9,
        "mix": 10,
        "tune": 11 * 3,
        "generate": 11 * 3,
        "judge": 11 * 3 * 8,
    }
    asked = {
        (step.subject.model, language) for step in plan.making("judge") for language in step.subject.languages
    }
    assert asked == {(model, language) for model in LANGUAGES | OTHERS for language in LANGUAGES}


def test_corpora_differ_only_in_the_languages_of_their_tasks() -> None:
    corpora = STUDY["corpora"]
    tuned = {name: corpora[model["corpus"]] for name, model in STUDY["models"].items() if name != "base"}
    assert {corpus["size"] for corpus in tuned.values()} == {1700}
    for language in LANGUAGES:
        assert STUDY["models"][language] == {"base": "base", "corpus": language, "recipe": "tiny-tune"}
        assert tuned[language]["mix"] == {f"{language}-tasks": 0.6, "raw": 0.4}
        assert corpora[f"{language}-tasks"]["source"] == {"exercises": {"cells": {language: ["synthesize"]}}}
    assert tuned["mixed"]["mix"] == {**{f"{language}-tasks": 0.6 / 8 for language in LANGUAGES}, "raw": 0.4}
    assert tuned["control"]["mix"] == {"raw": 1}
    assert set(corpora["raw"]["source"]["exercises"]["cells"]) == LANGUAGES


def test_two_of_its_languages_run_to_the_report(tmp_path: Path, small_recipes: dict[str, str]) -> None:
    for name, text in small_recipes.items():
        (tmp_path / name).write_text(text)
    study = tmp_path / "study.yaml"
    study.write_text(yaml.safe_dump(shrunk(["python", "javascript"])))
    result = CliRunner().invoke(app, ["study", "run", str(study), "--runs", str(tmp_path / "runs")])
    assert result.exit_code == 0, result.output
    folder = tmp_path / "runs" / "eight-languages"
    scores = json.loads((folder / "results.json").read_text())["scores"]
    models = ("base", "control", "python", "javascript", "mixed")
    assert {(score["model"], score["language"]) for score in scores} == {
        (model, language) for model in models for language in ("python", "javascript")
    }
    assert {score["n"] for score in scores} == {60}
    assert (folder / "report" / "figures" / "transfer.svg").is_file()


def shrunk(languages: list[str]) -> dict[str, Any]:
    """The study with these languages, one seed, small corpora and recipes, and answers of four tokens."""
    study = copy.deepcopy(STUDY)
    left_out = LANGUAGES - set(languages)
    for language in left_out:
        del study["models"][language], study["corpora"][language], study["corpora"][f"{language}-tasks"]
        del study["corpora"]["raw"]["source"]["exercises"]["cells"][language]
        del study["corpora"]["mixed"]["mix"][f"{language}-tasks"]
    for corpus in study["corpora"].values():
        corpus["size"] = 40
    for name, model in study["models"].items():
        model["recipe"] = "./base.yaml" if name == "base" else "./tune.yaml"
    study["evaluate"][0] |= {"languages": languages, "decoding": {"max_new_tokens": 4}}
    return {**study, "seeds": [0]}
