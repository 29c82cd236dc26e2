"""The settings of the source `translate`."""

from __future__ import annotations

from typing import Any

import pydantic

from crosstune.errors import UnknownName
from crosstune.languages import LANGUAGES, Language
from crosstune.llm import Server
from crosstune.settings import InputPath, Settings


def targets() -> list[str]:
    """The languages into which rows can be translated: those whose types and calls can be written."""
    return sorted(name for name, each in LANGUAGES.all().items() if name != "python" and _is_target(each))


def _is_target(language: Language) -> bool:
    separate = language.judging.separate if language.judging else None
    return bool(language.typed and separate and separate.calls)


class RowColumns(Settings):
    """The names of the columns; null: the first of the usual names that a row has."""

    prompt: str | None = None
    """The exercise: `prompt`, `instruction`, `text`, `question` or `problem`."""
    code: str | None = None
    """The Python code, alone or in a Markdown answer: `completion`, `code`, `output`, `response`, `solution`
    or `answer`."""
    tests: str | None = None
    """Assertions, as one text or a list: `tests`, `test_list`, `test` or `unit_tests`; also within the column
    `provenance`."""
    setup: str | None = None
    """Statements before the assertions: `test_setup_code` or `test_imports`."""


class TranslateSettings(Settings):
    rows: InputPath
    """Python rows with tests: a corpus folder, or a .json, .jsonl or .parquet file, the first two also with
    .gz."""
    language: str
    """The language to translate into."""
    model: str
    """The teacher's name on the server."""
    server: Server = pydantic.Field(exclude=True)
    """How to reach the teacher and what it may cost. It does not affect what is requested, so it is not
    part of the corpus's identity."""
    columns: RowColumns = RowColumns()
    limit: int | None = pydantic.Field(None, ge=1)
    """Use only the first rows, so many."""
    answers: int = pydantic.Field(1, ge=1)
    """Translations of one row at most: the next one is asked for where the last one does not pass."""
    least_tests: int = pydantic.Field(1, ge=1)
    """Rows with fewer translated assertions are dropped."""
    mutants: int = pydantic.Field(6, ge=0)
    """Mutants of each translation that passes: one operator, constant or bound is changed. 0: none, and
    weak tests prove as much as others."""
    killed: float = pydantic.Field(0.5, gt=0, le=1)
    """The share of the mutants that run which the tests must find wrong. Not all, because some mutants
    compute the same."""
    temperature: float = pydantic.Field(0.7, ge=0)
    """Sampling temperature of the translations."""
    top_p: float = pydantic.Field(1.0, gt=0, le=1)
    """Nucleus sampling of the translations."""
    max_answer_tokens: int = pydantic.Field(2048, ge=16)
    """A longer answer is not used: half a program is useless."""
    reasoning_tokens: int = pydantic.Field(0, ge=0)
    """Tokens that a reasoning teacher may use in addition to this limit."""
    options: dict[str, Any] = {}
    """Further fields of each request's body. A field that is null is left out: `temperature: null`."""
    licence: str = ""
    """The licence of every row, as an SPDX identifier, unless its provenance has one."""
    seed: int = 0
    """Decides which mutants are drawn."""
    workers: int = pydantic.Field(0, ge=0, exclude=True)
    """Programs to run at the same time; 0: one per core."""

    @pydantic.field_validator("language")
    @classmethod
    def _is_a_target(cls, name: str) -> str:
        try:
            language = LANGUAGES.load(name)
        except UnknownName as error:
            raise ValueError(str(error)) from None
        if name == "python":
            raise ValueError("the rows are in Python already; name another language")
        if not _is_target(language):
            why = "calls of its functions cannot be judged, or its declarations not be written"
            raise ValueError(f"{name}: {why}; languages to translate into: {', '.join(targets())}")
        return name
