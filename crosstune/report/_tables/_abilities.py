"""Tables of mean gains: on what a model was taught, on what that composes to, on the rest; mixed against
mono."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from crosstune.analysis import Contrast, Findings, MixedComparison, Relation, TaskKey
from crosstune.report._links import answers_link
from crosstune.report._tables._columns import (
    CONTRAST_KEYS,
    certainty_columns,
    difference_column,
    largest,
    task_column,
)
from crosstune.report._words import language_title, task_title
from crosstune.tables import CELL, COUNT, FLAG, Cell, Column, Table, percent, shaded


class _Kind(NamedTuple):
    """A model's mean gain on tasks of one kind."""

    model: str
    kind: Relation
    mean: Contrast


def abilities(findings: Findings) -> Table[_Kind]:
    """The mean gain of every model on what it was taught, on what that composes to, and on the rest."""
    return Table(
        "Mean gain by how a cell relates to what was taught, in points, with 95 % intervals",
        (
            Column("model", lambda row: row.model, key="model"),
            Column("cells", lambda row: str(row.kind), key="cells"),
            difference_column("mean gain", lambda row: row.mean, CONTRAST_KEYS, "Mean gain"),
            *certainty_columns(lambda row: row.mean),
        ),
        [_Kind(model, kind, one) for (model, kind), one in findings.abilities.items()],
        name="abilities",
        json="abilities",
        keys=2,
    )


def ability_matrix(findings: Findings) -> Table[str]:
    """`abilities` with the kinds across; no rows if all tasks were taught."""
    kinds = [kind for kind in Relation if any(kind is known for _, known in findings.abilities)]
    models = list(dict.fromkeys(model for model, _ in findings.abilities))
    shade = shaded(largest(findings.abilities.values()))
    names: list[Column[str]] = [Column("model", str, heading="")]
    return Table(
        "Mean gain by kind of cell",
        [*names, *(Column(str(kind), partial(_ability, findings, kind), shade) for kind in kinds)],
        models if any(kind is not Relation.TRAINED for kind in kinds) else [],
        stacked=True,
        corner="model",
    )


def _ability(findings: Findings, kind: Relation, model: str) -> Contrast | None:
    return findings.abilities.get((model, kind))


def mixed(findings: Findings) -> Table[MixedComparison]:
    return Table(
        "Several languages against one, on that one's own cells, in points, with 95 % intervals",
        (
            Column("mixed", lambda one: one.gain.model, key="mixed", heading="Mixed model"),
            Column("mono", lambda one: one.gain.against, key="mono", heading="Mono model"),
            task_column(findings, lambda one: one.gain.task_key),
            difference_column("difference", lambda one: one.gain, CONTRAST_KEYS, "Difference, points"),
            Column("rows", lambda one: one.rows or None, COUNT, key="rows", heading="Rows"),
            Column(
                "rows of mono",
                lambda one: one.against_rows or None,
                COUNT,
                key="mono_rows",
                heading="Rows of mono",
            ),
            Column("", lambda one: one.equal_size, FLAG, key="equal_size", heading="Equal size"),
            *certainty_columns(lambda one: one.gain),
        ),
        findings.mixed,
        name="mixed",
        json="mixed",
        keys=3,
    )


def language_by_task(findings: Findings) -> list[Table[tuple[str, str]]]:
    """Languages down, tasks across, a table for each tuned model; empty unless there are several of both."""
    tasks = list(dict.fromkeys(task_key.task for task_key in findings.task_keys))
    rows = list(dict.fromkeys((task_key.benchmark, task_key.language) for task_key in findings.task_keys))
    if len(tasks) < 2 or len(rows) < 2:
        return []
    several = len({benchmark for benchmark, _ in rows}) > 1

    def name(row: tuple[str, str]) -> str:
        return (f"{row[0]}: " if several else "") + language_title(row[1])

    names: list[Column[tuple[str, str]]] = [Column("language", name, heading="")]
    return [
        Table(
            model,
            [*names, *(Column(task, partial(_by_task, findings, model, task), CELL) for task in tasks)],
            rows,
            stacked=True,
            corner="pass@1, in %",
        )
        for model in findings.models
        if findings.model(model).trained
    ]


def _by_task(findings: Findings, model: str, task: str, row: tuple[str, str]) -> Cell | None:
    key = model, TaskKey(*row, task)
    rate, gain = findings.rates.get(key), findings.gains.get(key)
    if rate is None:
        return None
    scale = max((abs(one.value) for one in findings.gains.values()), default=0.0) or 1.0
    relation = findings.relation(*key)
    return Cell(
        percent(rate.value) + (gain.stars if gain else ""),
        sub=str(relation or ""),
        value=100 * rate.value,
        sure=gain.beyond if gain else False,
        shade=max(-1.0, min(1.0, gain.value / scale)) if gain else 0.0,
        tuned=relation is Relation.TRAINED,
        about=f"{model}, {task_title(key[1], findings)}",
        link=answers_link(*key),
    )
