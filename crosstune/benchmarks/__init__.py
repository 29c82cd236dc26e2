"""Benchmarks, one file each: they load problems and make a program from each candidate."""

from crosstune.benchmarks._benchmark import WRONG_SOLUTION, Benchmark, with_tests
from crosstune.benchmarks._folders import languages_found
from crosstune.benchmarks._forms import propose_form
from crosstune.benchmarks._registry import Benchmarks, is_form

BENCHMARKS = Benchmarks("crosstune.benchmarks", "BENCHMARK", "benchmark", Benchmark)

__all__ = [
    "BENCHMARKS",
    "WRONG_SOLUTION",
    "Benchmark",
    "is_form",
    "languages_found",
    "propose_form",
    "with_tests",
]
