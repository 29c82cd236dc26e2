"""Tables as pictures: transfer, and what goes together with its tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crosstune.analysis import Findings, Matrix, Tree
from crosstune.report._draw import THEME, altair
from crosstune.report._view import HeatRow
from crosstune.report._words import signed, task_title

FULL = 0.62
"""Opacity of the strongest shade: text stands out on it in light and dark."""
CELL, SMALL_CELL = 46, 34
"""Width and height of a field, in pixels; the small one where there are more than eight."""
TREE = 52
"""Height of a dendrogram."""


def transfer_chart(findings: Findings, rows: Sequence[HeatRow]) -> Any:
    """The page's transfer table as a chart: ``rows`` as `transfer_rows` gives them."""
    alt = altair()
    titles = [task_title(task_key, findings) for task_key in findings.task_keys]
    values = [
        {
            "model": row.name,
            "cell": title,
            "main": mark.main,
            "sub": mark.sub,
            "hue": "loss" if mark.shade < 0 else "gain",
            "shade": abs(mark.shade) * (FULL if mark.sure else FULL / 2),
            "line": 1.6 if mark.trained else 0,
        }
        for row in rows
        for title, mark in zip(titles, row.marks, strict=True)
        if mark
    ]
    fields = alt.Chart(alt.Data(values=values)).encode(
        x=alt.X(
            "cell:N",
            sort=titles,
            title=None,
            axis=alt.Axis(orient="top", labelAngle=-35, labelColor=THEME["ink"]),
        ),
        y=alt.Y("model:N", sort=[row.name for row in rows], title=None),
    )
    boxes = fields.mark_rect(stroke=THEME["ink"]).encode(
        fill=_hue(alt, "hue"),
        fillOpacity=alt.FillOpacity("shade:Q", scale=None),
        strokeWidth=alt.StrokeWidth("line:Q", scale=None),
    )
    main = fields.mark_text(dy=-6, fontSize=12, fontWeight="bold", color=THEME["ink"]).encode(text="main:N")
    sub = fields.mark_text(dy=8, fontSize=10, color=THEME["ink"]).encode(text="sub:N")
    return alt.layer(boxes, main, sub).properties(width=alt.StepSummary(66), height=alt.StepSummary(38))


def correlation_chart(names: Sequence[str], matrix: Matrix, tree: Tree | None) -> Any:
    """Pearson's r between ``names``, in the order of ``tree`` where there is one, which stands on top."""
    alt = altair()
    order = tree.order if tree else tuple(range(len(names)))
    values = [
        {"x": x, "y": y, "r": "\u2013" if r is None else signed(r), "hue": "loss" if (r or 0) < 0 else "gain"}
        | {"shade": FULL * abs(r or 0)}
        for y, row in enumerate(order)
        for x, column in enumerate(order)
        for r in [matrix[row][column]]
    ]
    side = CELL if len(names) <= 8 else SMALL_CELL
    shown = {str(at): names[leaf] for at, leaf in enumerate(order)}
    label = alt.ExprRef(f"{_quoted(shown)}[datum.value]")
    axis = {"title": None, "axis": alt.Axis(labelExpr=label.expr, labelLimit=220, tables=False, labelAngle=0)}
    below = {**axis, "axis": alt.Axis(labelExpr=label.expr, labelLimit=220, tables=False, labelAngle=-40)}
    places = [str(at) for at in range(len(names))]
    fields = alt.Chart(alt.Data(values=values)).encode(
        x=alt.X("x:O", sort=places, scale=alt.Scale(padding=0.03), **below),
        y=alt.Y("y:O", sort=places, scale=alt.Scale(padding=0.03), **axis),
    )
    boxes = fields.mark_rect().encode(
        fill=_hue(alt, "hue"), fillOpacity=alt.FillOpacity("shade:Q", scale=None)
    )
    text = fields.mark_text(fontSize=10, color=THEME["ink"]).encode(text="r:N")
    heat = alt.layer(boxes, text).properties(width=side * len(names), height=side * 0.7 * len(names))
    return alt.vconcat(_dendrogram(alt, tree, side), heat, spacing=2) if tree else heat


def _dendrogram(alt: Any, tree: Tree, side: int) -> Any:
    leaves = len(tree.order)
    values = [
        {"number": number, "step": step, "x": x, "y": y}
        for number, corners in enumerate(tree.segments())
        for step, (x, y) in enumerate(corners)
    ]
    return (
        alt.Chart(alt.Data(values=values))
        .mark_line(color=THEME["muted"], strokeWidth=1.2, interpolate="linear")
        .encode(
            x=alt.X("x:Q", scale=alt.Scale(domain=[-0.5, leaves - 0.5], nice=False), axis=None),
            y=alt.Y(
                "y:Q",
                title="1 \u2212 r",
                scale=alt.Scale(domainMin=0),
                axis=alt.Axis(tickCount=3, labelColor=THEME["muted"]),
            ),
            detail="number:N",
            order="step:Q",
        )
        .properties(width=side * leaves, height=TREE)
    )


def _hue(alt: Any, field: str) -> Any:
    hues = ("gain", "loss")
    return alt.Fill(
        f"{field}:N", legend=None, scale=alt.Scale(domain=hues, range=[THEME[hue] for hue in hues])
    )


def _quoted(names: Mapping[str, str]) -> str:
    """As an object in the language of Vega's expressions, which is JSON's."""
    import json

    return json.dumps(names)
