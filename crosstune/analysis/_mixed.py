"""Mixed against mono: is a little of every language better than much of one?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crosstune.analysis._contrast import Gain, corrected, in_points
from crosstune.analysis._language_transfer import own_language
from crosstune.analysis._rate_tables import RateTables
from crosstune.analysis._run import Run, TaskKey

NEAR = 0.02
"""Corpora whose numbers of rows differ by at most this share count as equal in size."""


@dataclass(frozen=True, slots=True)
class MixedComparison:
    """A model of several languages minus one of a single language, on a task of that language.

    ``rows`` and ``against_rows`` are the sizes of their corpora, 0 where unknown.
    """

    gain: Gain
    rows: int
    against_rows: int

    @property
    def equal_size(self) -> bool:
        known = min(self.rows, self.against_rows) > 0
        return known and abs(self.rows - self.against_rows) <= NEAR * max(self.rows, self.against_rows)


def mixed_against_mono(
    rate_tables: RateTables, run: Run, models: Sequence[str], task_keys: Sequence[TaskKey]
) -> tuple[MixedComparison, ...]:
    """Compare every mixed model with every mono model of the same base, with Holm over all."""
    sizes = {corpus.name: corpus.rows for corpus in run.corpora}
    pairs = list(_pairs(rate_tables, run, models, task_keys))
    gains = corrected(pairs)
    rows = {model.name: sizes.get(model.corpus, 0) for model in run.models}
    return tuple(MixedComparison(gain, rows[gain.model], rows[gain.against]) for gain in gains)


def _pairs(
    rate_tables: RateTables, run: Run, models: Sequence[str], task_keys: Sequence[TaskKey]
) -> Iterator[Gain]:
    mono = {model: language for model in models if (language := own_language(run, model))}
    for mixed in (model for model in models if _several(run, model)):
        for other, language in mono.items():
            if run.model(mixed).base != run.model(other).base:
                continue
            for task_key in (task_key for task_key in task_keys if task_key.language == language):
                if difference := rate_tables.difference(mixed, other, task_key):
                    estimate, shape = difference
                    yield Gain(mixed, other, task_key, *in_points(estimate), *shape)


def _several(run: Run, model: str) -> bool:
    return len({language for language, _ in run.model(model).trained if language}) > 1
