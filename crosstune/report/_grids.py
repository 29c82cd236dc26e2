"""Languages and tasks in grids, as the page's template wants them: rows of marks, no markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crosstune.analysis import Average, Contrast, Findings, Gain, Relation, TaskKey
from crosstune.report._view import HeatRow, Mark, link
from crosstune.report._words import MINUS, bounds, language_title, percent, points, task_title


@dataclass(frozen=True)
class RateTables:
    """``rows`` of marks below ``columns``; ``corner`` says what they are."""

    title: str
    corner: str
    columns: tuple[str, ...]
    rows: list[HeatRow]


def exchange(findings: Findings) -> list[RateTables]:
    """Who gives and who takes; then, per pair of languages, there and back."""
    found = findings.exchanges
    scale = _scale(one for row in found for one in (row.gives, row.takes, row.net) if one)
    sides = [(row.language, (row.gives, row.takes, row.net)) for row in found]
    grids = [
        _contrasts(
            "Who gives, who takes", "language", ("gives", "takes", f"gives {MINUS} takes"), sides, scale
        )
    ]
    pairs = [
        (f"{language_title(one.first)} → {language_title(one.second)}", (one.there, one.back, one.difference))
        for one in findings.balances
    ]
    grids.append(_contrasts("There and back", "pair", ("there", "back", f"there {MINUS} back"), pairs, scale))
    return [tables for tables in grids if tables.rows]


def _contrasts(
    title: str,
    corner: str,
    columns: tuple[str, ...],
    rows: Iterable[tuple[str, Sequence[Contrast | None]]],
    scale: float,
) -> RateTables:
    return RateTables(
        title,
        corner,
        columns,
        [
            HeatRow(
                language_title(name) if corner == "language" else name,
                "",
                tuple(_difference(one, scale) if one else None for one in contrasts),
            )
            for name, contrasts in rows
        ],
    )


def _difference(one: Contrast | Gain, scale: float, title: str = "") -> Mark:
    return Mark(
        main=points(one.value) + one.stars,
        sub=bounds(one.low, one.high),
        title=title,
        shade=max(-1.0, min(1.0, one.value / scale)),
        sure=one.beyond,
    )


def _scale(found: Iterable[Contrast | Gain]) -> float:
    return max((abs(one.value) for one in found), default=0.0) or 1.0


def abilities(findings: Findings) -> RateTables | None:
    """The mean gain of every model on what it was taught, what that composes to, and the rest."""
    kinds = [kind for kind in Relation if any(kind is found for _, found in findings.abilities)]
    models = dict.fromkeys(model for model, _ in findings.abilities)
    if not any(kind is not Relation.TRAINED for kind in kinds):
        return None
    scale = _scale(findings.abilities.values())
    rows = [
        HeatRow(
            model,
            "",
            tuple(
                _difference(one, scale) if (one := findings.abilities.get((model, kind))) else None
                for kind in kinds
            ),
        )
        for model in models
    ]
    return RateTables("Mean gain by kind of cell", "model", tuple(str(kind) for kind in kinds), rows)


def matrices(findings: Findings) -> list[RateTables]:
    """Language x task for every model that was taught, where there are several of both."""
    tasks = tuple(dict.fromkeys(task_key.task for task_key in findings.task_keys))
    places = tuple(dict.fromkeys((task_key.benchmark, task_key.language) for task_key in findings.task_keys))
    if len(tasks) < 2 or len(places) < 2:
        return []
    scale = _scale(findings.gains.values())
    several = len({benchmark for benchmark, _ in places}) > 1
    return [
        RateTables(
            model,
            "pass@1, in %",
            tasks,
            [
                HeatRow(
                    (f"{benchmark}: " if several else "") + language_title(language),
                    "",
                    tuple(
                        _ability(findings, model, TaskKey(benchmark, language, task), scale) for task in tasks
                    ),
                )
                for benchmark, language in places
            ],
        )
        for model in findings.models
        if findings.model(model).trained
    ]


def _ability(findings: Findings, model: str, task_key: TaskKey, scale: float) -> Mark | None:
    rate, gain = findings.rates.get((model, task_key)), findings.gains.get((model, task_key))
    if rate is None:
        return None
    relation = findings.relation(model, task_key)
    return Mark(
        main=percent(rate.value) + (gain.stars if gain else ""),
        sub=str(relation or ""),
        title=f"{model}, {task_title(task_key, findings)}",
        shade=max(-1.0, min(1.0, gain.value / scale)) if gain else 0.0,
        trained=relation is Relation.TRAINED,
        sure=gain.beyond if gain else False,
        link=link(model, task_key),
    )


def by_task(findings: Findings) -> list[RateTables]:
    """Task by task: models down, languages across, their mean last (the form of OctoPack's table)."""
    several = len({task_key.benchmark for task_key in findings.task_keys}) > 1
    grids = []
    for benchmark, task in dict.fromkeys((benchmark, task) for _, benchmark, task in findings.averages):
        task_keys = [
            task_key
            for task_key in findings.task_keys
            if (task_key.benchmark, task_key.task) == (benchmark, task)
        ]
        columns = (*(language_title(task_key.language) for task_key in task_keys), "mean")
        rows = [
            HeatRow(
                model,
                "",
                (
                    *(_rate(findings, model, task_key) for task_key in task_keys),
                    _average(findings.averages.get((model, benchmark, task))),
                ),
            )
            for model in findings.models
            if any((model, task_key) in findings.rates for task_key in task_keys)
        ]
        grids.append(RateTables(f"{benchmark}: {task}" if several else task, "pass@1, in %", columns, rows))
    return grids


def _rate(findings: Findings, model: str, task_key: TaskKey) -> Mark | None:
    rate = findings.rates.get((model, task_key))
    if rate is None:
        return None
    return Mark(
        main=percent(rate.value),
        sub=bounds(100 * rate.low, 100 * rate.high),
        title="",
        shade=rate.value,
        trained=findings.trained(model, task_key),
        sure=True,
    )


def _average(one: Average | None) -> Mark | None:
    if one is None:
        return None
    return Mark(percent(one.value), bounds(100 * one.low, 100 * one.high), "", one.value, sure=True)


def at_k(findings: Findings) -> list[RateTables]:
    """pass@k of every model, a table a cell; empty where problems had one sample each."""
    ks = sorted({one.k for found in findings.at_k.values() for one in found})
    grids = []
    for task_key in findings.task_keys:
        found = {model: findings.at_k.get((model, task_key), ()) for model in findings.models}
        rows = [
            HeatRow(
                model,
                "",
                tuple(
                    next(
                        (
                            Mark(
                                percent(one.value),
                                bounds(100 * one.low, 100 * one.high),
                                "",
                                one.value,
                                sure=True,
                            )
                            for one in ones
                            if one.k == k
                        ),
                        None,
                    )
                    for k in ks
                ),
            )
            for model, ones in found.items()
            if ones
        ]
        if rows:
            columns = tuple(f"pass@{k}" for k in ks)
            grids.append(RateTables(task_title(task_key, findings), "in %", columns, rows))
    return grids
