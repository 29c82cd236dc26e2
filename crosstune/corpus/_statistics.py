"""What stands in a corpus, in numbers, for the report and the data card."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crosstune.records import Example


@dataclass(frozen=True, slots=True)
class Cell:
    language: str
    task: str
    rows: int


@dataclass(frozen=True, slots=True)
class Lengths:
    """Characters: the total, and the values that 0, 50, 90 and 100 % do not exceed."""

    total: int
    least: int
    median: int
    ninetieth: int
    most: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """Rows by language (empty: prose), by task, by source, and by (language, task)."""

    rows: int
    languages: Mapping[str, int]
    tasks: Mapping[str, int]
    sources: Mapping[str, int]
    cells: Sequence[Cell]
    prompts: Lengths
    completions: Lengths


def statistics(examples: Iterable[Example]) -> Statistics:
    """One pass; only counts and lengths are kept, so the examples may come from a file."""
    cells: Counter[tuple[str, str, str]] = Counter()
    prompts: list[int] = []
    completions: list[int] = []
    for each in examples:
        cells[each.language, each.task, each.source] += 1
        prompts.append(len(each.prompt))
        completions.append(len(each.completion))
    return Statistics(
        rows=len(prompts),
        languages=_by(cells, 0),
        tasks=_by(cells, 1),
        sources=_by(cells, 2),
        cells=_pairs(cells),
        prompts=_lengths(prompts),
        completions=_lengths(completions),
    )


def _by(cells: Mapping[tuple[str, str, str], int], axis: int) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for cell, rows in cells.items():
        counts[cell[axis]] += rows
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _pairs(cells: Mapping[tuple[str, str, str], int]) -> list[Cell]:
    counts: Counter[tuple[str, str]] = Counter()
    for (language, task, _), rows in cells.items():
        counts[language, task] += rows
    return [Cell(*cell, rows) for cell, rows in sorted(counts.items())]


def _lengths(values: Sequence[int]) -> Lengths:
    if not values:
        return Lengths(0, 0, 0, 0, 0)
    ordered = sorted(values)

    def at(share: float) -> int:
        return ordered[max(0, -(-int(share * 100) * len(ordered) // 100) - 1)]

    return Lengths(sum(ordered), ordered[0], at(0.5), at(0.9), ordered[-1])
