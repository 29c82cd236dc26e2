"""Tables of the programs' verdicts: by problem, by status, without flagged problems."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import NamedTuple

from crosstune.analysis import Findings, Flagged, ProblemTable, Rate, TaskKey
from crosstune.records import Status
from crosstune.report._links import problems_link
from crosstune.report._tables._columns import task_column
from crosstune.tables import CELL, COUNT, POINTS, RATE, Cell, Column, Table, number


class _Problem(NamedTuple):
    """Each model's share of samples that solved the problem; None: not judged with every seed."""

    task_key: TaskKey
    name: str
    rates: dict[str, float | None]


def problems(findings: Findings) -> Table[_Problem]:
    rows = [
        _Problem(task_key, name, {model: rates[at] for model, rates in by_model.items()})
        for task_key, table in findings.problems.items()
        for by_model in [dict(zip(table.models, table.rates, strict=True))]
        for at, name in enumerate(table.problems)
    ]
    return Table(
        "Share of samples that solved each problem, in percent",
        (
            task_column(findings, lambda row: row.task_key),
            Column("problem", lambda row: row.name),
            *(Column(model, partial(_solved, model), number(0)) for model in findings.models),
        ),
        rows,
        name="problems",
        keys=2,
    )


def _solved(model: str, row: _Problem) -> float | None:
    rate = row.rates.get(model)
    return None if rate is None else 100 * rate


def unsolved(findings: Findings) -> Table[ProblemTable]:
    """Problems that no program passed, and those that every program did."""

    def listed(kind: str, table: ProblemTable) -> Cell:
        names = table.never_passed if kind == "nobody" else table.always_passed
        link = problems_link(table.task_key, kind) if names else ""
        return Cell(f"{len(names):,}", value=len(names), details=", ".join(names), link=link)

    return Table(
        "Problems that no program or every program solved",
        (
            task_column(findings, lambda table: table.task_key),
            Column("problems", lambda table: len(table.problems), COUNT, heading="Problems"),
            Column("unsolved", partial(listed, "nobody"), CELL, heading="No program passed"),
            Column("solved", partial(listed, "everybody"), CELL, heading="Every program passed"),
        ),
        [findings.problems[key] for key in findings.task_keys if key in findings.problems],
    )


class _Verdicts(NamedTuple):
    model: str
    task_key: TaskKey


def verdicts(findings: Findings) -> Table[_Verdicts]:
    given = [status for status in Status if any(status in counts for counts in findings.failures.values())]

    def programs(status: Status, row: _Verdicts) -> int:
        return findings.failures[row].get(status, 0)

    return Table(
        "Programs by verdict, over all seeds and samples",
        (
            Column("model", lambda row: row.model),
            task_column(findings, lambda row: row.task_key),
            *(Column(str(status), partial(programs, status), COUNT) for status in given),
        ),
        [
            _Verdicts(model, task_key)
            for model in findings.models
            for task_key in findings.task_keys
            if (model, task_key) in findings.failures
        ],
        name="verdicts",
        keys=2,
    )


def flagged(findings: Findings) -> Table[Flagged]:
    """Rates with and without the problems that the training sources contained."""
    return Table(
        "pass@1 with and without problems that the training sources contained, in percent",
        (
            Column("model", lambda one: one.model, key="model", heading="Model"),
            task_column(findings, lambda one: one.task_key),
            Column("flagged problems", lambda one: one.flagged, COUNT, key="problems", heading="Flagged"),
            Column(
                ("pass@1",),
                lambda one: one.with_them,
                RATE,
                key="pass_at_1",
                heading="pass@1 with them, %",
            ),
            Column(
                ("without them", "low", "high"),
                lambda one: one.without,
                RATE,
                key="without",
                heading="without, %",
            ),
            Column("", _change, POINTS, heading="Change, points"),
        ),
        list(findings.flagged.values()),
        name="flagged",
        json="flagged",
        keys=2,
    )


def flagged_somewhere(findings: Findings) -> Table[Flagged]:
    """`flagged` for the page: only rows with at least one such problem."""
    table = flagged(findings)
    return replace(table, rows=[one for one in table.rows if one.flagged], name="", json="")


def _change(one: Flagged) -> float | None:
    without: Rate | None = one.without
    return 100 * (without.value - one.with_them.value) if without else None
