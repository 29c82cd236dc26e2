"""Small pictures as SVG: rates with their intervals, and losses."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from crosstune.analysis import Cell, Findings
from crosstune.errors import MissingExtra
from crosstune.report._words import percent

THEME = {
    "ink": "#1d1c1a",
    "muted": "#6d6a63",
    "rule": "#dbd7ce",
    "accent": "#17667d",
    "second": "#b3541e",
    "third": "#6a5a8c",
}
"""Role: its light colour. A picture in the page takes the page's own, so it follows dark and print."""

WIDTH, LOSS_WIDTH = 164, 118
"""Of the plots themselves, in CSS pixels; names and axes come on top."""
POINTS = 160
"""Of one loss curve: more than the pixels can show is averaged."""


def rates_figure(findings: Findings, cell: Cell) -> str:
    """pass@1 of every model on ``cell``: each seed a tick, all of them a point, its interval a line."""
    alt = _altair()
    rows = [_rate_row(findings, model, cell) for model in findings.models if (model, cell) in findings.rates]
    seeds = [
        {"model": score.model, "rate": 100 * score.pass_at_1, "seed": score.seed}
        for score in findings.scores
        if (score.benchmark, score.language, score.task) == tuple(cell)
    ]
    order = [row["model"] for row in rows]
    y = alt.Y("model:N", sort=order, title=None, axis=alt.Axis(labelLimit=120, labelPadding=8))
    x = alt.X(
        "rate:Q", title=None, scale=alt.Scale(domain=[0, 100]), axis=alt.Axis(values=[0, 25, 50, 75, 100])
    )
    base = alt.Chart(alt.Data(values=rows)).encode(y=y)
    color = alt.Color("role:N", legend=None, scale=alt.Scale(domain=list(ROLES), range=list(ROLES.values())))
    layers = [
        base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", title=None), x2="high:Q", color=color),
        alt.Chart(alt.Data(values=seeds))
        .mark_tick(thickness=1, size=9, opacity=1, color=THEME["muted"])
        .encode(x=x, y=y),
        base.mark_point(filled=True, size=52, opacity=1).encode(x=x, color=color),
    ]
    reference = findings.rates.get((findings.run.baseline, cell))
    if reference:
        line = alt.Chart(alt.Data(values=[{"rate": 100 * reference.value}]))
        layers.insert(0, line.mark_rule(strokeDash=[2, 3], color=THEME["muted"]).encode(x=x))
    return _svg(alt.layer(*layers).properties(width=WIDTH, height=alt.Step(21)))


ROLES = {"tuned on it": THEME["accent"], "not tuned on it": THEME["second"], "compared with": THEME["muted"]}
"""Colours of the points: tuned on the cell, not tuned on it, the baseline and the control."""


def _rate_row(findings: Findings, model: str, cell: Cell) -> dict[str, Any]:
    rate = findings.rates[model, cell]
    if model in (findings.run.baseline, findings.run.control):
        role = "compared with"
    else:
        role = "tuned on it" if findings.trained(model, cell) else "not tuned on it"
    return {
        "model": model,
        "rate": 100 * rate.value,
        "low": 100 * rate.low,
        "high": 100 * rate.high,
        "role": role,
        "text": percent(rate.value),
    }


def loss_figure(curves: Mapping[int, Sequence[tuple[int, float]]], highest: float) -> str:
    """The losses of one model, a line a seed; ``highest`` is the top of the scale, for all models."""
    alt = _altair()
    rows = [
        {"step": step, "loss": loss, "seed": str(seed)}
        for seed, curve in curves.items()
        for step, loss in thinned(curve)
    ]
    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_line(strokeWidth=1.2, opacity=0.85)
        .encode(
            x=alt.X("step:Q", title="step", axis=alt.Axis(tickCount=3)),
            y=alt.Y("loss:Q", title=None, scale=alt.Scale(domain=[0, highest]), axis=alt.Axis(tickCount=4)),
            color=alt.Color("seed:N", legend=None, scale=alt.Scale(range=_LINES)),
        )
        .properties(width=LOSS_WIDTH, height=100)
    )
    return _svg(chart)


_LINES = [THEME["accent"], THEME["second"], THEME["third"]]


def thinned(curve: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """At most `POINTS` points: each the mean loss of a stretch, at its last step; no NaN or infinity."""
    finite = [(step, loss) for step, loss in curve if math.isfinite(loss)]
    stretch = max(1, math.ceil(len(finite) / POINTS))
    parts = [finite[start : start + stretch] for start in range(0, len(finite), stretch)]
    return [(part[-1][0], sum(loss for _, loss in part) / len(part)) for part in parts]


def _altair() -> Any:
    try:
        import altair as alt
        import vl_convert  # noqa: F401  (draws what Altair describes)
    except ImportError as fault:
        raise MissingExtra(fault.name or "altair", "report") from None
    return alt


def _svg(chart: Any) -> str:
    import vl_convert

    axis = {
        "labelColor": THEME["muted"],
        "titleColor": THEME["muted"],
        "titleFontWeight": "normal",
        "gridColor": THEME["rule"],
        "domain": False,
        "ticks": False,
        "labelFlush": False,
        "labelFontSize": 11,
        "titleFontSize": 11,
    }
    dressed = (
        chart.configure(background="transparent", font="inherit", padding=4)
        .configure_view(stroke=None)
        .configure_axis(**axis)
        .configure_axisY(grid=False, labelColor=THEME["ink"])
    )
    return _themed(vl_convert.vegalite_to_svg(dressed.to_dict()))


def _themed(svg: str) -> str:
    """The SVG for the page: colours by role, hidden from screen readers (a table has the numbers)."""
    for role, color in THEME.items():
        svg = svg.replace(f'"{color}"', f'"var(--{role}, {color})"')
    svg = re.sub(r' (?:aria-[a-z]+|role)="[^"]*"', "", svg)
    return svg.replace("<svg ", '<svg aria-hidden="true" ', 1)
