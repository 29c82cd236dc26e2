"""Draw a chart as SVG and PNG: with the page's own colours, or with fixed ones for paper."""

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
"""Role: its light colour. On the page, pictures take the page's colours and so follow dark mode and print."""

FONT = "Liberation Sans, Helvetica, Arial, sans-serif"
"""The fonts of the figures; the first is part of the drawing library."""
SCALE = 3.125
"""PNG pixels per pixel of the picture: 300 dots per inch, as journals require."""


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
    """Skip Altair's schema validation, which takes most of its time; the tests run with it."""
    altair()
    from altair.utils.schemapi import debug_mode

    with debug_mode(False):
        yield


def page_svg(chart: Any) -> str:
    """The chart for the page: colours by role, hidden from screen readers (a table has the same numbers). The
    font stays, since the space for labels was measured in it."""
    svg = drawn(chart)
    for role, color in THEME.items():
        svg = svg.replace(f'"{color}"', f'"var(--{role}, {color})"')
    svg = re.sub(r' (?:aria-[a-z]+|role)="[^"]*"', "", svg)
    return svg.replace("<svg ", '<svg aria-hidden="true" ', 1)


def png(svg: str) -> bytes:
    import vl_convert

    image: bytes = vl_convert.svg_to_png(svg, scale=SCALE)
    return image


def drawn(chart: Any) -> str:
    """The chart as SVG without a background. Cached: the page and the files share most charts."""
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
    styled = (
        chart.configure(background="transparent", font=FONT, padding=4)
        .configure_view(stroke=None)
        .configure_axis(**axis)
        .configure_axisY(grid=False, labelColor=THEME["ink"])
    )
    return _drawn(json.dumps(styled.to_dict(validate=False), sort_keys=True))


@functools.lru_cache(maxsize=256)
def _drawn(spec: str) -> str:
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(spec)
    return svg
