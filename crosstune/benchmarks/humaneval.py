"""HumanEval (arXiv 2107.03374): the root of all that are derived from it."""

from crosstune.benchmarks._forms import packaged

BENCHMARK = packaged(__name__)
