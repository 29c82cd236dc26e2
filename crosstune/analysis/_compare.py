"""Two runs of the same models on the same problems: which rates rose or fell, and on which problems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from crosstune.analysis._contrast import Gain, corrected, in_points
from crosstune.analysis._rate_tables import RateTable, RateTables
from crosstune.analysis._run import TaskKey
from crosstune.errors import DataError, UnknownName
from crosstune.records import EvaluatedSample
from crosstune.scoring import crossed_difference, scores, tally

BEFORE = "before"


@dataclass(frozen=True, slots=True)
class ChangedProblem:
    """A problem whose share of passing samples, over the seeds of both runs, differs."""

    problem: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """One model on one task; ``before`` and ``after`` are pass@1 (fractions of 1), ``gain`` is after minus
    before in points. ``seeds`` are those of both runs. ``changed``: the problems that changed, falls first.
    ``judged`` of ``asked`` programs have a verdict, in each run, over all its seeds."""

    model: str
    task_key: TaskKey
    before: float
    after: float
    gain: Gain
    seeds: tuple[int, ...]
    changed: tuple[ChangedProblem, ...]
    judged: tuple[int, int] = (0, 0)
    asked: tuple[int, int] = (0, 0)

    @property
    def name(self) -> str:
        """``model/benchmark/language/task``, as `--score` takes it, without parts that are unknown."""
        return "/".join(filter(None, (self.model, *self.task_key)))

    @property
    def fell(self) -> bool:
        """Whether the fall is significant, after Holm's correction."""
        return self.gain.significant and self.gain.value < 0


def compare(
    before: Iterable[EvaluatedSample], after: Iterable[EvaluatedSample], *, allow_partial: bool = False
) -> tuple[Comparison, ...]:
    """Compare every model and task of ``before``, with Holm over all; what only ``after`` has is ignored.

    Differences are paired by problem and seed; with one seed the test is McNemar's exact test or the paired
    permutation test.

    Raises:
        DataError: ``after`` lacks a score, has other problems there, or shares no seed.
        Incomplete: the harness could not judge some programs, and ``allow_partial`` is not set.
    """
    sides = [_RunRates.of(rows, allow_partial=allow_partial) for rows in (before, after)]
    comparisons = list(_comparisons(*sides))
    gains = corrected(one.gain for one in comparisons)
    return tuple(replace(one, gain=gain) for one, gain in zip(comparisons, gains, strict=True))


def watched(comparisons: Sequence[Comparison], names: Sequence[str]) -> tuple[Comparison, ...]:
    """The scores among ``names``, with Holm over these alone; without names all scores.

    A name is ``model/benchmark/language/task``. Parts may be left out, as in ``model`` or
    ``model/language``: then it means every score that has the other parts in this order.

    Raises:
        UnknownName: no score has that name.
    """
    if not names:
        return tuple(comparisons)
    named = {one.name: one for name in names for one in _named(comparisons, name)}
    gains = corrected(one.gain for one in named.values())
    return tuple(replace(one, gain=gain) for one, gain in zip(named.values(), gains, strict=True))


def _named(comparisons: Sequence[Comparison], name: str) -> list[Comparison]:
    parts = name.split("/")
    meant = [one for one in comparisons if _in_order(parts, one.name.split("/"))]
    if not meant:
        raise UnknownName("score", name, [one.name for one in comparisons])
    return meant


def _in_order(parts: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether ``whole`` contains ``parts`` in their order, the model first."""
    left = iter(whole[1:])
    return parts[0] == whole[0] and all(part in left for part in parts[1:])


@dataclass(frozen=True, slots=True)
class _RunRates:
    """The rates of one run. ``asked``: the problems of each score, also those without a verdict;
    ``programs``: how many programs of each score were judged and asked."""

    rate_tables: RateTables
    asked: Mapping[tuple[str, TaskKey], set[str]]
    programs: Mapping[tuple[str, TaskKey], tuple[int, int]]

    @classmethod
    def of(cls, rows: Iterable[EvaluatedSample], *, allow_partial: bool) -> _RunRates:
        tallies = tally(rows)
        scores(tallies, allow_partial=allow_partial)
        asked: dict[tuple[str, TaskKey], set[str]] = {}
        programs: dict[tuple[str, TaskKey], tuple[int, int]] = {}
        for key, counts in tallies.items():
            task_key = TaskKey(key.benchmark, key.language, key.task)
            asked.setdefault((key.model, task_key), set()).update(counts.judged)
            judged, all_ = programs.get((key.model, task_key), (0, 0))
            programs[key.model, task_key] = judged + counts.samples_judged, all_ + counts.asked
        return cls(RateTables.of(tallies), asked, programs)


def _comparisons(before: _RunRates, after: _RunRates) -> Iterator[Comparison]:
    for model, task_key in before.rate_tables.rates:
        about = f"{model}, {task_key.language} {task_key.task} ({task_key.benchmark})"
        if (model, task_key) not in after.rate_tables.rates:
            known = ", ".join(
                sorted({f"{name} {c.language} {c.task}" for name, c in after.rate_tables.rates})
            )
            raise DataError(f"the second run lacks the score of {about}; it has: {known}")
        _same_problems(about, *(side.asked[model, task_key] for side in (before, after)))
        one = _comparison(
            about,
            before.rate_tables.table(model, task_key),
            after.rate_tables.table(model, task_key),
            (model, task_key),
        )
        counts = [side.programs[model, task_key] for side in (before, after)]
        judged, asked = zip(*counts, strict=True)
        yield replace(one, judged=judged, asked=asked)


def _comparison(
    about: str, first: RateTable | None, second: RateTable | None, where: tuple[str, TaskKey]
) -> Comparison:
    if first is None or second is None:
        raise DataError(f"{about}: in one run, no problem was judged in every seed")
    seeds = tuple(sorted(set(first.seeds) & set(second.seeds)))
    if not seeds:
        raise DataError(f"{about}: the runs share no seed: {first.seeds} and {second.seeds}")
    problems = [problem for problem in first.problems if problem in set(second.problems)]
    old, new = (table.part(seeds, problems) for table in (first, second))
    gain = Gain(where[0], BEFORE, where[1], *in_points(crossed_difference(new - old)), *old.shape[::-1])
    pairs = zip(problems, old.mean(0).tolist(), new.mean(0).tolist(), strict=True)
    changed = [ChangedProblem(*pair) for pair in pairs if pair[1] != pair[2]]
    changed.sort(key=lambda one: (one.after - one.before, one.problem))
    return Comparison(*where, float(old.mean()), float(new.mean()), gain, seeds, tuple(changed))


def _same_problems(about: str, first: set[str], second: set[str]) -> None:
    if lost := sorted(first ^ second):
        where = "first" if lost[0] in first else "second"
        raise DataError(
            f"{about}: the runs have different problems ({len(first)} and {len(second)}; "
            f"{lost[0]!r} is only in the {where}); only the same problems can be paired"
        )
