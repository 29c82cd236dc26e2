"""Verdicts counted: one `Score` per model, benchmark, language, task and seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from crosstune.errors import DataError, Incomplete
from crosstune.records import EvaluatedSample, Score, Status
from crosstune.scoring._crossed import rate_interval


class Key(NamedTuple):
    """What one score is about."""

    model: str
    benchmark: str
    language: str
    task: str
    seed: int


@dataclass(slots=True)
class Tally:
    """The verdicts of one `Key`.

    ``passed`` and ``judged`` count samples by problem; ``statuses`` counts all verdicts; ``defects`` are
    the problems whose own data is known to be wrong. They count like all others, so that a rate is of
    the same problems as published ones; a score has the rate without them beside it.
    """

    passed: dict[str, int] = field(default_factory=dict)
    judged: dict[str, int] = field(default_factory=dict)
    statuses: Counter[Status] = field(default_factory=Counter)
    defects: set[str] = field(default_factory=set)

    def add(self, row: EvaluatedSample) -> None:
        if row.defect:
            self.defects.add(row.problem)
        self.statuses[row.status] += 1
        problem, status = row.problem, row.status
        self.judged[problem] = self.judged.get(problem, 0) + (status is not Status.HARNESS_ERROR)
        self.passed[problem] = self.passed.get(problem, 0) + (status is Status.PASSED)

    def rates(self) -> dict[str, float]:
        """Per problem, the share of its judged samples that passed; problems with none are left out."""
        return {problem: self.passed[problem] / n for problem, n in self.judged.items() if n}

    @property
    def asked(self) -> int:
        """All samples, judged or not."""
        return sum(self.statuses.values())

    @property
    def samples_judged(self) -> int:
        return self.asked - self.statuses[Status.HARNESS_ERROR]

    @property
    def unjudged(self) -> int:
        """Problems of which no sample could be judged."""
        return sum(not n for n in self.judged.values())


def tally(rows: Iterable[EvaluatedSample]) -> dict[Key, Tally]:
    """Counts, in the order of first appearance.

    Raises:
        DataError: the same sample stands there twice.
    """
    found: dict[Key, Tally] = {}
    seen: set[tuple[Key, str, int]] = set()
    for row in rows:
        key = Key(row.model, row.benchmark, row.language, row.task, row.seed)
        if (sample := (key, row.problem, row.sample)) in seen:
            raise DataError(
                f"model {row.model!r}, seed {row.seed}: problem {row.problem!r} ({row.language} {row.task}) "
                f"has two verdicts for its sample {row.sample}; expected one"
            )
        seen.add(sample)
        if key not in found:
            found[key] = Tally()
        found[key].add(row)
    return found


def score(rows: Iterable[EvaluatedSample], *, allow_partial: bool = False) -> list[Score]:
    """A score per model, benchmark, language, task and seed, in that order.

    The interval is Wilson's where a problem is solved or not (one sample each), Student's t over
    problems otherwise. With ``allow_partial`` what the harness could not judge is left out of ``n``
    and counted in ``unjudged``.

    Raises:
        Incomplete: verdicts are missing through the harness's fault and ``allow_partial`` is not set.
        DataError: the same sample stands there twice.
    """
    return scores(tally(rows), allow_partial=allow_partial)


def scores(tallies: Mapping[Key, Tally], *, allow_partial: bool = False) -> list[Score]:
    """`score` out of what `tally` counted; keys without a single judged problem are left out."""
    if not allow_partial:
        _refuse_partial(tallies)
    return [_score(key, tallies[key]) for key in sorted(tallies) if any(tallies[key].judged.values())]


def _refuse_partial(tallies: Mapping[Key, Tally]) -> None:
    faults = {key: found.statuses[Status.HARNESS_ERROR] for key, found in sorted(tallies.items())}
    faulty = {key: n for key, n in faults.items() if n}
    if not faulty:
        return
    total = sum(found.asked for found in tallies.values())
    key, n = next(iter(faulty.items()))
    raise Incomplete(
        f"{sum(faulty.values())} of {total} programs could not be judged (harness_error), first: {n} of "
        f"{tallies[key].asked} of {key.model}, {key.language} {key.task}, seed {key.seed}. "
        "Run them again, or allow a partial score to leave them out of the denominator"
    )


def _score(key: Key, found: Tally) -> Score:
    by_problem = found.rates()
    rates = list(by_problem.values())
    sound = [rate for problem, rate in by_problem.items() if problem not in found.defects]
    passed = sum(rates)
    low, high = rate_interval(rates)
    return Score(
        *key,
        n=len(rates),
        samples=max(found.judged.values()),
        passed=passed,
        pass_at_1=passed / len(rates),
        low=low,
        high=high,
        statuses={str(status): found.statuses[status] for status in Status if found.statuses[status]},
        unjudged=found.unjudged,
        defects=len(found.defects),
        judged=found.samples_judged,
        asked=found.asked,
        pass_at_1_sound=sum(sound) / len(sound) if found.defects and sound else None,
    )
