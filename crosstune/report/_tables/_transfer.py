"""Tables of rates, gains over the baseline and differences to the control."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import TypeVar

from crosstune.analysis import Findings, Gain, Rate, TaskKey
from crosstune.report._links import answers_link
from crosstune.report._tables._columns import certainty_columns, difference_column, task_column
from crosstune.report._words import basis, language_title, task_title
from crosstune.tables import (
    CELL,
    COUNT,
    FLAG,
    MINUS,
    NAMED,
    PERCENT,
    RATE,
    SPAN,
    Cell,
    Column,
    Group,
    Table,
    bounds,
    percent,
    points,
)

R = TypeVar("R")


def rates(findings: Findings) -> Table[Rate]:
    return Table(
        "pass@1 in percent over all seeds, with 95 % intervals",
        (
            Column("model", lambda rate: rate.model, key="model", heading="Model"),
            task_column(findings, lambda rate: rate.task_key),
            Column(("pass@1", "low", "high"), _same, RATE, key=("pass_at_1", "low", "high")),
            Column("problems", lambda rate: rate.problems, COUNT, key="problems"),
            Column("seeds", lambda rate: rate.seeds, COUNT, key="seeds"),
        ),
        [findings.rates[key] for key in _order(findings, findings.rates)],
        name="rates",
        json="rates",
        keys=2,
    )


def gains(findings: Findings) -> Table[Gain]:
    """Each model against the baseline."""
    reach = end_of_scale(findings.gains.values())

    def rate(model: str, gain: Gain) -> Rate:
        return findings.rates[model, gain.task_key]

    return Table(
        "Gains over the baseline, in points, with 95 % intervals",
        (
            Column("model", lambda gain: gain.model, key="model", heading="Model"),
            task_column(findings, lambda gain: gain.task_key),
            Column("", lambda gain: gain.against, key="baseline"),
            *_difference("gain", "Gain, points", reach),
            Column(
                ("pass@1",),
                lambda gain: rate(gain.model, gain),
                RATE,
                key=("pass_at_1", "low", "high"),
                heading="pass@1, %",
            ),
            Column("", lambda gain: rate(gain.against, gain).value, PERCENT, key="baseline_pass_at_1"),
            _tuned(findings),
            *certainty_columns(_same_gain),
        ),
        [findings.gains[key] for key in _order(findings, findings.gains)],
        name="gains",
        json="transfer",
        keys=2,
    )


def control(findings: Findings) -> Table[Gain]:
    """Each tuned model against the control; no rows without a control."""
    reach = end_of_scale(findings.against_control.values())
    return Table(
        "Differences to the control, in points, with 95 % intervals",
        (
            Column("model", lambda gain: gain.model, key="model", heading="Model"),
            task_column(findings, lambda gain: gain.task_key),
            Column("", lambda gain: gain.against, key="control"),
            *_difference("difference", "Difference, points", reach),
            Column(
                ("pass@1",), lambda gain: findings.rates[gain.model, gain.task_key], RATE, heading="pass@1, %"
            ),
            _tuned(findings),
            *certainty_columns(_same_gain),
        ),
        [findings.against_control[key] for key in _order(findings, findings.against_control)],
        name="control",
        json="control",
        keys=2,
    )


def _same_gain(gain: Gain) -> Gain:
    return gain


def _same(row: R) -> R:
    return row


def _tuned(findings: Findings) -> Column[Gain]:
    return Column(
        "tuned on it",
        lambda gain: findings.trained(gain.model, gain.task_key),
        FLAG,
        key="trained",
        heading="Tuned on it",
    )


def _difference(key: str, heading: str, reach: int) -> tuple[Column[Gain], Column[Gain]]:
    """The difference and its picture."""
    keys = f"{key}_points", f"{key}_low", f"{key}_high"
    return difference_column("gain", _same_gain, keys, heading), difference_picture(reach)


def difference_picture(reach: int) -> Column[Gain]:
    """The difference and its interval on a scale of ``reach`` points to each side."""
    return Column(
        "",
        lambda gain: Cell(
            "", span=(gain.low / reach, gain.value / reach, gain.high / reach), sure=gain.beyond
        ),
        SPAN,
        heading=f"{MINUS}{reach} 0 +{reach}",
    )


def _order(findings: Findings, known: Mapping[tuple[str, TaskKey], Gain | Rate]) -> list[tuple[str, TaskKey]]:
    keys = ((model, task_key) for model in findings.models for task_key in findings.task_keys)
    return [key for key in keys if key in known]


def end_of_scale(gains: Iterable[Gain]) -> int:
    """The end of the scale, in points, that all intervals fit on."""
    furthest = max((abs(end) for gain in gains for end in (gain.low, gain.high)), default=0.0)
    return next(end for end in (10, 25, 50, 100) if furthest <= end or end == 100)


def largest_gain(gains: Iterable[Gain]) -> float:
    return max((abs(gain.value) for gain in gains), default=0.0)


def transfer_matrix(findings: Findings) -> Table[str]:
    """pass@1 and gain over the baseline: models down, tasks across."""
    return _matrix(
        findings,
        f"pass@1 in percent, over {basis(findings)}",
        findings.models,
        partial(_rate_cell, findings),
        name="transfer",
        corner="pass@1, in %",
    )


def control_matrix(findings: Findings) -> Table[str]:
    """The difference to the control: models down, tasks across; no rows without a control."""
    return _matrix(
        findings,
        f"Difference to {findings.run.control} in points",
        list(dict.fromkeys(model for model, _ in findings.against_control)),
        partial(_difference_cell, findings),
        corner=f"minus {findings.run.control}",
    )


def _matrix(
    findings: Findings,
    title: str,
    models: Sequence[str],
    cell: Callable[[TaskKey, str], Cell | None],
    *,
    corner: str,
    name: str = "",
) -> Table[str]:
    columns: list[Column[str]] = [Column("model", partial(_model, findings), NAMED, heading="")]
    columns += [
        Column(task_title(task_key, findings), partial(cell, task_key), CELL, heading=task_key.task)
        for task_key in findings.task_keys
    ]
    return Table(title, columns, models, name=name, groups=task_groups(findings), stacked=True, corner=corner)


def task_groups(findings: Findings) -> tuple[Group, ...]:
    """A heading for each language (of each benchmark) over its tasks."""
    several = len({task_key.benchmark for task_key in findings.task_keys}) > 1
    grouped = groupby(findings.task_keys, key=lambda task_key: (task_key.benchmark, task_key.language))
    return tuple(
        Group(language_title(language), len(list(members)), benchmark if several else "")
        for (benchmark, language), members in grouped
    )


def _model(findings: Findings, model: str) -> Cell:
    roles = {findings.run.baseline: "baseline", findings.run.control: "control"}
    role = "" if findings.run.evaluation else roles.get(model, "")
    return Cell(model, bounds="" if role == model else role)


def _rate_cell(findings: Findings, task_key: TaskKey, model: str) -> Cell | None:
    rate = findings.rates.get((model, task_key))
    if rate is None:
        return None
    gain = findings.gains.get((model, task_key))
    of_rate = bounds(100 * rate.low, 100 * rate.high)
    about = f"{model}, {task_title(task_key, findings)}: {percent(rate.value)} % {of_rate}"
    if gain:
        of_gain = bounds(gain.low, gain.high)
        about += f", gain {points(gain.value)} points {of_gain}, {certainty(gain)}"
    return Cell(
        percent(rate.value),
        sub=points(gain.value) + gain.stars if gain else "",
        bounds=of_gain if gain else of_rate,
        value=100 * rate.value,
        sure=gain.beyond if gain else True,
        shade=gain.value / (largest_gain(findings.gains.values()) or 1.0) if gain else 0.0,
        tuned=findings.trained(model, task_key),
        about=about,
        link=answers_link(model, task_key),
    )


def _difference_cell(findings: Findings, task_key: TaskKey, model: str) -> Cell | None:
    gain = findings.against_control.get((model, task_key))
    if gain is None:
        return None
    scale = largest_gain(findings.gains.values()) or 1.0
    return Cell(
        points(gain.value) + gain.stars,
        bounds=bounds(gain.low, gain.high),
        value=gain.value,
        sure=gain.beyond,
        shade=max(-1.0, min(1.0, gain.value / scale)),
        tuned=findings.trained(model, task_key),
        about=f"{model} against {gain.against}, {task_title(task_key, findings)}: {certainty(gain)}",
    )


def certainty(gain: Gain) -> str:
    if gain.significant:
        return "the interval excludes 0, also after correction"
    return "the interval excludes 0" if gain.beyond else "may be 0"
