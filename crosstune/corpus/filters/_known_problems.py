"""Load the problems of every benchmark whose data are on this machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pydantic

from crosstune.benchmarks import BENCHMARKS, Benchmark, is_form
from crosstune.errors import DataError, UnknownName, UsageError
from crosstune.records import Problem
from crosstune.settings import Settings


@dataclass(frozen=True, slots=True)
class KnownProblems:
    """``missing`` maps a benchmark (and language) without data to the reason."""

    problems: Sequence[Problem]
    missing: Mapping[str, str]


def known_problems(given: Mapping[str, Mapping[str, Any]], base: Path | None = None) -> KnownProblems:
    """Load the problems of all benchmarks in every language and task.

    ``given`` maps a benchmark (or the file of a form) to its settings, if it needs any
    (``{"humanevalpack": {"data": "DIR"}}``); paths are relative to ``base``. Benchmarks and languages
    without data are listed in ``missing``; a benchmark in ``given`` without any data is an error.

    Raises:
        UnknownName: no such benchmark.
        UsageError: settings that a benchmark does not have.
        DataError: the given data are missing or malformed.
    """
    folder = base or Path.cwd()
    for name in given:
        if name not in BENCHMARKS.names() and not is_form(name):
            raise UnknownName("benchmark", name, BENCHMARKS.names())
    forms = {name: BENCHMARKS.relative_to(folder, name) for name in given if is_form(name)}
    problems: list[Problem] = []
    missing: dict[str, str] = {}
    for name, benchmark in {**BENCHMARKS.all(), **forms}.items():
        try:
            settings = benchmark.settings.model_validate(
                {**benchmark.defaults, **given.get(name, {})}, context={"base": folder}
            )
        except pydantic.ValidationError as error:
            first = error.errors()[0]
            if name in given:
                field = ".".join(map(str, first["loc"]))
                raise UsageError(f"benchmark {name}: {field}: {first['msg']}") from None
            missing[name] = f"its data were not given ({first['loc'][0]})"
            continue
        own_problems, own_missing = _load(benchmark, settings)
        if own_missing and name in given and not own_problems:
            raise DataError(f"benchmark {name}: {next(iter(own_missing.values()))}")
        problems += own_problems
        missing |= own_missing
    return KnownProblems(problems, missing)


def _load(benchmark: Benchmark, settings: Settings) -> tuple[list[Problem], dict[str, str]]:
    """The problems of one benchmark, and its languages without data."""
    problems: list[Problem] = []
    missing: dict[str, str] = {}
    for language in benchmark.languages:
        unmet = [each for each in benchmark.requirements(settings, language) if not each.met]
        if unmet:
            missing[f"{benchmark.name} ({language})"] = unmet[0].how or unmet[0].what
        else:
            for task in benchmark.tasks:
                problems += benchmark.problems(settings, language, task)
    return problems, missing
