"""One number against another, as the page's template wants it: lines of sortable tables."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from crosstune.analysis import Findings, Rate, published_comparisons
from crosstune.report._words import bounds, percent, points, task_title

NONE = "\u2013"
LEAST = (-1000.0, NONE)
"""What is not there sorts below everything."""


@dataclass(frozen=True)
class Pair:
    """A row of a sortable table: one model against another, or with and without some problems."""

    model: str
    other: str
    task_key: str
    value: float
    text: str
    bounds: str
    sure: bool
    note: str


def mixed(findings: Findings) -> list[Pair]:
    return [
        Pair(
            model=one.gain.model,
            other=one.gain.against,
            task_key=task_title(one.gain.task_key, findings),
            value=one.gain.value,
            text=points(one.gain.value) + one.gain.stars,
            bounds=bounds(one.gain.low, one.gain.high),
            sure=one.gain.beyond,
            note=("equal" if one.equal_size else f"{one.rows:,} and {one.against_rows:,} rows")
            if one.rows and one.against_rows
            else "not known",
        )
        for one in findings.mixed
    ]


@dataclass(frozen=True)
class FlaggedLine:
    """``without`` is empty where every problem was found."""

    model: str
    task_key: str
    flagged: int
    rate: float
    with_them: str
    without: str
    change: float
    change_text: str


def flagged(findings: Findings) -> list[FlaggedLine]:
    """Only of models and cells where some problem was found."""
    return [
        FlaggedLine(
            model=one.model,
            task_key=task_title(one.task_key, findings),
            flagged=one.flagged,
            rate=100 * one.with_them.value,
            with_them=_rate(one.with_them),
            without=_rate(one.without) if one.without else "",
            change=100 * (one.without.value - one.with_them.value) if one.without else 0.0,
            change_text=points(100 * (one.without.value - one.with_them.value)) if one.without else NONE,
        )
        for one in findings.flagged.values()
        if one.flagged
    ]


def unmeasured(findings: Findings) -> list[str]:
    """Models of which it is not known what their corpora held."""
    known = {model for model, _ in findings.flagged}
    return [model for model in findings.models if model not in known]


@dataclass(frozen=True)
class Unsolved:
    """``sides``: what no program passed, then what every program did; (link to the list, names)."""

    task_key: str
    problems: int
    sides: tuple[tuple[str, tuple[str, ...]], ...]


def unsolved(findings: Findings) -> list[Unsolved]:
    return [
        Unsolved(
            task_title(task_key, findings),
            len(table.problems),
            tuple(
                ("#problems?" + urlencode({"cell": "/".join(task_key), "kind": kind}), names)
                for kind, names in (("nobody", table.nobody), ("everybody", table.everybody))
            ),
        )
        for task_key in findings.task_keys
        if (table := findings.problems.get(task_key))
    ]


@dataclass(frozen=True)
class Published:
    """A rate and a gain of the study beside what a paper says of the model that plays the same part."""

    paper: str
    model: str
    theirs: str
    task_key: str
    numbers: tuple[tuple[float, str], ...]
    """(value to sort by, text): the rate, theirs, the gain, theirs"""


PAPERS = {"codem": "CodeM", "octopack": "OctoPack"}


def published(findings: Findings) -> list[Published]:
    return [
        Published(
            paper=PAPERS.get(one.paper, one.paper),
            model=one.model,
            theirs=one.published_model,
            task_key=task_title(one.task_key, findings),
            numbers=(
                (one.rate.value, _rate(one.rate)),
                (one.published, percent(one.published)),
                (one.gain.value, points(one.gain.value) + one.gain.stars) if one.gain else LEAST,
                LEAST if one.published_gain is None else (one.published_gain, points(one.published_gain)),
            ),
        )
        for one in published_comparisons(findings)
    ]


def _rate(rate: Rate) -> str:
    return f"{percent(rate.value)} {bounds(100 * rate.low, 100 * rate.high)}"
