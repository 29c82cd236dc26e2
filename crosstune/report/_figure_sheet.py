"""Arrange pictures on one white sheet with titles and a legend, for print."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from crosstune.report._draw import FONT, THEME

GAP, TITLE, LEGEND = 20.0, 20.0, 26.0
"""Pixels between pictures, for a title, and for the legend at the bottom."""
LETTER = 5.9
"""Mean width of a letter of the legend."""

_SIZE = re.compile(r'width="([0-9.]+)" height="([0-9.]+)"')


@dataclass(frozen=True)
class FigureSheet:
    """``pictures``: (title, SVG), ``across`` in a row. ``legend``: (what, its colour)."""

    pictures: Sequence[tuple[str, str]]
    across: int = 1
    legend: Sequence[tuple[str, str]] = ()

    def svg(self) -> str:
        rows = [self.pictures[at : at + self.across] for at in range(0, len(self.pictures), self.across)]
        widths = [max(_size(row[at][1])[0] for row in rows if at < len(row)) for at in range(len(rows[0]))]
        parts, y, right = [], 0.0, sum(widths) + GAP * (len(widths) - 1)
        for row in rows:
            above = TITLE if any(title for title, _ in row) else 0.0
            height = max(_size(svg)[1] for _, svg in row)
            for at, (title, svg) in enumerate(row):
                x = sum(widths[:at]) + GAP * at
                parts += [_text(title, x + 4, y + 14, bold=True)] if title else []
                top = y + above + height - _size(svg)[1]  # aligns the axes at the bottom
                parts.append(svg.replace("<svg ", f'<svg x="{x:g}" y="{top:g}" ', 1))
            y += above + height + (GAP if row is not rows[-1] else 0)
        x = 8.0
        for what, color in self.legend:
            parts.append(f'<rect x="{x:g}" y="{y + 9:g}" width="11" height="11" fill="{color}"/>')
            parts.append(_text(what, x + 16, y + 18.5))
            x += 34 + LETTER * len(what)
        return _sheet("".join(parts), max(right, x if self.legend else 0), y + (LEGEND if self.legend else 0))


def _size(svg: str) -> tuple[float, float]:
    size = _SIZE.search(svg)
    assert size
    return float(size[1]), float(size[2])


def _text(text: str, x: float, y: float, *, bold: bool = False) -> str:
    look = 'font-size="12" font-weight="bold"' if bold else 'font-size="11"'
    ink = THEME["ink"]
    return f'<text x="{x:g}" y="{y:g}" font-family="{FONT}" {look} fill="{ink}">{escape(text)}</text>'


def _sheet(content: str, width: float, height: float) -> str:
    frame = f'width="{width:g}" height="{height:g}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {frame} '
        f'viewBox="0 0 {width:g} {height:g}"><rect {frame} fill="#ffffff"/>{content}</svg>\n'
    )
