"""HumanEval+ (arXiv 2305.01210): HumanEval with about 80 times as many tests."""

from crosstune.benchmarks._forms import packaged

BENCHMARK = packaged(__name__)
