"""Benchmarks, one file each: their problems, and how a candidate becomes a program."""

from crosstune.benchmarks._benchmark import Benchmark
from crosstune.plugins import Registry

BENCHMARKS = Registry("crosstune.benchmarks", "BENCHMARK", "benchmark", Benchmark)

__all__ = ["BENCHMARKS", "Benchmark"]
