"""Count a corpus's rows and measure their lengths, for the report and the data card."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crosstune.records import Example


@dataclass(frozen=True, slots=True)
class TaskCount:
    """The rows of one language and task."""

    language: str
    task: str
    rows: int


@dataclass(frozen=True, slots=True)
class Lengths:
    """Lengths in characters: the total, and the 0th, 50th, 90th and 100th percentile."""

    total: int
    least: int
    median: int
    ninetieth: int
    most: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """Rows by language (empty: prose), by task, by source, and (``cells``) by language and task."""

    rows: int
    languages: Mapping[str, int]
    tasks: Mapping[str, int]
    sources: Mapping[str, int]
    cells: Sequence[TaskCount]
    prompts: Lengths
    completions: Lengths


class Counting:
    """The statistics of examples that pass by; only counts and lengths are held in memory."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str, str]] = Counter()
        self._prompts, self._completions = array("q"), array("q")

    def add(self, example: Example) -> None:
        self._counts[example.language, example.task, example.source] += 1
        self._prompts.append(len(example.prompt))
        self._completions.append(len(example.completion))

    def statistics(self) -> Statistics:
        return Statistics(
            rows=len(self._prompts),
            languages=_by_axis(self._counts, 0),
            tasks=_by_axis(self._counts, 1),
            sources=_by_axis(self._counts, 2),
            cells=_by_language_and_task(self._counts),
            prompts=_lengths(self._prompts),
            completions=_lengths(self._completions),
        )


def statistics(examples: Iterable[Example]) -> Statistics:
    """Count in one pass."""
    counting = Counting()
    for each in examples:
        counting.add(each)
    return counting.statistics()


def _by_axis(counts: Mapping[tuple[str, str, str], int], axis: int) -> dict[str, int]:
    totals: Counter[str] = Counter()
    for key, rows in counts.items():
        totals[key[axis]] += rows
    return dict(sorted(totals.items(), key=lambda item: (-item[1], item[0])))


def _by_language_and_task(counts: Mapping[tuple[str, str, str], int]) -> list[TaskCount]:
    totals: Counter[tuple[str, str]] = Counter()
    for (language, task, _), rows in counts.items():
        totals[language, task] += rows
    return [TaskCount(*key, rows) for key, rows in sorted(totals.items())]


def _lengths(values: Sequence[int]) -> Lengths:
    if not values:
        return Lengths(0, 0, 0, 0, 0)
    ordered = sorted(values)

    def percentile(share: float) -> int:
        return ordered[max(0, -(-int(share * 100) * len(ordered) // 100) - 1)]

    return Lengths(sum(ordered), ordered[0], percentile(0.5), percentile(0.9), ordered[-1])
