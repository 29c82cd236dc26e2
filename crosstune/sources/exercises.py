"""The built-in exercises as training data: instructions, and raw text as in source files."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator

from crosstune import exercises
from crosstune.errors import suggestion
from crosstune.languages import LANGUAGES, Language
from crosstune.records import Example, Progress, Requirement
from crosstune.settings import Settings
from crosstune.sources._source import Source

RAW = "raw"
"""The task of documents without an instruction: functions as in a source file."""
BARE = 0.25
"""Share of raw documents without any comment."""
TITLED = 0.4
"""Share of the commented documents with a title above the comment."""
TITLES = ("{t} function {f}", "part {k}", "{f} in {t}", "see {f}", "note {k}: {f}", "version {k}")


class ExercisesSettings(Settings):
    cells: dict[str, tuple[Literal["raw", "synthesize", "fix", "explain"], ...]] = Field(min_length=1)
    """The tasks of each language: `synthesize`, `fix`, `explain`, or `raw` for documents without an
    instruction."""
    variants: int = Field(default=2, ge=1)
    """Raw documents per function; they differ in the comment and title above it."""
    seed: int = 0
    """Seed for the comments and titles of raw documents."""

    @field_validator("cells")
    @classmethod
    def _known_languages(cls, cells: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        for language in cells:
            if language not in exercises.languages():
                raise ValueError(
                    f"no exercises in {language!r}; {suggestion(language, exercises.languages())}"
                )
        return cells


def _examples(settings: ExercisesSettings, work: Path, progress: Progress) -> Iterator[Example]:  # noqa: ARG001 (the protocol's)
    cells = [(language, task) for language, tasks in settings.cells.items() for task in tasks]
    for done, (language, task) in enumerate(cells, 1):
        loaded = LANGUAGES.load(language)
        for exercise in exercises.exercises(held_out=False):
            if task == RAW:
                yield from _documents(settings, loaded, exercise)
            else:
                yield _instruction(loaded, exercise, task)
        progress(done, len(cells))


def _instruction(language: Language, exercise: exercises.Exercise, task: str) -> Example:
    return Example(
        id=f"{language.name}/{task}/{exercise.name}",
        prompt=exercises.instruction(language, exercise, task),
        completion=exercises.explanation(exercise)
        if task == "explain"
        else exercises.function(language, exercise),
        language=language.name,
        task=task,
        source=SOURCE.name,
    )


def _documents(
    settings: ExercisesSettings, language: Language, exercise: exercises.Exercise
) -> Iterator[Example]:
    for variant in range(settings.variants):
        name = f"{language.name}/{RAW}/{exercise.name}/{variant}"
        rng = random.Random(f"{settings.seed} {name}")
        yield Example(
            id=name,
            prompt="",
            completion=_document(language, exercise, rng),
            language=language.name,
            task=RAW,
            source=SOURCE.name,
        )


def _document(language: Language, exercise: exercises.Exercise, rng: random.Random) -> str:
    """A function as in a source file: usually below a comment that says what it returns, sometimes also below
    a title. In documents without comments only the name describes it, so a model learns what names mean."""
    function = exercises.function(language, exercise)
    if rng.random() < BARE:
        return function
    lines = [language.comment(exercise.gives), function]
    if rng.random() < TITLED:
        title = rng.choice(TITLES)
        line = title.format(t=language.title, f=exercise.family.name, k=rng.randint(2, 20))
        lines.insert(0, language.comment(line))
    return "".join(lines)


def _requirements(settings: ExercisesSettings) -> Sequence[Requirement]:  # noqa: ARG001 (the protocol's)
    return []


SOURCE = Source(
    name="exercises", version=1, settings=ExercisesSettings, examples=_examples, requirements=_requirements
)
