"""Findings as the page's template wants them: rows, marks and shades, no markup."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from crosstune.analysis import Findings, Gain, TaskKey
from crosstune.report._words import (
    TIMES,
    bounds,
    language_title,
    p_value,
    percent,
    points,
    task_title,
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
    several = len({task_key.benchmark for task_key in findings.task_keys}) > 1
    groups = itertools.groupby(
        findings.task_keys, key=lambda task_key: (task_key.benchmark, task_key.language)
    )
    return [
        Heading(
            language_title(language),
            benchmark if several else "",
            tuple(task_key.task for task_key in task_keys),
        )
        for (benchmark, language), task_keys in groups
    ]


def transfer_rows(findings: Findings) -> list[HeatRow]:
    """pass@1 and gain over the baseline, a row a model."""
    scale = _scale(findings.gains)
    return [
        HeatRow(
            model,
            _role(findings, model),
            tuple(_rate(findings, model, task_key, scale) for task_key in findings.task_keys),
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
                _difference(findings, pairs[model, task_key], scale) if (model, task_key) in pairs else None
                for task_key in findings.task_keys
            ),
        )
        for model in dict.fromkeys(model for model, _ in pairs)
    ]


def _scale(gains: Mapping[tuple[str, TaskKey], Gain]) -> float:
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


def _rate(findings: Findings, model: str, task_key: TaskKey, scale: float) -> Mark | None:
    rate = findings.rates.get((model, task_key))
    if rate is None:
        return None
    gain = findings.gains.get((model, task_key))
    about = f"{model}, {task_title(task_key, findings)}: {percent(rate.value)} %"
    about += f" {bounds(100 * rate.low, 100 * rate.high)}"
    if gain:
        about += f", gain {points(gain.value)} points {bounds(gain.low, gain.high)}, {_certainty(gain)}"
    return Mark(
        main=percent(rate.value),
        sub=points(gain.value) + gain.stars if gain else "",
        title=about,
        shade=gain.value / scale if gain else 0.0,
        trained=findings.trained(model, task_key),
        sure=gain.beyond if gain else True,
        link=link(model, task_key),
    )


def _difference(findings: Findings, gain: Gain, scale: float) -> Mark:
    return Mark(
        main=points(gain.value) + gain.stars,
        sub=bounds(gain.low, gain.high),
        title=f"{gain.model} against {gain.against}, {task_title(gain.task_key, findings)}: {_certainty(gain)}",
        shade=max(-1.0, min(1.0, gain.value / scale)),
        trained=findings.trained(gain.model, gain.task_key),
        sure=gain.beyond,
    )


def _certainty(gain: Gain) -> str:
    if gain.significant:
        return "beyond the interval, also after correction"
    return "beyond the interval" if gain.beyond else "not told apart from 0"


def link(model: str, task_key: TaskKey) -> str:
    """To the answers of one model on one cell, further down the page."""
    return "#completions?" + urlencode({"model": model, **task_key._asdict()})


@dataclass(frozen=True)
class Line:
    """One row of the sortable table; numbers beside their texts so that they sort."""

    model: str
    task_key: str
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
    order = itertools.product(findings.models, findings.task_keys)
    return [_line(findings, findings.gains[key]) for key in order if key in findings.gains]


def _line(findings: Findings, gain: Gain) -> Line:
    rate = findings.rates[gain.model, gain.task_key]
    return Line(
        model=gain.model,
        task_key=task_title(gain.task_key, findings),
        trained=findings.trained(gain.model, gain.task_key),
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
            task_title(task_key, findings),
            [
                (model, parts({str(k): n for k, n in counts.items()}, SHADES))
                for model in findings.models
                if (counts := findings.failures.get((model, task_key)))
            ],
        )
        for task_key in findings.task_keys
    ]
