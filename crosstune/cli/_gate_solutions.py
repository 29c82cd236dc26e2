"""Solutions that `crosstune gate` takes from elsewhere: a file of answers, or another benchmark."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crosstune.benchmarks import Benchmark


def with_solutions(
    benchmark: Benchmark, settings: Any, languages: Sequence[str], source: str
) -> tuple[Benchmark, list[str]]:
    """The benchmark with the solutions of ``source``: ANSWERS.jsonl, or BENCHMARK=DIR. Also the languages
    that then have any.

    Raises:
        UsageError: neither.
        DataError: the data are missing or malformed, or have no solution in these languages.
    """
    from crosstune.errors import DataError, UsageError
    from crosstune.scoring import with_answers

    name, sign, folder = source.partition("=")
    if sign:
        answers = _of_benchmark(benchmark, settings, languages, name, Path(folder))
    elif Path(source).is_file():
        answers = _of_file(Path(source))
    else:
        raise UsageError(f"--solutions {source}: expected a file of answers, or BENCHMARK=DIR")
    solved = {language for language, _ in answers}
    found = [each for each in languages if each in solved]
    if not found:
        raise DataError(f"--solutions {source}: no solutions in {', '.join(languages)}")
    return with_answers(benchmark, answers), found


def _of_benchmark(
    benchmark: Benchmark, settings: Any, languages: Sequence[str], name: str, data: Path
) -> dict[tuple[str, str], str]:
    from crosstune.benchmarks import BENCHMARKS
    from crosstune.cli._benchmark_settings import settings_of
    from crosstune.scoring import borrowed

    other = BENCHMARKS.load(name)
    others = settings_of(other, data)
    answers: dict[tuple[str, str], str] = {}
    for language in languages:
        if language in other.languages:
            answers |= borrowed(
                benchmark.problems(settings, language, benchmark.tasks[0]),
                other.problems(others, language, other.tasks[0]),
            )
    return answers


def _of_file(file: Path) -> dict[tuple[str, str], str]:
    from crosstune.errors import DataError

    answers = {}
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            answers[row["language"], row["problem"]] = row["answer"]
        except (ValueError, KeyError, TypeError) as error:
            expected = "expected an object with language, problem and answer"
            raise DataError(f"{file}:{number}: {expected}: {error!r}") from None
    return answers
