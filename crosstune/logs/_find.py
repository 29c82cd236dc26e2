"""The problems of a benchmark here that a log asked, by their names or by the numbers in them."""

from __future__ import annotations

from collections.abc import Mapping

from crosstune.benchmarks import Benchmark
from crosstune.errors import DataError
from crosstune.logs._judging import Find
from crosstune.logs._log import Log, LogSample
from crosstune.logs._pairing import numbers
from crosstune.records import Problem


def problem_finder(benchmark: Benchmark, problems: Mapping[str, Problem], log: Log) -> Find:
    """Finds the problem of a sample of ``log`` among ``problems``, by id.

    Raises:
        DataError: the benchmark lacks problems of the log, or their names cannot be paired.
    """
    names = dict.fromkeys(sample.problem for sample in log.samples)
    if set(names) & set(problems):
        keys, known = {name: name for name in names}, {name: name for name in problems}
    else:
        keys = {name: key for key, name in numbers(names, log.path).items()}
        known = numbers(problems, benchmark.name)
    if missing := [name for name, key in keys.items() if key not in known]:
        raise DataError(
            f"{log.path}: {benchmark.name} has no problem {missing[0]!r} "
            f"({len(missing)} of the log's {len(names)} are missing; it has {len(problems)}, such as "
            f"{next(iter(problems), '')!r})"
        )

    def find(sample: LogSample) -> tuple[Problem, Benchmark | None] | None:
        return problems[known[keys[sample.problem]]], benchmark

    return find
