"""The settings of the source `teacher`."""

from __future__ import annotations

from typing import Any, Literal

import pydantic

from crosstune.errors import UnknownName
from crosstune.languages import LANGUAGES, Language
from crosstune.llm import Server
from crosstune.settings import InputPath, Settings


def _is_one(value: Any) -> bool:
    return bool(value == 1)


def _is_false(value: Any) -> bool:
    return not value


class TeacherSettings(Settings):
    """The fields that are excluded by default came later: without them, corpora keep their identity."""

    seeds: InputPath
    """The seed instructions: rows with `instruction`, `input`, `output` like CodeAlpaca's, in a .json,
    .jsonl or .parquet file, the first two also with .gz."""
    language: str
    """The language of the new exercises."""
    model: str
    """The teacher's name on the server."""
    server: Server = pydantic.Field(exclude=True)
    """How to reach the teacher and what it may cost. It does not affect what is requested, so it is not
    part of the corpus's identity."""
    count: int = pydantic.Field(9000, ge=1)
    """Number of examples; fewer are made if all seeds have been tried `turns` times before."""
    select: Literal["python", "all"] = "python"
    """Which seed rows to use: those about Python, or all."""
    evolution: Literal["depth", "breadth"] | None = None
    """`depth`: a harder version of the seed; `breadth`: a new exercise. Default: depth if the language is
    executed."""
    steps: int = pydantic.Field(1, ge=1)
    """How many times an exercise is evolved, each time from the last result: 1 in CodeM, more in
    WizardCoder."""
    turns: int = pydantic.Field(3, ge=1)
    """How many times one seed is tried, each time with another operation."""
    judge: bool = True
    """Ask the teacher whether the new exercise adds anything, and drop it if not."""
    answers: int = pydantic.Field(1, ge=1, exclude_if=_is_one)
    """Answers to each exercise, each an example of its own: with `tests`, `crosstune corpus prove
    --one-answer` keeps one that passes."""
    tests: bool = pydantic.Field(False, exclude_if=_is_false)
    """Ask for tests with each answer; they are in the example's provenance, not in its completion."""
    temperature: float = pydantic.Field(0.7, ge=0)
    """Sampling temperature of new exercises and answers. The judge has temperature 0."""
    top_p: float = pydantic.Field(1.0, gt=0, le=1)
    """Nucleus sampling of new exercises and answers."""
    max_instruction_tokens: int = pydantic.Field(1024, ge=16)
    """A longer exercise is dropped."""
    max_answer_tokens: int = pydantic.Field(2048, ge=16)
    """A longer answer is dropped: half a program is useless as training data."""
    max_judge_tokens: int = pydantic.Field(16, ge=1)
    """A judgement is one word; some models write a few before it."""
    reasoning_tokens: int = pydantic.Field(0, ge=0)
    """Tokens that a reasoning teacher may use in addition to each of these limits."""
    options: dict[str, Any] = {}
    """Further fields of each request's body, for features of a particular server. A field that is null is
    left out of the body: `temperature: null`."""
    seed: int = 0
    """Determines the order of the seeds and of the operations."""

    @pydantic.field_validator("language")
    @classmethod
    def _known_language(cls, name: str) -> str:
        try:
            LANGUAGES.load(name)
        except UnknownName as error:
            raise ValueError(str(error)) from None
        return name

    @pydantic.model_validator(mode="after")
    def _can_be_tested(self) -> TeacherSettings:
        if self.tests and LANGUAGES.load(self.language).judging is None:
            raise ValueError(f"tests: programs in {self.language} are never run; leave out 'tests'")
        return self


def in_breadth(evolution: Literal["depth", "breadth"] | None, language: Language) -> bool:
    """Whether to evolve in breadth; by default if the language is not executed, because a page has no inputs
    or complexity to increase."""
    return not language.tools if evolution is None else evolution == "breadth"
