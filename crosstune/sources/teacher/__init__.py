"""Instructions that a teacher model makes out of Python ones, for one language, and answers.

CodeM's way (arXiv 2308.16824): one step of evolution from each Python seed, in depth for languages
that are run, in breadth for those that are never run (HTML); then the same teacher's answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import pydantic

from crosstune.errors import ServiceError, UnknownName
from crosstune.languages import LANGUAGES, Language
from crosstune.llm import Client, Server, server_requirements
from crosstune.records import Example, Progress, Requirement
from crosstune.settings import InputPath, Settings
from crosstune.sources._seeds import read_seeds
from crosstune.sources._source import Source
from crosstune.sources.teacher._draws import Maker, Plan


class TeacherSettings(Settings):
    seeds: InputPath
    """The seed instructions: rows with `instruction`, `input`, `output` as CodeAlpaca has them, in a
    .json, .jsonl or .parquet file, the first two also with .gz."""
    language: str
    """The language of the new exercises."""
    model: str
    """The teacher, as the server names it."""
    server: Server = pydantic.Field(exclude=True)
    """Where the teacher is asked, how, and what it may cost. It says nothing about what is asked, so
    it is no part of what identifies the corpus."""
    count: int = pydantic.Field(9000, ge=1)
    """Pairs wanted. There are fewer when all seeds have been tried `turns` times before."""
    select: Literal["python", "all"] = "python"
    """Which rows of the seeds are used: those about Python, or all."""
    evolution: Literal["depth", "breadth"] | None = None
    """A harder form of the seed, or a new exercise; by default depth where the language is run."""
    steps: int = pydantic.Field(1, ge=1)
    """How often an exercise is evolved on from its own result: 1 in CodeM, more in WizardCoder."""
    turns: int = pydantic.Field(3, ge=1)
    """How often one seed is tried, each time with another kind of change."""
    judge: bool = True
    """Ask the teacher whether the new exercise adds anything, and drop it where not."""
    temperature: float = pydantic.Field(0.7, ge=0)
    """Of new exercises and of answers. The judge is asked at 0."""
    top_p: float = pydantic.Field(1.0, gt=0, le=1)
    """Of new exercises and of answers."""
    max_instruction_tokens: int = pydantic.Field(1024, ge=16)
    """An exercise that is longer is dropped."""
    max_answer_tokens: int = pydantic.Field(2048, ge=16)
    """An answer that is longer is dropped: half a program is nothing to learn from."""
    options: dict[str, Any] = {}
    """Further fields of each request's body, for what one server understands and others don't."""
    seed: int = 0
    """Decides the order of the seeds and the kinds of change."""

    @pydantic.field_validator("language")
    @classmethod
    def _known_language(cls, name: str) -> str:
        try:
            LANGUAGES.load(name)
        except UnknownName as error:
            raise ValueError(str(error)) from None
        return name


def _examples(settings: TeacherSettings, work: Path, progress: Progress) -> Iterator[Example]:
    """Yields in the order of the draws.

    Raises:
        DataError: the seeds can't be read, or there is none among them.
        Incomplete: the budget is spent, or questions stayed unanswered; a later run asks only those.
        ServiceError: the server is down, refuses everything, or gave nothing of use.
    """
    language = LANGUAGES.load(settings.language)
    seeds = read_seeds(settings.seeds, python_only=settings.select == "python")
    plan = Plan(
        language=language,
        origin=LANGUAGES.load("python").title,
        breadth=in_breadth(settings.evolution, language),
        model=settings.model,
        count=settings.count,
        steps=settings.steps,
        turns=settings.turns,
        judge=settings.judge,
        temperature=settings.temperature,
        top_p=settings.top_p,
        max_instruction_tokens=settings.max_instruction_tokens,
        max_answer_tokens=settings.max_answer_tokens,
        seed=settings.seed,
        chunk=16 * settings.server.concurrency,
    )
    folder = settings.server.keep or work
    with Client(settings.server, settings.model, options=settings.options, folder=folder) as client:
        maker = Maker(plan, client)
        try:
            yield from maker.examples(seeds, progress)
        finally:
            _report(work / "report.json", maker, client, len(seeds))
    if not maker.accepted:
        reasons = ", ".join(f"{reason} ({count})" for reason, count in maker.failed.most_common())
        raise ServiceError(f"{settings.model} at {settings.server.url} gave nothing of use: {reasons}")


def in_breadth(evolution: Literal["depth", "breadth"] | None, language: Language) -> bool:
    """What is never run can't be made harder step by step: a page has no inputs and no complexity."""
    return not language.tools if evolution is None else evolution == "breadth"


def _report(path: Path, maker: Maker, client: Client, seeds: int) -> None:
    rows = {
        "seeds": seeds,
        "draws": maker.drawn,
        "pairs": maker.accepted,
        "failed": dict(maker.failed.most_common()),
        "unanswered": dict(maker.unanswered.most_common()),
        "operations": dict(maker.operations.most_common()),
        "used": client.report,
    }
    path.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _requirements(settings: TeacherSettings) -> Sequence[Requirement]:
    seeds = Requirement(
        f"the seed instructions {settings.seeds}",
        settings.seeds.is_file(),
        "put the file there, or correct `seeds`",
    )
    return [seeds, *server_requirements(settings.server, settings.model)]


SOURCE = Source(
    name="teacher", version=1, settings=TeacherSettings, examples=_examples, requirements=_requirements
)
