"""The tables of two papers as data, with notes on what is uncertain."""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources

from crosstune.errors import UnknownName

PAPERS = {
    "codem": "Can Programming Languages Boost Each Other via Instruction Tuning? (CodeM, arXiv 2308.16824)",
    "octopack": "OctoPack: Instruction Tuning Code Large Language Models (arXiv 2308.07124)",
}
PROBLEMS = 164
"""The number of problems in HumanEval and most of its translations."""
FEWER = {("codem", "TypeScript"): 161, ("codem", "C"): 162}
"""Translations with fewer problems, as the papers' own fractions show."""
BASE = "StarCoder 7B"
MIXED = "CodeM-Mixed"


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """``rates[model][column]``: pass@1 in percent; ``notes``: what is uncertain."""

    paper: str
    name: str
    title: str
    columns: tuple[str, ...]
    rates: Mapping[str, Mapping[str, float]]
    notes: tuple[str, ...]

    def solved(self, model: str, column: str) -> float:
        """The number of problems behind a rate; whole, up to rounding, for greedy answers."""
        return self.rates[model][column] * self.problems(column) / 100

    def problems(self, column: str) -> int:
        return FEWER.get((self.paper, column), PROBLEMS)

    def gain(self, model: str, column: str, base: str) -> float:
        """The gain over ``base``, in points."""
        return self.rates[model][column] - self.rates[base][column]


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of a paper and what its own figures say about it.

    ``p`` is of the test that ``test`` names. ``verdict`` is ``supported`` if the figures show the claim
    without the answers to each problem, else ``not supported``, or ``open`` if those answers would decide.
    """

    claim: str
    statistic: float
    unit: str
    test: str
    p: float
    verdict: str
    because: str

    @property
    def supported(self) -> bool:
        return self.verdict == "supported"


def published_tables(paper: str) -> tuple[PublishedTable, ...]:
    """The tables of ``codem`` (Tables 1 and 2) or ``octopack`` (one for each task).

    Raises:
        UnknownName: any other paper.
    """
    readers = {"codem": _codem, "octopack": _octopack}
    if paper not in readers:
        raise UnknownName("paper", paper, readers)
    return readers[paper]()


@functools.cache
def _codem() -> tuple[PublishedTable, ...]:
    titles = {
        "table1": "Table 1: StarCoder 7B and the models tuned from it, pass@1, %",
        "table2": "Table 2: StarCoder 15B tuned on Python, pass@1, %",
    }
    return tuple(_table("codem", name, title, _rows(f"codem-{name}")) for name, title in titles.items())


@functools.cache
def _octopack() -> tuple[PublishedTable, ...]:
    tasks: dict[str, list[dict[str, str]]] = {}
    for row in _rows("octopack"):
        tasks.setdefault(row.pop("task"), []).append(row)
    return tuple(
        _table("octopack", task, f"HumanEval{task.title()}, pass@1, %", rows) for task, rows in tasks.items()
    )


def legible_figure4() -> Iterator[tuple[str, str, str, float]]:
    """The legible cells of CodeM's Figure 4: (a or b, first, second, r to two decimals)."""
    for row in _rows("codem-figure4"):
        yield row["part"], row["first"], row["second"], float(row["r"])


def _table(paper: str, name: str, title: str, rows: list[dict[str, str]]) -> PublishedTable:
    columns = tuple(column for column in rows[0] if column != "model")
    rates = {row["model"]: {column: float(row[column]) for column in columns} for row in rows}
    return PublishedTable(paper, name, title, columns, rates, tuple(_notes(paper, name)))


def _notes(paper: str, name: str) -> Iterator[str]:
    for row in _rows("notes"):
        general = paper == "octopack" and row["table"] == "tasks"
        if row["paper"] == paper and (row["table"] == name or general):
            about = " on ".join(part for part in (row["model"], row["column"]) if part)
            if general and row["column"] and not row["column"].startswith(name):
                continue
            yield f"{about}: {row['note']}" if about else row["note"]


def _rows(name: str) -> list[dict[str, str]]:
    path = resources.files("crosstune.analysis").joinpath("published", f"{name}.csv")
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))
