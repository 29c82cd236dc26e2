"""Multilingual HumanEval (arXiv 2210.14868): HumanEval in 12 languages, translated as MBXP is."""

from crosstune.benchmarks._forms import packaged

BENCHMARK = packaged(__name__)
