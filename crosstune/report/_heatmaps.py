"""Matrices as pictures: transfer and differences, and correlations with their tree."""

from __future__ import annotations

import json
from typing import Any

from crosstune.analysis import Tree
from crosstune.report._draw import THEME, altair
from crosstune.report._tables import Correlation
from crosstune.tables import ABSENT, Table, signed

FULL = 0.62
"""Opacity of the strongest shade: text stays readable on it in light and dark."""
FIELD, SMALL_FIELD = 46, 34
"""Width and height of a field, in pixels; the small one if there are more than eight."""
TREE = 52
"""Height of a dendrogram."""


def matrix_chart(table: Table[Any]) -> Any:
    """A matrix of the page as a chart: the first column names the rows, the others are shaded fields."""
    alt = altair()
    names, *columns = table.columns
    rows = [(cell.main, row) for row in table.rows if (cell := names.cell(row))]
    values = [
        {
            "row": name,
            "column": column.title,
            "main": cell.main,
            "sub": cell.bounds if cell.sub is None else cell.sub,
            "hue": "loss" if cell.shade < 0 else "gain",
            "shade": abs(cell.shade) * (FULL if cell.sure else FULL / 2),
            "line": 1.6 if cell.tuned else 0,
        }
        for name, row in rows
        for column in columns
        if (cell := column.cell(row))
    ]
    top = alt.Axis(orient="top", labelAngle=-35, labelColor=THEME["ink"])
    fields = alt.Chart(alt.Data(values=values)).encode(
        x=alt.X("column:N", sort=[column.title for column in columns], title=None, axis=top),
        y=alt.Y("row:N", sort=[name for name, _ in rows], title=None),
    )
    boxes = fields.mark_rect(stroke=THEME["ink"]).encode(
        fill=_hue(alt, "hue"),
        fillOpacity=alt.FillOpacity("shade:Q", scale=None),
        strokeWidth=alt.StrokeWidth("line:Q", scale=None),
    )
    main = fields.mark_text(dy=-6, fontSize=12, fontWeight="bold", color=THEME["ink"]).encode(text="main:N")
    sub = fields.mark_text(dy=8, fontSize=10, color=THEME["ink"]).encode(text="sub:N")
    return alt.layer(boxes, main, sub).properties(width=alt.Step(66), height=alt.Step(38))


def correlation_chart(correlation: Correlation) -> Any:
    """Pearson's r as shaded fields in the tree's order, below the tree if there is one."""
    alt = altair()
    order, names = correlation.order, correlation.names
    values = [
        {"x": x, "y": y, "r": ABSENT if r is None else signed(r), "hue": "loss" if (r or 0) < 0 else "gain"}
        | {"shade": FULL * abs(r or 0)}
        for y, row in enumerate(order)
        for x, column in enumerate(order)
        for r in [correlation.matrix[row][column]]
    ]
    side = FIELD if len(names) <= 8 else SMALL_FIELD
    label = f"{json.dumps({str(at): names[leaf] for at, leaf in enumerate(order)})}[datum.value]"
    positions = [str(at) for at in range(len(names))]

    def axis(angle: int) -> dict[str, Any]:
        look = alt.Axis(labelExpr=label, labelLimit=220, grid=False, labelAngle=angle)
        return {"title": None, "axis": look, "sort": positions, "scale": alt.Scale(padding=0.03)}

    fields = alt.Chart(alt.Data(values=values)).encode(x=alt.X("x:O", **axis(-40)), y=alt.Y("y:O", **axis(0)))
    boxes = fields.mark_rect().encode(
        fill=_hue(alt, "hue"), fillOpacity=alt.FillOpacity("shade:Q", scale=None)
    )
    text = fields.mark_text(fontSize=10, color=THEME["ink"]).encode(text="r:N")
    heat = alt.layer(boxes, text).properties(width=side * len(names), height=side * 0.7 * len(names))
    tree = correlation.tree
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
