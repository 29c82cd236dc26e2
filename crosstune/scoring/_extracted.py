"""From an answer to a problem of a benchmark to its candidate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crosstune.benchmarks import Benchmark
from crosstune.records import Problem

if TYPE_CHECKING:
    from crosstune.extraction import Extraction


def extracted(benchmark: Benchmark, problem: Problem, answer: str) -> Extraction:
    """The candidate that ``answer`` means, as the benchmark reads its answers."""
    from crosstune.extraction import Extraction, How, extract, without_reasoning
    from crosstune.languages import LANGUAGES

    question = benchmark.last_question(problem)
    if benchmark.candidate:
        return Extraction(benchmark.candidate(question, without_reasoning(answer)), How.BLOCK, answer)
    return extract(LANGUAGES.load(problem.language), question, answer)
