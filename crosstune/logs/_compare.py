"""Two logs compared, paired by problem, with the tests of `crosstune.analysis`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crosstune.analysis import ChangedProblem, Comparison, Gain, TaskKey, corrected, in_points
from crosstune.errors import DataError, Incomplete
from crosstune.logs._log import Log, LogSample
from crosstune.logs._pairing import Paired, by_problem
from crosstune.scoring import crossed_difference


def compare_logs(
    pairs: Sequence[Paired], metric: str | None = None, *, allow_partial: bool = False
) -> tuple[Comparison, ...]:
    """Compare each pair of logs, with Holm's correction over all of them.

    A problem's value is the mean of its samples; ``metric`` None means each log's first metric.

    Raises:
        UnknownName: a log does not have the metric.
        DataError: its values are no fractions of 1, or no problem has a value in both logs.
        Incomplete: answers have no verdict, and ``allow_partial`` is not set.
    """
    compared = [_comparison(pair, metric, allow_partial=allow_partial) for pair in pairs]
    gains = corrected(one.gain for one in compared)
    return tuple(replace(one, gain=gain) for one, gain in zip(compared, gains, strict=True))


def _comparison(pair: Paired, metric: str | None, *, allow_partial: bool) -> Comparison:
    first, second = pair.logs
    sides = [_values(log, log.metric(metric)) for log in pair.logs]
    names = [dict.fromkeys(each) for each in zip(*pair.problems, strict=True)]
    judged = tuple(sum(len(values[name]) for name in own) for values, own in zip(sides, names, strict=True))
    asked = tuple(
        sum(each.problem in own for each in log.samples) for log, own in zip(pair.logs, names, strict=True)
    )
    for log, have, all_ in zip(pair.logs, judged, asked, strict=True):
        if have < all_ and not allow_partial:
            raise Incomplete(
                f"{log.path}: {all_ - have} of {all_} answers have no verdict, because the harness failed; "
                "run it again for those, or leave them out with --allow-partial"
            )
    rows = [
        (name, _mean(sides[0][name]), _mean(sides[1][other]))
        for name, other in pair.problems
        if sides[0][name] and sides[1][other]
    ]
    if not rows:
        raise DataError(f"{pair.name}: no problem has a verdict in both logs")
    _, before, after = zip(*rows, strict=True)
    estimate = crossed_difference([[new - old for old, new in zip(before, after, strict=True)]])
    model = first.model if first.model == second.model else f"{first.model} → {second.model}"
    key = TaskKey(first.benchmark, first.language, first.task)
    gain = Gain(second.model, first.model, key, *in_points(estimate), len(rows), 1)
    changed = [ChangedProblem(*row) for row in rows if row[1] != row[2]]
    changed.sort(key=lambda one: (one.after - one.before, one.problem))
    return Comparison(
        model,
        key,
        sum(before) / len(rows),
        sum(after) / len(rows),
        gain,
        (0,),
        tuple(changed),
        (judged[0], judged[1]),
        (asked[0], asked[1]),
    )


def _values(log: Log, metric: str) -> dict[str, list[float]]:
    """The values of each problem's samples that have one."""
    return {name: _known(log, samples, metric) for name, samples in by_problem(log).items()}


def _known(log: Log, samples: Sequence[LogSample], metric: str) -> list[float]:
    values = (log.value(sample, metric) for sample in samples)
    return [value for value in values if value is not None]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
