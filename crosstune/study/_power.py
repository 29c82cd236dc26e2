"""What a study can show, before it has run."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import NamedTuple

from crosstune import scoring
from crosstune.study._spec import Study


class Sight(NamedTuple):
    """The smallest ``gain`` (a fraction of 1) on one language and task of ``benchmark`` that four of five
    such studies show; None: not even solving everything would be shown."""

    benchmark: str
    problems: int
    seeds: int
    samples: int
    gain: float | None


def sights(study: Study, rate: float) -> Iterator[Sight]:
    """One for each size of the study's evaluations, of benchmarks whose data is here.

    Args:
        rate: the baseline's, a fraction of 1.
    """
    seen: set[tuple[str, int, int]] = set()
    seeds = 1 if study.evaluation else len(study.spec.seeds)
    for entry in study.spec.evaluate:
        selection = study.selection(entry)
        if not all(each.met for each in selection.requirements()):
            continue
        cells = itertools.groupby(selection.problems(), key=lambda problem: (problem.language, problem.task))
        problems = sum(1 for _ in next(cells)[1])
        samples = entry.decoding.samples
        if (key := (entry.benchmark, problems, samples)) not in seen:
            seen.add(key)
            gain = scoring.smallest_gain(problems, seeds, samples, scoring.Assumptions(rate))
            yield Sight(entry.benchmark, problems, seeds, samples, gain)
