"""Plot the lengths of a corpus's rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from crosstune.errors import MissingExtra
from crosstune.records import Example

MOST_LANGUAGES = 12


def draw(examples: Iterable[Example], path: Path) -> None:
    """Write ``path``.svg and ``path``.png: histograms of prompt and completion lengths, by powers of two.

    Raises:
        MissingExtra: altair or vl-convert is not installed.
    """
    try:
        import altair as alt
        import vl_convert
    except ImportError:
        raise MissingExtra("altair", "report") from None
    chart = _chart(alt, _count(examples))
    spec = chart.to_json()
    path.with_suffix(".svg").write_text(vl_convert.vegalite_to_svg(spec), "utf-8")
    path.with_suffix(".png").write_bytes(vl_convert.vegalite_to_png(spec, scale=2))


def _count(examples: Iterable[Example]) -> list[dict[str, Any]]:
    """Count rows by text, language and power of two; rare languages form one group."""
    counts: Counter[tuple[str, str, int]] = Counter()
    languages: Counter[str] = Counter()
    for each in examples:
        name = each.language or "(prose)"
        languages[name] += 1
        for part in ("prompt", "completion"):
            counts[part, name, max(1, len(getattr(each, part))).bit_length() - 1] += 1
    named = {name for name, _ in languages.most_common(MOST_LANGUAGES)}
    merged: Counter[tuple[str, str, int]] = Counter()
    for (part, name, power), rows in counts.items():
        merged[part, name if name in named else "others", power] += rows
    return list(_stacked(merged))


def _stacked(counts: Counter[tuple[str, str, int]]) -> Iterator[dict[str, Any]]:
    """Stack the bars here: altair does not stack bars with both ends given on both axes."""
    tops: Counter[tuple[str, int]] = Counter()
    for (part, name, power), rows in sorted(counts.items()):
        below = tops[part, power]
        tops[part, power] += rows
        yield {
            "text": part,
            "language": name,
            "from": 2**power,
            "to": 2 ** (power + 1),
            "below": below,
            "above": below + rows,
        }


def _chart(altair: Any, rows: list[dict[str, Any]]) -> Any:
    scale = altair.Scale(type="log", base=2, nice=False)
    axis = altair.Axis(format=",", values=[4**power for power in range(16)], grid=False, labelOverlap=True)
    return (
        altair.Chart(altair.Data(values=rows))
        .mark_rect(stroke="white", strokeWidth=0.5)
        .encode(
            x=altair.X("from:Q", scale=scale, axis=axis, title="characters"),
            x2="to:Q",
            y=altair.Y("below:Q", title="rows"),
            y2="above:Q",
            color=altair.Color("language:N", title="language", scale=altair.Scale(scheme="tableau20")),
        )
        .properties(width=320, height=200)
        .facet(column=altair.Facet("text:N", title=None, sort=["prompt", "completion"]))
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=11, titleFontSize=11)
    )
