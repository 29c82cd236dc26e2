"""The exercises as training data: deterministic, and without the held-out ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pydantic
import pytest

from crosstune import exercises
from crosstune.languages import LANGUAGES
from crosstune.records import Example
from crosstune.sources import SOURCES

SOURCE = SOURCES.load("exercises")
TASKS = ("raw", "synthesize", "fix")


def examples(**settings: Any) -> list[Example]:
    return list(SOURCE.examples(SOURCE.settings(**settings), Path("unused"), lambda _done, _total: None))


@pytest.mark.parametrize("name", exercises.languages())
def test_no_example_contains_a_held_out_function(name: str) -> None:
    language = LANGUAGES.load(name)
    held = [exercises.function(language, each) for each in exercises.exercises(held_out=True)]
    wrong = [exercises.function(language, each, wrong=True) for each in exercises.exercises(held_out=True)]
    for example in examples(cells={name: TASKS}):
        text = f"{example.prompt}\n{example.completion}"
        assert not [each for each in (*held, *wrong) if each in text]


def test_cells_determine_languages_and_tasks() -> None:
    made = examples(cells={"python": ["synthesize", "fix"], "javascript": ["raw"]}, variants=3)
    counts: dict[tuple[str, str], int] = {}
    for each in made:
        counts[each.language, each.task] = counts.get((each.language, each.task), 0) + 1
    assert counts == {("python", "synthesize"): 510, ("python", "fix"): 510, ("javascript", "raw"): 1530}
    assert len({each.id for each in made}) == len(made)
    assert all((each.task == "raw") == (each.prompt == "") for each in made)


def test_the_same_settings_give_the_same_examples() -> None:
    cells: dict[str, Sequence[str]] = {"python": ["raw"]}
    assert examples(cells=cells) == examples(cells=cells)
    assert examples(cells=cells) != examples(cells=cells, seed=1)


def test_most_raw_documents_have_a_comment_and_some_a_title() -> None:
    texts = [each.completion for each in examples(cells={"python": ["raw"]}, variants=4)]
    comments = [text.count("# ") for text in texts]
    assert len(texts) == 2040
    shares = [comments.count(number) / len(texts) for number in (0, 1, 2)]
    assert shares == pytest.approx([0.25, 0.45, 0.30], abs=0.04)


def test_the_instruction_is_the_benchmark_s() -> None:
    python = LANGUAGES.load("python")
    example = examples(cells={"python": ["fix"]})[0]
    exercise = exercises.exercises(held_out=False)[0]
    assert example.prompt == exercises.instruction(python, exercise, "fix")
    assert example.completion == exercises.function(python, exercise)


def test_a_language_without_exercises_is_refused() -> None:
    with pytest.raises(pydantic.ValidationError, match=r"no exercises in 'pyton'.*did you mean 'python'"):
        SOURCE.settings.model_validate({"cells": {"pyton": ["raw"]}})
