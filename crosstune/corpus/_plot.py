"""Plot the lengths of a corpus's rows.

It is written as SVG here: loading a plotting library would take longer than mining a small repository.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

from crosstune.errors import MissingExtra
from crosstune.records import Example

MOST_LANGUAGES = 12
OTHERS = "others"
COLOURS = (
    *("#4c78a8", "#f58518", "#54a24b", "#e45756", "#72b7b2", "#eeca3b", "#b279a2", "#ff9da6", "#9d755d"),
    *("#bab0ac", "#79706e", "#d67195", "#88d27a"),
)
"""One for each language and the others; neighbours can be told apart without colour vision."""
WIDTH, HEIGHT, GAP, LEFT, TOP, BOTTOM, LEGEND = 320, 200, 60, 60, 26, 42, 150
PARTS = ("prompt", "completion")
STEPS = (1, 2, 5)

Bar = tuple[str, int, int, int]
"""The language, the power of two of the lengths, and the rows below and up to the bar's top."""


class Lengths:
    """Rows by text, language and power of two of their lengths, of examples that pass by."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[tuple[str, int]]] = {part: Counter() for part in PARTS}
        self._languages: Counter[str] = Counter()

    def add(self, example: Example) -> None:
        name = example.language or "(prose)"
        self._languages[name] += 1
        for part, text in (("prompt", example.prompt), ("completion", example.completion)):
            self._counts[part][name, max(1, len(text)).bit_length() - 1] += 1

    def counts(self) -> dict[str, Counter[tuple[str, int]]]:
        """Rare languages form one group."""
        named = {name for name, _ in self._languages.most_common(MOST_LANGUAGES)}
        merged: dict[str, Counter[tuple[str, int]]] = {part: Counter() for part in PARTS}
        for part, own in self._counts.items():
            for (name, power), rows in own.items():
                merged[part][name if name in named else OTHERS, power] += rows
        return merged


def draw(lengths: Lengths, path: Path) -> None:
    """Write ``path``.svg and ``path``.png: histograms of prompt and completion lengths, by powers of two.

    Raises:
        MissingExtra: vl-convert is not installed.
    """
    try:
        import vl_convert
    except ImportError:
        raise MissingExtra("vl-convert-python", "report") from None
    svg = _picture(lengths.counts())
    path.with_suffix(".svg").write_text(svg, "utf-8")
    path.with_suffix(".png").write_bytes(vl_convert.svg_to_png(svg, scale=2))


def _picture(counts: Mapping[str, Counter[tuple[str, int]]]) -> str:
    names = sorted({name for own in counts.values() for name, _ in own})
    powers = [power for own in counts.values() for _, power in own]
    first, last = min(powers), max(powers) + 1
    most = max(sum(own[name, power] for name in names) for own in counts.values() for power in set(powers))
    colours = dict(zip(names, COLOURS, strict=False))
    width, height = LEFT + 2 * WIDTH + GAP + LEGEND, TOP + HEIGHT + BOTTOM
    parts = [f'<rect width="{width}" height="{height}" fill="white"/>']
    for number, part in enumerate(PARTS):
        bars = list(_stacked(counts[part], names))
        frame = "".join(_panel(part, bars, colours, (first, last), most))
        parts.append(f'<g transform="translate({LEFT + number * (WIDTH + GAP)} {TOP})">{frame}</g>')
    parts += [_legend(number, name, colours[name]) for number, name in enumerate(names)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11">{"".join(parts)}</svg>\n'
    )


def _stacked(counts: Counter[tuple[str, int]], names: Sequence[str]) -> Iterator[Bar]:
    tops: Counter[int] = Counter()
    for name in names:
        for power in sorted(power for own, power in counts if own == name):
            below = tops[power]
            tops[power] += counts[name, power]
            yield name, power, below, tops[power]


def _panel(
    title: str, bars: Sequence[Bar], colours: Mapping[str, str], powers: tuple[int, int], most: int
) -> Iterator[str]:
    first, last = powers
    column, scale = WIDTH / (last - first), HEIGHT / most
    yield f'<text x="{WIDTH / 2}" y="-10" text-anchor="middle" font-weight="bold">{title}</text>'
    for name, power, below, above in bars:
        x, y = (power - first) * column, HEIGHT - above * scale
        size = f'width="{column:.2f}" height="{(above - below) * scale:.2f}"'
        style = f'fill="{colours[name]}" stroke="white" stroke-width="0.5"'
        yield f'<rect x="{x:.2f}" y="{y:.2f}" {size} {style}/>'
    yield f'<path d="M0 0V{HEIGHT}H{WIDTH}" fill="none" stroke="#888"/>'
    for power in range(first, last + 1, 1 + (last - first) // 6):
        x = (power - first) * column
        yield f'<text x="{x:.2f}" y="{HEIGHT + 16}" text-anchor="middle">{2**power:,}</text>'
    for rows in _ticks(most):
        yield f'<text x="-6" y="{HEIGHT - rows * scale + 4:.2f}" text-anchor="end">{rows:,}</text>'
    yield f'<text x="{WIDTH / 2}" y="{HEIGHT + 34}" text-anchor="middle">characters</text>'
    yield f'<text transform="translate(-44 {HEIGHT / 2}) rotate(-90)" text-anchor="middle">rows</text>'


def _ticks(most: int) -> range:
    """About five round numbers from 0 to ``most``."""
    sizes = (step * 10**power for power in range(12) for step in STEPS)
    step = next(size for size in sizes if most / size <= 5)
    return range(0, most + 1, step)


def _legend(number: int, name: str, colour: str) -> str:
    x, y = LEFT + 2 * WIDTH + GAP + 24, TOP + 4 + 16 * number
    text = f'<text x="{x + 16}" y="{y + 9}">{escape(name)}</text>'
    return f'<rect x="{x}" y="{y}" width="10" height="10" fill="{colour}"/>{text}'
