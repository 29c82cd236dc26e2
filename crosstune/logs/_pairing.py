"""Pair two logs: which of several are compared, and which problem of one is which of the other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crosstune.errors import DataError
from crosstune.logs._log import Log, LogSample

_NUMBER = re.compile(r"(?:^|[^0-9])(\d+)(?![0-9])")


@dataclass(frozen=True, slots=True)
class Paired:
    """Two logs of the same problems: ``problems`` has the names of each in the first and the second log.
    ``by_number``: the names differ, but not the numbers in them. ``only``: names of each log alone."""

    logs: tuple[Log, Log]
    problems: tuple[tuple[str, str], ...]
    by_number: bool
    only: tuple[tuple[str, ...], tuple[str, ...]]

    @property
    def name(self) -> str:
        """The first log's name; where the models differ, with both."""
        before, after = self.logs
        model = before.model if before.model == after.model else f"{before.model} → {after.model}"
        return "/".join(filter(None, (model, before.benchmark, before.language, before.task)))


def chosen(logs: Sequence[Log], name: str | None) -> list[Log]:
    """The logs whose name has the parts of ``name`` in their order; all without a name.

    Raises:
        DataError: there is none.
    """
    found = [log for log in logs if name is None or _is_within(name.split("/"), log.name.split("/"))]
    if not found:
        names = ", ".join(log.name for log in logs)
        raise DataError(f"{logs[0].path}: has no {name!r}; it has: {names}")
    return found


def _is_within(parts: Sequence[str], whole: Iterable[str]) -> bool:
    left = iter(whole)
    return all(part in left for part in parts)


def paired(first: Sequence[Log], second: Sequence[Log], *, common: bool = False) -> list[Paired]:
    """Each of the first logs with its own of the second: the only one, or that of the same names.

    Raises:
        DataError: one is missing or ambiguous, or their problems differ and ``common`` is not set.
    """
    if len(first) == len(second) == 1:
        return [_pair(first[0], second[0], common=common)]
    return [_pair(log, _partner(log, second), common=common) for log in first]


def _partner(log: Log, others: Sequence[Log]) -> Log:
    def key(of: Log) -> tuple[str, ...]:
        return of.benchmark, of.language, of.task

    same = [each for each in others if key(each) == key(log)]
    found = [each for each in same if each.model == log.model] or same
    if len(found) != 1:
        names = ", ".join(each.name for each in found or others)
        what = "several of its problems" if found else "nothing of that name"
        raise DataError(f"{log.name}: {others[0].path} has {what}: {names}; choose with --first and --second")
    return found[0]


def _pair(first: Log, second: Log, *, common: bool) -> Paired:
    names = [dict.fromkeys(sample.problem for sample in log.samples) for log in (first, second)]
    if set(names[0]) & set(names[1]):
        keys = [{name: name for name in each} for each in names]
        by_number = False
    else:
        keys, by_number = (
            [numbers(each, log.path) for each, log in zip(names, (first, second), strict=True)],
            True,
        )
    problems = tuple((keys[0][key], keys[1][key]) for key in keys[0] if key in keys[1])
    only = (_only(keys[0], keys[1]), _only(keys[1], keys[0]))
    if not problems:
        raise DataError(_difference(first, second, only))
    if any(only) and not common:
        raise DataError(
            f"{_difference(first, second, only)}; --common compares the {len(problems)} that both have"
        )
    return Paired((first, second), problems, by_number, only)


def numbers(names: Iterable[str], where: str) -> dict[str, str]:
    """The problems by the first number in their names: 7 of ``HumanEval/7``, ``HumanEval_7_name``, ``7``."""
    found: dict[str, str] = {}
    for name in names:
        match = _NUMBER.search(name)
        number = str(int(match[1])) if match else name
        if number in found:
            raise DataError(
                f"{where}: problems have other names elsewhere, and the numbers in them are not unique: "
                f"{found[number]!r} and {name!r}"
            )
        found[number] = name
    return found


def _only(one: Mapping[str, str], other: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(name for key, name in one.items() if key not in other)


def _difference(first: Log, second: Log, only: tuple[tuple[str, ...], tuple[str, ...]]) -> str:
    parts = [
        f"{len(each)} only in {log.path} ({', '.join(map(repr, each[:3]))}{' …' if len(each) > 3 else ''})"
        for log, each in zip((first, second), only, strict=True)
        if each
    ]
    return f"{first.name}: the logs have different problems: {' and '.join(parts)}"


def by_problem(log: Log) -> dict[str, list[LogSample]]:
    """The samples of each problem, in the order of their numbers."""
    problems: dict[str, list[LogSample]] = {}
    for sample in log.samples:
        problems.setdefault(sample.problem, []).append(sample)
    return {name: sorted(each, key=lambda sample: sample.sample) for name, each in problems.items()}
