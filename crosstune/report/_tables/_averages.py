"""Tables of rates over several languages of a task, and of pass@k with several samples."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import NamedTuple

from crosstune.analysis import AtK, Average, Findings, TaskKey
from crosstune.report._tables._columns import task_column
from crosstune.report._words import language_title, task_title
from crosstune.tables import CELL, COUNT, RATE, Cell, Column, Estimate, Table


def averages(findings: Findings) -> Table[Average]:
    return Table(
        "Mean pass@1 over the languages of a task, in percent, with 95 % intervals",
        (
            Column("task", lambda one: one.task, key="task"),
            Column("model", lambda one: one.model, key="model"),
            Column("", lambda one: one.benchmark, key="benchmark"),
            Column(("pass@1", "low", "high"), lambda one: one, RATE, key=("value", "low", "high")),
            Column("languages", lambda one: one.languages, COUNT, key="languages"),
        ),
        list(findings.averages.values()),
        name="tasks",
        json="tasks",
        keys=2,
    )


def task_by_task(findings: Findings) -> list[Table[str]]:
    """Models down, languages across, their mean last (as OctoPack's table), one table for each task."""
    several = len({task_key.benchmark for task_key in findings.task_keys}) > 1
    made = []
    for benchmark, task in dict.fromkeys((benchmark, task) for _, benchmark, task in findings.averages):
        members = [key for key in findings.task_keys if (key.benchmark, key.task) == (benchmark, task)]
        columns: list[Column[str]] = [Column("model", str, heading="")]
        columns += [
            Column(language_title(key.language), partial(_rate, findings, key), CELL) for key in members
        ]
        columns.append(Column("mean", partial(_mean, findings, benchmark, task), CELL))
        rows = [model for model in findings.models if any((model, key) in findings.rates for key in members)]
        title = f"{benchmark}: {task}" if several else task
        made.append(Table(title, columns, rows, stacked=True, corner="pass@1, in %"))
    return made


def _rate(findings: Findings, task_key: TaskKey, model: str) -> Cell | None:
    rate = findings.rates.get((model, task_key))
    return _shaded(rate, tuned=findings.trained(model, task_key)) if rate else None


def _mean(findings: Findings, benchmark: str, task: str, model: str) -> Cell | None:
    one = findings.averages.get((model, benchmark, task))
    return _shaded(one) if one else None


def _shaded(rate: Estimate, *, tuned: bool = False) -> Cell:
    return replace(RATE.show(rate), shade=rate.value, tuned=tuned)


class _PassAtK(NamedTuple):
    """pass@k of one model on one task."""

    model: str
    task_key: TaskKey
    rate: AtK


def at_k(findings: Findings) -> Table[_PassAtK]:
    return Table(
        "pass@k in percent, with 95 % intervals",
        (
            Column("model", lambda row: row.model, key="model"),
            task_column(findings, lambda row: row.task_key),
            Column("k", lambda row: row.rate.k, COUNT, key="k"),
            Column(("pass@k", "low", "high"), lambda row: row.rate, RATE, key=("value", "low", "high")),
        ),
        [_PassAtK(*key, one) for key, several in findings.at_k.items() for one in several],
        name="pass-at-k",
        json="at_k",
        keys=2,
    )


def at_k_by_task(findings: Findings) -> list[Table[str]]:
    """pass@k of every model, k across, one table for each task; empty with one sample for each problem."""
    ks = sorted({one.k for several in findings.at_k.values() for one in several})
    made = []
    for task_key in findings.task_keys:
        columns: list[Column[str]] = [Column("model", str, heading="")]
        columns += [Column(f"pass@{k}", partial(_at_k, findings, task_key, k), CELL) for k in ks]
        rows = [model for model in findings.models if findings.at_k.get((model, task_key))]
        title = task_title(task_key, findings)
        made.append(Table(title, columns, rows, stacked=True, corner="in %"))
    return [table for table in made if table]


def _at_k(findings: Findings, task_key: TaskKey, k: int, model: str) -> Cell | None:
    several = findings.at_k.get((model, task_key), ())
    return next((_shaded(one) for one in several if one.k == k), None)
