"""Small charts: rates and gains with their intervals, verdicts, and losses."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from crosstune.analysis import Findings, Gain, TaskKey
from crosstune.records import Status
from crosstune.report._draw import THEME, altair
from crosstune.tables import percent

WIDTH, LOSS_WIDTH = 164, 118
"""The widths of the plots in CSS pixels, without names and axes."""
POINTS = 160
"""The most points of one loss curve; longer curves are averaged."""


def rates_figure(findings: Findings, task_key: TaskKey) -> Any:
    """pass@1 of every model on ``task_key``: each seed a tick, all of them a point, the interval a line."""
    alt = altair()
    rows = [
        _rate_row(findings, model, task_key)
        for model in findings.models
        if (model, task_key) in findings.rates
    ]
    seeds = [
        {"model": score.model, "rate": 100 * score.pass_at_1, "seed": score.seed}
        for score in findings.scores
        if (score.benchmark, score.language, score.task) == tuple(task_key)
    ]
    order = [row["model"] for row in rows]
    y = alt.Y("model:N", sort=order, title=None, axis=alt.Axis(labelLimit=220, labelPadding=8))
    x = alt.X(
        "rate:Q", title=None, scale=alt.Scale(domain=[0, 100]), axis=alt.Axis(values=[0, 25, 50, 75, 100])
    )
    base = alt.Chart(alt.Data(values=rows)).encode(y=y)
    roles = alt.Scale(domain=list(ROLES), range=list(ROLES.values()))
    color = alt.Color("role:N", legend=None, scale=roles)
    layers = [
        base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", title=None), x2="high:Q", color=color),
        alt.Chart(alt.Data(values=seeds))
        .mark_tick(thickness=1, size=9, opacity=1, color=THEME["muted"])
        .encode(x=x, y=y),
        base.mark_point(filled=True, size=52, opacity=1).encode(x=x, color=color),
    ]
    reference = findings.rates.get((findings.run.baseline, task_key))
    if reference and not findings.run.evaluation:
        line = alt.Chart(alt.Data(values=[{"rate": 100 * reference.value}]))
        layers.insert(0, line.mark_rule(strokeDash=[2, 3], color=THEME["muted"]).encode(x=x))
    return alt.layer(*layers).properties(width=WIDTH, height=alt.Step(21))


ROLES = {
    "tuned on it": THEME["accent"],
    "not tuned on it": THEME["second"],
    "baseline or control": THEME["muted"],
}
"""Colours of the points: tuned on the cell, not tuned on it, the baseline and the control."""


def _rate_row(findings: Findings, model: str, task_key: TaskKey) -> dict[str, Any]:
    rate = findings.rates[model, task_key]
    if findings.run.evaluation:
        role = "tuned on it"  # the usual colour: there is nothing to tell apart
    elif model in (findings.run.baseline, findings.run.control):
        role = "baseline or control"
    else:
        role = "tuned on it" if findings.trained(model, task_key) else "not tuned on it"
    return {
        "model": model,
        "rate": 100 * rate.value,
        "low": 100 * rate.low,
        "high": 100 * rate.high,
        "role": role,
        "text": percent(rate.value),
    }


def loss_figure(curves: Mapping[int, Sequence[tuple[int, float]]], highest: float) -> Any:
    """The losses of one model, a line for each seed; ``highest`` is the top of all models' scale."""
    alt = altair()
    rows = [
        {"step": step, "loss": loss, "seed": str(seed)}
        for seed, curve in curves.items()
        for step, loss in thinned(curve)
    ]
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_line(strokeWidth=1.2, opacity=0.85)
        .encode(
            x=alt.X("step:Q", title="step", axis=alt.Axis(tickCount=3)),
            y=alt.Y("loss:Q", title=None, scale=alt.Scale(domain=[0, highest]), axis=alt.Axis(tickCount=4)),
            color=alt.Color("seed:N", legend=None, scale=alt.Scale(range=_LINES)),
        )
        .properties(width=LOSS_WIDTH, height=100)
    )


def loss_figures(findings: Findings) -> list[tuple[str, Any]]:
    """(model, chart) for each model that was trained here, all on one scale."""
    curves: dict[str, dict[int, Sequence[tuple[int, float]]]] = {}
    for (model, seed), curve in sorted(findings.run.losses.items()):
        if thinned(curve):
            curves.setdefault(model, {})[seed] = curve
    tops = [loss for by_seed in curves.values() for curve in by_seed.values() for _, loss in thinned(curve)]
    order = [model.name for model in findings.run.models if model.name in curves]
    return [(model, loss_figure(curves[model], max(tops))) for model in order]


_LINES = [THEME["accent"], THEME["second"], THEME["third"]]


def thinned(curve: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """At most `POINTS` points, each the mean loss of a stretch at its last step; without NaN and infinity."""
    finite = [(step, loss) for step, loss in curve if math.isfinite(loss)]
    stretch = max(1, math.ceil(len(finite) / POINTS))
    parts = [finite[start : start + stretch] for start in range(0, len(finite), stretch)]
    return [(part[-1][0], sum(loss for _, loss in part) / len(part)) for part in parts]


def gains_figure(findings: Findings, task_key: TaskKey, reach: float) -> Any:
    """The gain of every model on ``task_key`` with its interval, on a scale from -reach to reach points."""
    alt = altair()
    rows = [
        {"model": gain.model, "gain": gain.value, "low": gain.low, "high": gain.high, "kind": _kind(gain)}
        for model in findings.models
        if (gain := findings.gains.get((model, task_key)))
    ]
    y = alt.Y("model:N", sort=[row["model"] for row in rows], title=None, axis=alt.Axis(labelPadding=8))
    x = alt.X(
        "gain:Q",
        title=None,
        scale=alt.Scale(domain=[-reach, reach], clamp=True),
        axis=alt.Axis(values=[-reach, 0, reach], format="+d"),
    )
    color = alt.Color("kind:N", legend=None, scale=alt.Scale(domain=list(KINDS), range=list(KINDS.values())))
    base = alt.Chart(alt.Data(values=rows)).encode(y=y, color=color)
    zero = alt.Chart(alt.Data(values=[{"gain": 0}])).mark_rule(color=THEME["muted"]).encode(x=x)
    lines = base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", title=None), x2="high:Q")
    dots = base.mark_point(filled=True, size=52, opacity=1).encode(x=x)
    return alt.layer(zero, lines, dots).properties(width=WIDTH, height=alt.Step(21))


KINDS = {"gain": THEME["accent"], "loss": THEME["second"], "uncertain": THEME["muted"]}
"""Colours of gains and losses whose interval excludes 0, and of all others."""


def _kind(gain: Gain) -> str:
    if not gain.beyond:
        return "uncertain"
    return "gain" if gain.value > 0 else "loss"


def verdicts_figure(findings: Findings, task_key: TaskKey, shades: Mapping[str, str]) -> Any:
    """The statuses of every model's programs on ``task_key``, as shares of one bar."""
    alt = altair()
    order = [str(status) for status in Status]
    rows = [
        {"model": model, "status": str(status).replace("_", " "), "n": n, "at": order.index(status)}
        for model in findings.models
        for status, n in findings.failures.get((model, task_key), {}).items()
    ]
    given = [status for status in order if any(row["status"] == status.replace("_", " ") for row in rows)]
    colors = [THEME[shades.get(status, "other")] for status in given]
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_bar(height=13)
        .encode(
            x=alt.X("n:Q", stack="normalize", title=None, axis=alt.Axis(format="%", values=[0, 0.5, 1])),
            y=alt.Y("model:N", sort=list(findings.models), title=None, axis=alt.Axis(labelPadding=8)),
            color=alt.Color(
                "status:N",
                legend=None,
                scale=alt.Scale(domain=[status.replace("_", " ") for status in given], range=colors),
            ),
            order=alt.Order("at:Q"),
        )
        .properties(width=WIDTH, height=alt.Step(21))
    )
