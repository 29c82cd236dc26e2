"""MBPP (arXiv 2108.07732): 974 short Python problems with three assertions each."""

from crosstune.benchmarks._forms import packaged

BENCHMARK = packaged(__name__)
