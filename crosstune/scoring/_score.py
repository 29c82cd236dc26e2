"""Count verdicts: one `Score` for each model, benchmark, language, task and seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from crosstune.errors import DataError, Incomplete
from crosstune.execution import reasons_text
from crosstune.records import EvaluatedSample, Score, Status
from crosstune.scoring._crossed import rate_interval


class ScoreKey(NamedTuple):
    """The subject of one score."""

    model: str
    benchmark: str
    language: str
    task: str
    seed: int


@dataclass(slots=True)
class Tally:
    """The verdicts of one `ScoreKey`.

    ``passed`` and ``judged`` count samples by problem; ``statuses`` counts all verdicts; ``reasons`` counts
    why samples could not be judged; ``defects`` are the problems whose own data is known to be wrong. They
    count like all others, as in published rates; a score also has the rate without them. ``separate`` counts
    samples whose tests had a process of their own, ``cut`` the answers that were cut at the length limit, and
    ``repeated`` those that repeat the body to repair.
    """

    passed: dict[str, int] = field(default_factory=dict)
    judged: dict[str, int] = field(default_factory=dict)
    statuses: Counter[Status] = field(default_factory=Counter)
    defects: set[str] = field(default_factory=set)
    reasons: Counter[str] = field(default_factory=Counter)
    separate: int = 0
    cut: int = 0
    repeated: int = 0

    def add(self, row: EvaluatedSample) -> None:
        if row.defect:
            self.defects.add(row.problem)
        self.statuses[row.status] += 1
        if row.status is Status.HARNESS_ERROR:
            self.reasons[row.stderr] += 1
        self.separate += row.isolation == "separate" and row.status is not Status.HARNESS_ERROR
        self.cut += row.finish_reason == "length"
        self.repeated += row.repeats
        problem, status = row.problem, row.status
        self.judged[problem] = self.judged.get(problem, 0) + (status is not Status.HARNESS_ERROR)
        self.passed[problem] = self.passed.get(problem, 0) + (status is Status.PASSED)

    def rates(self) -> dict[str, float]:
        """The share of judged samples that passed, by problem; without problems that have none."""
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
        """The number of problems of which no sample could be judged."""
        return sum(not n for n in self.judged.values())


def tally(rows: Iterable[EvaluatedSample]) -> dict[ScoreKey, Tally]:
    """Count the verdicts of each `ScoreKey`, in the order of first appearance.

    Raises:
        DataError: a sample has two verdicts.
    """
    tallies: dict[ScoreKey, Tally] = {}
    seen: set[tuple[ScoreKey, str, int]] = set()
    for row in rows:
        key = ScoreKey(row.model, row.benchmark, row.language, row.task, row.seed)
        if (sample := (key, row.problem, row.sample)) in seen:
            raise DataError(
                f"model {row.model!r}, seed {row.seed}: problem {row.problem!r} ({row.language} {row.task}) "
                f"has two verdicts for its sample {row.sample}; expected one"
            )
        seen.add(sample)
        if key not in tallies:
            tallies[key] = Tally()
        tallies[key].add(row)
    return tallies


def score(rows: Iterable[EvaluatedSample], *, allow_partial: bool = False) -> list[Score]:
    """A score for each model, benchmark, language, task and seed, in that order.

    The interval is Wilson's with one sample for each problem, otherwise Student's t over problems. With
    ``allow_partial``, what the harness could not judge is left out of ``n`` and counted in ``unjudged``.

    Raises:
        Incomplete: the harness failed to judge some programs, and ``allow_partial`` is not set.
        DataError: a sample has two verdicts.
    """
    return scores(tally(rows), allow_partial=allow_partial)


def scores(tallies: Mapping[ScoreKey, Tally], *, allow_partial: bool = False) -> list[Score]:
    """`score`, from the counts of `tally`; without keys that have no judged problem."""
    if not allow_partial:
        _refuse_partial(tallies)
    return [_score(key, tallies[key]) for key in sorted(tallies) if any(tallies[key].judged.values())]


def _refuse_partial(tallies: Mapping[ScoreKey, Tally]) -> None:
    errors = {key: counts.statuses[Status.HARNESS_ERROR] for key, counts in sorted(tallies.items())}
    errors = {key: n for key, n in errors.items() if n}
    if not errors:
        return
    total = sum(counts.asked for counts in tallies.values())
    key, n = next(iter(errors.items()))
    reasons: dict[str, Counter[str]] = {}
    for each in errors:
        reasons.setdefault(each.language, Counter()).update(tallies[each].reasons)
    raise Incomplete(
        f"{sum(errors.values())} of {total} programs could not be judged (harness_error), first: {n} of "
        f"{tallies[key].asked} of {key.model}, {key.language} {key.task}, seed {key.seed}. It is not the "
        "models' fault. Remove the reasons, or allow a partial score to leave these programs out of the "
        f"denominator:\n{reasons_text(reasons)}"
    )


def _score(key: ScoreKey, counts: Tally) -> Score:
    by_problem = counts.rates()
    rates = list(by_problem.values())
    sound = [rate for problem, rate in by_problem.items() if problem not in counts.defects]
    passed = sum(rates)
    low, high = rate_interval(rates)
    return Score(
        *key,
        n=len(rates),
        samples=max(counts.judged.values()),
        passed=passed,
        pass_at_1=passed / len(rates),
        low=low,
        high=high,
        statuses={str(status): counts.statuses[status] for status in Status if counts.statuses[status]},
        unjudged=counts.unjudged,
        defects=len(counts.defects),
        judged=counts.samples_judged,
        asked=counts.asked,
        pass_at_1_sound=sum(sound) / len(sound) if counts.defects and sound else None,
        separate=counts.separate,
        cut=counts.cut,
        repeated=counts.repeated,
    )
