"""MBXP (arXiv 2210.14868): MBPP in 13 languages, translated by rules, with solutions that models wrote."""

from crosstune.benchmarks._forms import packaged

BENCHMARK = packaged(__name__)
