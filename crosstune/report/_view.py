"""Findings as the page's template wants them: rows, marks and shades, no markup."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from crosstune.analysis import Cell, Findings, Gain
from crosstune.report._words import (
    TIMES,
    bounds,
    cell_title,
    language_title,
    p_value,
    percent,
    points,
)

SHADES = {
    "passed": "accent",
    "wrong_answer": "second",
    "compile_error": "third",
    "runtime_error": "fourth",
    "timeout": "fifth",
}
"""The page's colours of the commonest verdicts; all others share one."""


@dataclass(frozen=True)
class Mark:
    """One coloured cell: ``main`` over ``sub``; ``shade`` runs from -1 (loss) to 1 (gain)."""

    main: str
    sub: str
    title: str
    shade: float = 0.0
    trained: bool = False
    sure: bool = False
    link: str = ""


@dataclass(frozen=True)
class HeatRow:
    name: str
    note: str
    marks: tuple[Mark | None, ...]


@dataclass(frozen=True)
class Heading:
    """Columns that stand together: one language (of one benchmark), its tasks below."""

    language: str
    benchmark: str
    tasks: tuple[str, ...]


def headings(findings: Findings) -> list[Heading]:
    several = len({cell.benchmark for cell in findings.cells}) > 1
    groups = itertools.groupby(findings.cells, key=lambda cell: (cell.benchmark, cell.language))
    return [
        Heading(language_title(language), benchmark if several else "", tuple(cell.task for cell in cells))
        for (benchmark, language), cells in groups
    ]


def transfer_rows(findings: Findings) -> list[HeatRow]:
    """pass@1 and gain over the baseline, a row a model."""
    scale = _scale(findings.gains)
    return [
        HeatRow(
            model,
            _role(findings, model),
            tuple(_rate(findings, model, cell, scale) for cell in findings.cells),
        )
        for model in findings.models
    ]


def control_rows(findings: Findings) -> list[HeatRow]:
    """The difference to the control, a row a model; empty without a control."""
    pairs = findings.against_control
    scale = _scale(findings.gains)
    return [
        HeatRow(
            model,
            "",
            tuple(
                _difference(findings, pairs[model, cell], scale) if (model, cell) in pairs else None
                for cell in findings.cells
            ),
        )
        for model in dict.fromkeys(model for model, _ in pairs)
    ]


def _scale(gains: Mapping[tuple[str, Cell], Gain]) -> float:
    return largest_gain(gains.values()) or 1.0


def largest_gain(gains: Iterable[Gain]) -> float:
    return max((abs(gain.value) for gain in gains), default=0.0)


def reach(gains: Iterable[Gain]) -> int:
    """The end of the scale that all intervals fit on, in points."""
    furthest = max((abs(end) for gain in gains for end in (gain.low, gain.high)), default=0.0)
    return next(end for end in (10, 25, 50, 100) if furthest <= end or end == 100)


def _role(findings: Findings, model: str) -> str:
    role = {findings.run.baseline: "baseline", findings.run.control: "control"}.get(model, "")
    return "" if role == model else role


def _rate(findings: Findings, model: str, cell: Cell, scale: float) -> Mark | None:
    rate = findings.rates.get((model, cell))
    if rate is None:
        return None
    gain = findings.gains.get((model, cell))
    about = f"{model}, {cell_title(cell, findings)}: {percent(rate.value)} %"
    about += f" {bounds(100 * rate.low, 100 * rate.high)}"
    if gain:
        about += f", gain {points(gain.value)} points {bounds(gain.low, gain.high)}, {_certainty(gain)}"
    return Mark(
        main=percent(rate.value),
        sub=points(gain.value) + gain.stars if gain else "",
        title=about,
        shade=gain.value / scale if gain else 0.0,
        trained=findings.trained(model, cell),
        sure=gain.beyond if gain else True,
        link=link(model, cell),
    )


def _difference(findings: Findings, gain: Gain, scale: float) -> Mark:
    return Mark(
        main=points(gain.value) + gain.stars,
        sub=bounds(gain.low, gain.high),
        title=f"{gain.model} against {gain.against}, {cell_title(gain.cell, findings)}: {_certainty(gain)}",
        shade=max(-1.0, min(1.0, gain.value / scale)),
        trained=findings.trained(gain.model, gain.cell),
        sure=gain.beyond,
    )


def _certainty(gain: Gain) -> str:
    if gain.significant:
        return "beyond the interval, also after correction"
    return "beyond the interval" if gain.beyond else "not told apart from 0"


def link(model: str, cell: Cell) -> str:
    """To the answers of one model on one cell, further down the page."""
    return "#completions?" + urlencode({"model": model, **cell._asdict()})


@dataclass(frozen=True)
class Line:
    """One row of the sortable table; numbers beside their texts so that they sort."""

    model: str
    cell: str
    trained: bool
    rate: float
    rate_text: str
    rate_bounds: str
    gain: Gain
    gain_text: str
    gain_bounds: str
    p: str
    p_holm: str
    basis: str
    """Of the gain's interval."""


def lines(findings: Findings) -> list[Line]:
    order = itertools.product(findings.models, findings.cells)
    return [_line(findings, findings.gains[key]) for key in order if key in findings.gains]


def _line(findings: Findings, gain: Gain) -> Line:
    rate = findings.rates[gain.model, gain.cell]
    return Line(
        model=gain.model,
        cell=cell_title(gain.cell, findings),
        trained=findings.trained(gain.model, gain.cell),
        rate=rate.value,
        rate_text=percent(rate.value),
        rate_bounds=bounds(100 * rate.low, 100 * rate.high),
        gain=gain,
        gain_text=points(gain.value) + gain.stars,
        gain_bounds=bounds(gain.low, gain.high),
        p=p_value(gain.p),
        p_holm=p_value(gain.p_holm),
        basis=f"{gain.problems:,} {TIMES} {gain.seeds}",
    )


@dataclass(frozen=True)
class Part:
    """A piece of a bar; ``share`` of 1."""

    name: str
    n: int
    share: float
    shade: str


def parts(counts: Mapping[str, int], shades: Mapping[str, str]) -> list[Part]:
    total = sum(counts.values()) or 1
    return [Part(name, n, n / total, shades.get(name, "other")) for name, n in counts.items() if n]


def failures(findings: Findings) -> list[tuple[str, list[tuple[str, list[Part]]]]]:
    """Per cell, per model: what became of its programs."""
    return [
        (
            cell_title(cell, findings),
            [
                (model, parts({str(k): n for k, n in counts.items()}, SHADES))
                for model in findings.models
                if (counts := findings.failures.get((model, cell)))
            ],
        )
        for cell in findings.cells
    ]
