"""The problems of every benchmark that the project knows and whose data are here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pydantic

from crosstune.benchmarks import BENCHMARKS, Benchmark
from crosstune.errors import DataError, UnknownName, UsageError
from crosstune.records import Problem
from crosstune.settings import Settings


@dataclass(frozen=True, slots=True)
class Known:
    """``lacking`` names what was not looked for: benchmark (and language) and why."""

    problems: Sequence[Problem]
    lacking: Mapping[str, str]


def known_problems(given: Mapping[str, Mapping[str, Any]], base: Path | None = None) -> Known:
    """All problems of all benchmarks, every language and task; ``given`` has settings of those that need
    any (as ``{"humanevalpack": {"data": "DIR"}}``), whose paths are relative to ``base``.

    A benchmark or language without its data is named in ``lacking``; a benchmark that was given and has
    none at all is an error.

    Raises:
        UnknownName: no such benchmark.
        UsageError: settings that it does not take.
        DataError: data that were given are missing or not of the form they should have.
    """
    for name in given:
        if name not in BENCHMARKS.names():
            raise UnknownName("benchmark", name, BENCHMARKS.names())
    problems: list[Problem] = []
    lacking: dict[str, str] = {}
    for name, benchmark in BENCHMARKS.all().items():
        try:
            settings = benchmark.settings.model_validate(
                dict(given.get(name, {})), context={"base": base or Path.cwd()}
            )
        except pydantic.ValidationError as fault:
            first = fault.errors()[0]
            if name in given:
                field = ".".join(map(str, first["loc"]))
                raise UsageError(f"benchmark {name}: {field}: {first['msg']}") from None
            lacking[name] = f"its data were not given ({first['loc'][0]})"
            continue
        found, missing = _of(benchmark, settings)
        if missing and name in given and not found:
            raise DataError(f"benchmark {name}: {next(iter(missing.values()))}")
        problems += found
        lacking |= missing
    return Known(problems, lacking)


def _of(benchmark: Benchmark, settings: Settings) -> tuple[list[Problem], dict[str, str]]:
    """The problems, and which languages' are missing."""
    found: list[Problem] = []
    lacking: dict[str, str] = {}
    for language in benchmark.languages:
        missing = [each for each in benchmark.requirements(settings, language) if not each.met]
        if missing:
            lacking[f"{benchmark.name} ({language})"] = missing[0].how or missing[0].what
        else:
            for task in benchmark.tasks:
                found += benchmark.problems(settings, language, task)
    return found, lacking
