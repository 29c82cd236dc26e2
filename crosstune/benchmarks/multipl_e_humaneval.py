"""HumanEval in MultiPL-E (arXiv 2208.08227): its assertions, translated into 18 languages and more."""

from crosstune.benchmarks._forms import packaged

BENCHMARK = packaged(__name__)
