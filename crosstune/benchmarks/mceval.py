"""McEval (arXiv 2406.07436): 50 problems in each of 40 languages, written by people for that language."""

from crosstune.benchmarks._forms import packaged

BENCHMARK = packaged(__name__)
