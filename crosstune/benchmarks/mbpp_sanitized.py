"""MBPP, sanitized (arXiv 2108.07732): problems of MBPP that its authors have checked by hand."""

from crosstune.benchmarks._forms import packaged

BENCHMARK = packaged(__name__)
