"""Counts as bars of coloured shares: verdicts of programs, and what a corpus consists of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crosstune.analysis import Findings
from crosstune.records import Status
from crosstune.report._words import task_title

SHADES = {
    "passed": "accent",
    "wrong_answer": "second",
    "compile_error": "third",
    "runtime_error": "fourth",
    "timeout": "fifth",
}
"""The page's colours of the most common statuses; all others share one."""


@dataclass(frozen=True)
class Share:
    """A piece of a bar: ``n`` items of one kind, which are ``share`` (a fraction of 1) of all."""

    name: str
    n: int
    share: float
    shade: str


def shares(counts: Mapping[str, int], shades: Mapping[str, str]) -> list[Share]:
    total = sum(counts.values()) or 1
    return [Share(name, n, n / total, shades.get(name, "other")) for name, n in counts.items() if n]


def verdict_bars(findings: Findings) -> list[tuple[str, list[tuple[str, list[Share]]]]]:
    """(task, its models with the statuses of their programs) for each task."""
    return [
        (
            task_title(task_key, findings),
            [
                (model, shares({str(status): n for status, n in counts.items()}, SHADES))
                for model in findings.models
                if (counts := findings.failures.get((model, task_key)))
            ],
        )
        for task_key in findings.task_keys
    ]


def status_totals(findings: Findings) -> list[tuple[str, int]]:
    """The statuses that some program has, with their number."""
    totals = {
        status: sum(counts.get(status, 0) for counts in findings.failures.values()) for status in Status
    }
    return [(str(status), n) for status, n in totals.items() if n]
