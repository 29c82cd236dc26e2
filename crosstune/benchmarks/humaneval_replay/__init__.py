"""HumanEval in any language, by replay.

HumanEval's tests are run on its own solution, in the sandbox, and each call is recorded with its result. What
was recorded gives a function with types, a prompt in the language, and cases: calls with the results that are
expected. Only the user's file has HumanEval's text; what is derived from it is kept in the cache folder.

The reference solutions are crosstune's own, or HumanEvalPack's where its rows are found, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from crosstune.benchmarks import _rows
from crosstune.benchmarks._benchmark import Benchmark, with_tests
from crosstune.benchmarks.humaneval_replay import _problems
from crosstune.benchmarks.humaneval_replay._recording import recorded, unusable
from crosstune.errors import DataError
from crosstune.languages import LANGUAGES
from crosstune.records import Problem, Program, Requirement
from crosstune.settings import InputPath, Settings

_FILES = ("HumanEval.jsonl.gz", "HumanEval.jsonl")
_FIRST = ("python", "javascript", "typescript", "c", "cpp", "java", "go", "rust")
_PACKS = (".", "humanevalpack", "../humanevalpack")


class HumanEvalReplaySettings(Settings):
    data: InputPath
    """HumanEval.jsonl.gz, or a folder with it (or with a folder ``humaneval`` that has it)."""
    humanevalpack: InputPath | None = None
    """The folder with HumanEvalPack's rows, for its solutions, which only the gate needs; default: a folder
    ``humanevalpack`` in or beside ``data``."""
    allow_partial: bool = False
    """Leave out rows that make no problem, instead of refusing all."""


def problems(settings: HumanEvalReplaySettings, language: str, task: str) -> Sequence[Problem]:
    """The problems of one language; those that it cannot have are left out.

    Raises:
        DataError: the task is unknown, the file is missing, or rows make no problem and ``allow_partial`` is
            not set.
        SandboxUnavailable: the tests cannot be recorded, because programs cannot be isolated here.
    """
    BENCHMARK.check(language, task)
    pack = _humanevalpack(settings)
    rows = recorded(_file(settings.data), allow_partial=settings.allow_partial)
    made = (each for each in rows if not _problems.why_left_out(each, language))
    return [_problems.problem(each, language, BENCHMARK.name, pack) for each in made]


def left_out(settings: HumanEvalReplaySettings, language: str) -> Sequence[str]:
    """The rows that make no problem, and the problems that a language cannot have, each with the reason."""
    file = _file(settings.data)
    made = recorded(file, allow_partial=True)
    reasons = ((each.id, _problems.why_left_out(each, language)) for each in made)
    return [*unusable(file), *(f"{name}: {reason}" for name, reason in reasons if reason)]


def _languages() -> tuple[str, ...]:
    """Python, whose problems they are, and all whose types and calls can be written."""
    known = LANGUAGES.all()
    typed = (name for name, each in known.items() if each.typed and each.judging and each.judging.separate)
    return tuple(dict.fromkeys((*_FIRST, *typed)))


def _file(data: Path) -> Path:
    """
    Raises:
        DataError: there is none.
    """
    candidates = [data, *(data / folder / name for folder in (".", "humaneval") for name in _FILES)]
    for file in candidates:
        if file.is_file():
            return file
    raise DataError(f"{data}: no {_FILES[0]} there")


def _humanevalpack(settings: HumanEvalReplaySettings) -> Path | None:
    if settings.humanevalpack:
        return settings.humanevalpack
    folder = settings.data if settings.data.is_dir() else settings.data.parent
    found = (folder / name for name in _PACKS)
    return next((each for each in found if any(each.glob("rust.jsonl*"))), None)


def program(problem: Problem, candidate: str) -> Program:
    """The candidate with its calls. As in HumanEval's tests, those after the first wrong one are not made."""
    return replace(with_tests(problem, candidate), stop_at_first_failure=bool(problem.cases))


def requirements(settings: HumanEvalReplaySettings, language: str) -> Sequence[Requirement]:  # noqa: ARG001 (the protocol's)
    """HumanEval's file."""
    how = "get it: https://github.com/openai/human-eval, data/HumanEval.jsonl.gz"
    try:
        return [Requirement(f"HumanEval's rows: {_file(settings.data)}", True)]
    except DataError as error:
        return [Requirement("HumanEval's rows", False, f"{error}; {how}")]


BENCHMARK = Benchmark(
    name="humaneval-replay",
    title="HumanEval by replay",
    version=2,
    languages=_languages(),
    tasks=("synthesize",),
    settings=HumanEvalReplaySettings,
    problems=problems,
    program=program,
    requirements=requirements,
    libraries=_rows.libraries,
    left_out=left_out,
    hub="openai/openai_humaneval",
)
