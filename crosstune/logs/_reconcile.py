"""Two logs of one model on one benchmark: each answer on which they differ, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from crosstune.benchmarks import Benchmark
from crosstune.logs._causes import Reason, Side, reasons
from crosstune.logs._judging import Find, Judged, Verdicts, programs
from crosstune.logs._log import Log, LogSample
from crosstune.logs._pairing import Paired, by_problem
from crosstune.records import Problem, Program, Verdict


@dataclass(frozen=True, slots=True)
class Difference:
    """One answer on which two logs differ: the problem's name in each, the number of the sample, what each
    log says, and the reasons, the most telling first."""

    problem: tuple[str, str]
    sample: int
    sides: tuple[Side, Side]
    reasons: tuple[Reason, ...]

    @property
    def name(self) -> str:
        return " = ".join(dict.fromkeys(self.problem))


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """``compared`` answers in two logs, their ``differences``, and how many answers are
    ``unpaired``, because a problem has fewer samples in the other log. ``not_judged``: how many
    programs could not be judged here, for each message."""

    pair: Paired
    metrics: tuple[str, str]
    compared: int
    unpaired: int
    differences: tuple[Difference, ...]
    not_judged: Mapping[str, int]

    @property
    def causes(self) -> Counter[str]:
        """How many differences have each cause as their first reason."""
        return Counter(str(each.reasons[0].cause) for each in self.differences)


def reconcile(
    pair: Paired,
    find: Find | None,
    run: Callable[[Iterable[Program]], Iterable[Verdict]],
    *,
    metric: str | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Reconciliation:
    """Find out why the logs differ, by judging both answers of each difference here.

    ``find`` gives the problem of the first log's sample and its benchmark; None: the tests are those that the
    logs bring along. ``run`` judges programs (`Judge.run`).

    Raises:
        UnknownName: a log does not have the metric.
        DataError: its values are no fractions of 1.
    """
    metrics = (pair.logs[0].metric(metric), pair.logs[1].metric(metric))
    couples = list(_couples(pair))
    differing = [
        each for each in couples if _values(pair, each, metrics, 0) != _values(pair, each, metrics, 1)
    ]
    judged = [_programs(each, metrics, find) for each in differing]
    verdicts = Verdicts(run)
    verdicts.judge((side for both in judged for side in both), progress)
    differences = tuple(
        _difference(pair, couple, metrics, both, verdicts)
        for couple, both in zip(differing, judged, strict=True)
    )
    return Reconciliation(pair, metrics, len(couples), _unpaired(pair), differences, verdicts.errors)


Couple = tuple[LogSample, LogSample]


def _couples(pair: Paired) -> Iterator[Couple]:
    """The samples of both logs, by problem and by their order there."""
    first, second = (by_problem(log) for log in pair.logs)
    for name, other in pair.problems:
        yield from zip(first[name], second[other], strict=False)


def _unpaired(pair: Paired) -> int:
    first, second = (by_problem(log) for log in pair.logs)
    return sum(abs(len(first[name]) - len(second[other])) for name, other in pair.problems)


def _values(pair: Paired, couple: Couple, metrics: tuple[str, str], side: int) -> float | None:
    return pair.logs[side].value(couple[side], metrics[side])


def _programs(couple: Couple, metrics: tuple[str, str], find: Find | None) -> tuple[Judged, Judged]:
    """What both samples run here, by the same tests."""
    known = find(couple[0]) if find else _own_tests(couple)
    first, second = (
        programs(sample, code_of(sample, metric), known)
        for sample, metric in zip(couple, metrics, strict=True)
    )
    return first, second


def _own_tests(couple: Couple) -> tuple[Problem, Benchmark | None] | None:
    """The tests that a log has of its own, the first log's before the second's."""
    problem = next((each.problem_tests for each in couple if each.problem_tests), None)
    return None if problem is None else (problem, None)


def code_of(sample: LogSample, metric: str) -> str | None:
    """The code that the harness ran for a metric."""
    return sample.codes.get(metric, sample.code)


def _difference(
    pair: Paired, couple: Couple, metrics: tuple[str, str], both: tuple[Judged, Judged], verdicts: Verdicts
) -> Difference:
    first, second = (
        Side(
            sample=couple[at],
            value=_values(pair, couple, metrics, at),
            harness=_named(pair.logs[at], at, pair),
            seconds=pair.logs[at].seconds,
            code=verdicts.of(both[at].code),
            answer=verdicts.of(both[at].answer),
        )
        for at in (0, 1)
    )
    names = (couple[0].problem, couple[1].problem)
    return Difference(names, couple[0].sample, (first, second), reasons(first, second))


def _named(log: Log, side: int, pair: Paired) -> str:
    """The log in a sentence: its format, if the two differ in it."""
    formats = [each.format for each in pair.logs]
    return log.format if len(set(formats)) == 2 else ("the first log", "the second log")[side]
