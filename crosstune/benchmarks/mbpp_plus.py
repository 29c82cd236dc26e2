"""MBPP+ (arXiv 2305.01210): 378 problems of MBPP with about 35 times as many tests."""

from crosstune.benchmarks._forms import packaged

BENCHMARK = packaged(__name__)
