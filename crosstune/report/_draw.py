"""From a chart to SVG and PNG: one look for the page, which brings its own colours, and one for paper."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from crosstune.errors import MissingExtra

THEME = {
    "ink": "#1d1c1a",
    "muted": "#6d6a63",
    "rule": "#dbd7ce",
    "raised": "#f6f3ec",
    "accent": "#17667d",
    "second": "#b3541e",
    "third": "#6a5a8c",
    "fourth": "#9a7b14",
    "fifth": "#5c7a52",
    "other": "#a29e95",
    "gain": "#2b8aa3",
    "loss": "#cf6a2c",
}
"""Role: its light colour. A picture in the page takes the page's own, so it follows dark and print."""

FONT = "Liberation Sans, Helvetica, Arial, sans-serif"
"""On paper; the first comes with the drawing library."""
SCALE = 3.125
"""Pixels of a PNG for one of the picture: 300 to the inch, as journals ask."""


def altair() -> Any:
    """
    Raises:
        MissingExtra: altair or vl-convert-python is not installed.
    """
    try:
        import altair as alt
        import vl_convert  # noqa: F401  (draws what Altair describes)
    except ImportError as error:
        raise MissingExtra(error.name or "altair", "report") from None
    return alt


@contextmanager
def unchecked() -> Iterator[None]:
    """Without Altair's check of every part against its schema, which takes most of its time; the tests
    draw the same charts with it."""
    altair()
    from altair.utils.schemapi import debug_mode

    with debug_mode(False):
        yield


def page_svg(chart: Any) -> str:
    """For the page: colours by role, hidden from screen readers (a table beside it has the numbers). The
    font stays, since the room for labels was measured in it."""
    svg = drawn(chart)
    for role, color in THEME.items():
        svg = svg.replace(f'"{color}"', f'"var(--{role}, {color})"')
    svg = re.sub(r' (?:aria-[a-z]+|role)="[^"]*"', "", svg)
    return svg.replace("<svg ", '<svg aria-hidden="true" ', 1)


def png(svg: str) -> bytes:
    import vl_convert

    found: bytes = vl_convert.svg_to_png(svg, scale=SCALE)
    return found


def drawn(chart: Any) -> str:
    """The chart as SVG, on no background. The same chart is drawn once: the page and the files share it."""
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
        chart.configure(background="transparent", font=FONT, padding=4)
        .configure_view(stroke=None)
        .configure_axis(**axis)
        .configure_axisY(tables=False, labelColor=THEME["ink"])
    )
    return _drawn(json.dumps(dressed.to_dict(validate=False), sort_keys=True))


@functools.lru_cache(maxsize=256)
def _drawn(spec: str) -> str:
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(spec)
    return svg
