"""Benchmarks, one file each: they load problems and make a program from each candidate."""

from crosstune.benchmarks._benchmark import Benchmark
from crosstune.plugins import Registry

BENCHMARKS = Registry("crosstune.benchmarks", "BENCHMARK", "benchmark", Benchmark)

__all__ = ["BENCHMARKS", "Benchmark"]
